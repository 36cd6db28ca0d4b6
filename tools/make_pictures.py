#!/usr/bin/env python3
"""Write the pictures of the README, docs/pictures: the process as SVG, the first screen of the demonstration's report as PNG.

python3 tools/make_pictures.py

Needs Playwright (the dependency group ``browser``) and a Chromium: that of the search path, or PROCDEF_CHROMIUM.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1240, "height": 900}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    run("diagram", str(ROOT / "processes" / "b2b-sales.yaml"), "-o", str(PICTURES / "b2b-sales.svg"), "--force")
    with TemporaryDirectory() as folder:
        run("demo", "--pages", folder)
        photograph(Path(folder) / "report.html", PICTURES / "report.png")


def run(*arguments: str) -> None:
    """A command of procdef, of this checkout."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "procdef", *arguments], check=True, env=surroundings, stdout=subprocess.DEVNULL)


def photograph(page: Path, picture: Path) -> None:
    """What a window shows of a page first."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("PROCDEF_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport=SIZE, color_scheme="light")
        shown.goto(page.resolve().as_uri())
        shown.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main()
