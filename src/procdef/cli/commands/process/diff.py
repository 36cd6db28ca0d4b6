"""``procdef diff``."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from procdef.changes.comparison import Comparison
    from procdef.changes.worded import Change
    from procdef.decide.under_new_version import Item
    from procdef.decide.what_clashes import Clash
    from procdef.model import ProcessDefinition
    from procdef.reports.changed_deals import ChangedDeal, Tally

    Versions = tuple[ProcessDefinition, ProcessDefinition]


@click.command("diff")
@click.argument("old", metavar="A", type=click.Path())
@click.argument("new", metavar="B", type=click.Path())
@click.option("--deals/--no-deals", default=True, help="Whether to say what it means for the deals of A.")
@shared("text", "json", "markdown")
def command(old: str, new: str, deals: bool) -> None:
    """What changes from A to B, two versions of a process, and what that means for sellers and for the deals under way.

    A and B are files, published versions (`id@version`) or the ids of shipped processes. Where A is published in the
    database, each of its deals that is neither lost nor finished is held against B; nothing is written. Exit 1 where one
    of them needs an answer.
    """
    from procdef.changes.comparison import compared
    from procdef.changes.worded import worded

    now = settings()
    versions = _versions(old, new, now)
    found = compared(*versions)
    changes = worded(found, *versions, now.lang)
    if not now.json:
        _show_changes(now, versions, changes, found)
    else:
        for change in changes:
            echo(json.dumps({"kind": "change", **asdict(change)}, ensure_ascii=False))
    tally = _deals(now, versions, found) if deals else None
    if now.json:
        echo(json.dumps(_summary(versions, changes, found, tally), ensure_ascii=False))
    if tally is not None and tally.groups["answers"]:
        raise click.exceptions.Exit(1)


def _versions(old: str, new: str, now: Settings) -> Versions:
    """Both definitions. Raises ``click.UsageError`` where they are of two processes, ``DefinitionInvalid`` for errors."""
    from procdef.cli.named_process import named_process

    before, after = (named_process(name, now).definition() for name in (old, new))
    if before.id != after.id:
        raise click.UsageError(
            f'A is a version of the process "{before.id}" and B of "{after.id}"; compare two versions of one process'
        )
    now.understood([*before.languages, *after.languages])
    if before.version == after.version and before.sha256 != after.sha256 and not now.quiet:
        now.show(f"both are version {after.version}: raise the version of B before you publish it", err=True)
    elif before.version > after.version and not now.quiet:
        now.show(f"A is the later version ({before.version}); this is the way back from it to {after.version}", err=True)
    return before, after


def _show_changes(now: Settings, versions: Versions, changes: list[Change], found: Comparison) -> None:
    from procdef.render.version_changes import changes_text
    from procdef.render.version_changes_markdown import changes_markdown

    if now.format == "markdown":
        echo(changes_markdown(*versions, changes, found.beside, now.lang))
    else:
        now.show(changes_text(*versions, changes, found.beside, now.lang, now.width))


def _deals(now: Settings, versions: Versions, found: Comparison) -> Tally | None:
    """Tell what it means for deals; ``None`` where there are none to look at."""
    from procdef.cli.progress import progress
    from procdef.engine import utc_now
    from procdef.reports.changed_deals import Tally, changed_deals, is_published

    store = _store(now)
    if store is None:
        return None
    with closing(store), store.transaction(write=False) as tx:
        if not is_published(tx, versions[0]):
            return None
        tally = Tally()
        with progress("deals", now, lambda: tally.deals) as bar:
            for deal in changed_deals(tx, *versions, found, utc_now(), tally):
                if now.json:
                    with bar.aside():
                        echo(json.dumps(_deal(deal), ensure_ascii=False))
    if not now.json:
        _show_deals(now, versions, tally)
    return tally


def _store(now: Settings) -> Any:
    """The database, or nothing where none was named and none is there. Raises ``StoreError``."""
    from procdef.errors import StoreError

    try:
        return now.store(read_only=True)
    except StoreError:
        if now.db != Settings().db or not now.lacks_database:
            raise
        return None


def _show_deals(now: Settings, versions: Versions, tally: Tally) -> None:
    from procdef.render.deals_in_change import DealWords
    from procdef.render.version_changes import deals_text
    from procdef.render.version_changes_markdown import deals_markdown

    if not tally.deals and not tally.elsewhere:
        return
    words = DealWords(*versions, now.lang)
    if now.format == "markdown":
        echo(deals_markdown(words, tally, *versions))
    else:
        now.show(deals_text(words, tally, *versions, now.width))


def _deal(found: ChangedDeal) -> dict[str, Any]:
    def items(these: Iterable[Item | Clash]) -> list[dict[str, str]]:
        return [each._asdict() for each in these]

    outlook = found.outlook
    return {
        "kind": "deal",
        **{name: getattr(found, name) for name in ("deal", "version", "stage", "outcome", "owner")},
        "as_it_is": outlook.as_it_is,
        "answers": items(outlook.answers),
        "new_work": items(outlook.new_work),
        "behind": items(outlook.behind),
        "overdue": outlook.overdue,
        "late": {each.action: each.due for each in outlook.late},
    }


def _summary(versions: Versions, changes: list[Change], found: Comparison, tally: Tally | None) -> dict[str, Any]:
    old, new = ({"id": each.id, "version": each.version, "sha256": each.sha256} for each in versions)
    return {
        "kind": "summary",
        "old": old,
        "new": new,
        "changes": len(changes),
        "beside": list(found.beside),
        "deals": None if tally is None else _counts(tally),
    }


def _counts(tally: Tally) -> dict[str, Any]:
    from procdef.reports.changed_deals import GROUPS

    return {
        "under_way": tally.deals,
        "as_it_is": tally.as_it_is,
        **{name: tally.groups[name] for name in GROUPS},
        "reasons": [
            {**reason._asdict(), "deals": found.deals}
            for reason, found in sorted(tally.reasons.items(), key=itemgetter(0))
        ],
        "of_other_versions": {str(version): deals for version, deals in sorted(tally.elsewhere.items())},
    }
