"""``procdef audit definitions``."""

from __future__ import annotations

import click

from procdef.cli.settings import settings, shared
from procdef.cli.sheets import hand_over


@click.command("definitions")
@click.option("--diff", nargs=2, metavar="ID@A ID@B", help="What differs between two versions.")
@shared()
def definitions(diff: tuple[str, str] | None) -> None:
    """Every published version with when, by whom and its SHA-256; or what differs between two."""
    from procdef.engine.library import Library
    from procdef.render.published import difference_text, published_text
    from procdef.reports.differences import differences
    from procdef.reports.published import published, version_named
    from procdef.reports.sheet import Sheet

    now = settings()
    named = [version_named(text) for text in diff or ()]
    with now.store().transaction(write=False) as tx:
        sheet = Sheet(tx, "definitions", {"diff": list(diff)} if diff else {})
        if not named:
            hand_over(now, sheet, published(tx), published_text)
            return
        library = Library()
        old, new = (library.find(tx, *version).definition for version in named)
        hand_over(now, sheet, differences(old, new), lambda row: difference_text(row, now.width))
