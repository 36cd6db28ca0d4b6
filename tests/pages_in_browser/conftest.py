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
    from playwright.sync_api import Browser, Page

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


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page (its text, or the path of its file); at the end of the test it must have said nothing on the console and
    asked the network for nothing. Further arguments are those of Playwright's ``new_context``."""
    heard: list[str] = []
    contexts = []

    def open_page(shown: str | Path, **options: object) -> Page:
        file = shown if isinstance(shown, Path) else tmp_path / f"shown-{len(contexts)}.html"
        if isinstance(shown, str):
            file.write_text(shown, encoding="utf-8")
        address = file.resolve().as_uri()
        context = chromium.new_context(**{"reduced_motion": "reduce"} | options)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.on("console", lambda message: heard.append(f"console: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: heard.append(f"request: {request.url}") if request.url != address else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert heard == []


@pytest.fixture
def looked_at(opened: Callable[..., Page]) -> Callable[[str | Path], None]:
    """Looks at a page in light and dark, at 1280, 375 and 320 pixels, and as it is printed: axe-core finds nothing serious or
    critical, and nothing needs scrolling sideways. Contrast, which takes longest, is measured once in each colours."""
    from seen import faults

    def look(shown: str | Path) -> None:
        found = []
        for scheme in ("light", "dark"):
            page = opened(shown, color_scheme=scheme)
            for width in (1280, 375, 320):
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{scheme}, {width} px: {fault}" for fault in faults(page, contrast=width == 1280)]
        page = opened(shown, viewport={"width": 720, "height": 1000})
        page.emulate_media(media="print")
        found += [f"print: {fault}" for fault in faults(page)]
        assert found == []

    return look
