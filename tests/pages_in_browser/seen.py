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
_AXE = """async contrast => (await axe.run(document, {
    resultTypes: ["violations"], rules: {"color-contrast": {enabled: contrast}}
  })).violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => each.id + ": " + each.help + ": " + each.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | "))"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core calls serious or critical, of ``contrast`` too or not, and what makes the page wider than its window."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_AXE, contrast)
    return [*found, *wider(page)]


def wider(page: Page) -> list[str]:
    """What makes a page wider than its window, so that it has to be scrolled sideways."""
    found: list[str] = page.evaluate(_WIDER)
    return found
