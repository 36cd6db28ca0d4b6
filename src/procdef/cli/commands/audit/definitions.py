"""``procdef audit definitions``."""

from __future__ import annotations

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.global_options import settings, shared


@click.command("definitions")
@click.option("--diff", nargs=2, metavar="ID@A ID@B", help="What differs between two versions.")
@shared()
def definitions(diff: tuple[str, str] | None) -> None:
    """Every published version with when, by whom and its SHA-256; or what differs between two."""
    from procdef.audit.definition_differences import differences
    from procdef.audit.published_versions import published, version_named
    from procdef.engine.definition_cache import DefinitionCache
    from procdef.provenance import Provenance
    from procdef.render.published_versions import difference_text, published_text

    now = settings()
    named = [version_named(text) for text in diff or ()]
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "definitions", {"diff": list(diff)} if diff else {})
        if not named:
            hand_over(now, sheet, published(tx), published_text)
            return
        library = DefinitionCache()
        old, new = (library.find(tx, *version).definition for version in named)
        hand_over(now, sheet, differences(old, new), lambda row: difference_text(row, now.width))
