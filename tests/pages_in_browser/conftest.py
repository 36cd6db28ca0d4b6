"""Pages are looked at in Chromium, as people see them; without it the tests of this folder are skipped.

``PROCDEF_CHROMIUM`` names another one than the ``chromium`` of the search path. Playwright and axe-core are in the dependency
group ``browser``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    program = os.environ.get("PROCDEF_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield browser
        browser.close()


class Windows:
    """The windows of a browser, offline. Opening one takes longer than most of what is looked at in it, so a test gets one that
    another has done with. ``heard`` is what pages said on the console, or asked for that is not one of the ``expected``
    addresses."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[bool, list[Page]] = {True: [], False: []}
        self.expected: set[str] = set()
        self.heard: list[str] = []

    def take(self, scripts: bool, size: ViewportSize) -> Page:
        """A window of that size that shows nothing yet, in light colours."""
        page = self._free[scripts].pop() if self._free[scripts] else self._new(scripts)
        page.set_viewport_size(size)
        page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
        return page

    def give_back(self, scripts: bool, page: Page) -> None:
        page.goto("about:blank")
        self._free[scripts].append(page)

    def _new(self, scripts: bool) -> Page:
        page, hear = self._browser.new_context(java_script_enabled=scripts, offline=True).new_page(), self.heard.append
        page.on("console", lambda message: hear(f"console: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: hear(f"error: {error}"))
        page.on("dialog", lambda dialog: (hear(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: hear(f"request: {request.url}") if request.url not in self.expected else None)
        return page


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


@pytest.fixture
def opened(windows: Windows, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page (its text, or the path of its file); at the end of the test it must have said nothing on the console and
    asked the network for nothing. ``scripts`` tells whether any may run."""
    taken: list[tuple[bool, Page]] = []
    windows.expected.clear()
    windows.heard.clear()

    def open_page(shown: str | Path, *, scripts: bool = True, width: int = 1280, height: int = 720) -> Page:
        file = shown if isinstance(shown, Path) else tmp_path / f"shown-{len(taken)}.html"
        if isinstance(shown, str):
            file.write_text(shown, encoding="utf-8")
        page = windows.take(scripts, {"width": width, "height": height})
        taken.append((scripts, page))
        address = file.resolve().as_uri()
        windows.expected.add(address)
        page.goto(address)
        return page

    yield open_page
    for scripts, page in taken:
        windows.give_back(scripts, page)
    assert windows.heard == []


@pytest.fixture
def looked_at(opened: Callable[..., Page]) -> Callable[[str | Path], None]:
    """Looks at a page in light and dark, at 1280, 375 and 320 pixels, and as it is printed: axe-core finds nothing serious or
    critical, and nothing needs scrolling sideways. One page is opened for all, and each is asked only what can differ: the dark
    changes nothing but colours, and at 375 pixels what is shown is what is shown at 320, with more room."""
    from seen import faults, wider

    def look(shown: str | Path) -> None:
        page = opened(shown, width=1280, height=900)
        found = [f"light, 1280 px: {fault}" for fault in faults(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"dark, 1280 px: {fault}" for fault in faults(page, rest=False)]
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"dark, {width} px: {fault}" for fault in wider(page)]
        page.emulate_media(color_scheme="light")
        found += [f"light, 320 px: {fault}" for fault in faults(page, colours=False)]
        page.set_viewport_size({"width": 720, "height": 1000})
        page.emulate_media(media="print")
        found += [f"print: {fault}" for fault in faults(page)]
        assert found == []

    return look
