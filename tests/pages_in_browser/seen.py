"""What is wrong with a page as it stands in the browser."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WIDER = """() => {
  const room = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > room) {
    for (const each of document.body.querySelectorAll("*")) {
      if (each.getBoundingClientRect().right > room + 1 && (!each.closest(".wide") || matchMedia("print").matches))
        found.push(each.tagName + "." + each.getAttribute("class"));
    }
    found.unshift("the page is " + document.documentElement.scrollWidth + " px wide");
  }
  return found.slice(0, 8);
}"""
_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that ask for colours. The first takes longer than all others together."""
_AXE = """async options => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => each.id + ": " + each.help + ": " + each.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | "))"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, *, colours: bool = True, rest: bool = True) -> list[str]:
    """What axe-core calls serious or critical, by its rules for ``colours`` and by the ``rest`` of them, and what makes the
    page wider than its window."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    asked = {"rules": {rule: {"enabled": colours} for rule in _COLOURS}} if rest else {"runOnly": list(_COLOURS)}
    found: list[str] = page.evaluate(_AXE, asked)
    return [*found, *wider(page)]


def wider(page: Page) -> list[str]:
    """What makes a page wider than its window, so that it has to be scrolled sideways."""
    found: list[str] = page.evaluate(_WIDER)
    return found
