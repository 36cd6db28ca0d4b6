"""``procdef diff``."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from procdef.changes.comparison import Comparison
    from procdef.changes.new_names import NewNames
    from procdef.changes.worded import Change
    from procdef.decide.under_new_version import Item
    from procdef.decide.what_clashes import Clash
    from procdef.language.plans import Plan
    from procdef.model import ProcessDefinition
    from procdef.reports.changed_deals import ChangedDeal, Tally

    Versions = tuple[ProcessDefinition, ProcessDefinition]


@click.command("diff")
@click.argument("old", metavar="A", type=click.Path())
@click.argument("new", metavar="B", type=click.Path())
@click.option("--plan", type=click.Path(), metavar="FILE", help="What has another id in B, by a plan of `procdef migrate`.")
@click.option("--deals/--no-deals", default=True, help="Whether to say what it means for the deals of A.")
@shared("text", "json", "markdown")
def command(old: str, new: str, plan: str | None, deals: bool) -> None:
    """What changes from A to B, two versions of a process, and what that means for sellers and for the deals under way.

    A and B are files, published versions (`id@version`) or the ids of shipped processes. Where A is published in the
    database, each of its deals that is neither lost nor finished is held against B; nothing is written. Exit 1 where one
    of them needs an answer. With the plan by which deals would go over, what only has another id is told as such, and of each
    deal what it would come to by the plan.
    """
    from procdef.changes.comparison import compared
    from procdef.changes.new_names import under_new_names
    from procdef.changes.worded import worded

    now = settings()
    versions = _versions(old, new, now)
    meant = None if plan is None else _plan(plan, *versions)
    names = None if meant is None else _names(meant, *versions)
    found = compared(*versions, names)
    shown = versions if names is None else (under_new_names(versions[0], names), versions[1])
    changes = worded(found, *shown, now.lang, names)
    if not now.json:
        _show_changes(now, shown, changes, found)
    else:
        for change in changes:
            echo(json.dumps({"kind": "change", **asdict(change)}, ensure_ascii=False))
    tally = _deals(now, versions, meant) if deals else None
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


def _plan(file: str, old: ProcessDefinition, new: ProcessDefinition) -> Plan:
    """The plan in a file. Raises ``click.UsageError`` for what is none, or is not for A, ``DefinitionInvalid`` for faults."""
    from pathlib import Path

    from procdef.cli.wrong_kind import refuse_other_kind
    from procdef.language.file_kinds import PLAN
    from procdef.language.plans import Versions, load_plan, refuse_wrong

    refuse_other_kind(Path(file), file, PLAN)
    plan = load_plan(file)
    if plan.process == old.id and (old.version not in plan.versions or plan.to != new.version):
        versions = " and ".join(map(str, plan.versions))
        raise click.UsageError(
            f"the plan leads from version {versions} to {plan.to}, and this is from {old.version} to {new.version}"
        )
    refuse_wrong(replace(plan, versions=(old.version,)), Versions(old.id, (old.version, new.version), (old,), new))
    return plan


def _names(plan: Plan, old: ProcessDefinition, new: ProcessDefinition) -> NewNames:
    """What has another id by the plan; actions come along with their stages."""
    from procdef.changes.comparison import compared
    from procdef.changes.new_names import NewNames
    from procdef.decide.migration import Migration
    from procdef.engine.trial_migration import mapped

    actions = Migration(old, new, mapped(plan, new), compared(old, new)).actions
    return NewNames.of(old, new, plan.stages, plan.fields, actions)


def _show_changes(now: Settings, versions: Versions, changes: list[Change], found: Comparison) -> None:
    from procdef.render.version_changes import changes_text
    from procdef.render.version_changes_markdown import changes_markdown

    if now.format == "markdown":
        echo(changes_markdown(*versions, changes, found.beside, now.lang))
    else:
        now.show(changes_text(*versions, changes, found.beside, now.lang, now.width))


def _deals(now: Settings, versions: Versions, plan: Plan | None) -> Tally | None:
    """Tell what it means for deals; ``None`` where there are none to look at."""
    from procdef.changes.comparison import compared
    from procdef.cli.progress import progress
    from procdef.engine import utc_now
    from procdef.engine.trial_migration import mapped
    from procdef.reports.changed_deals import Tally, changed_deals, is_published

    store = _store(now)
    if store is None:
        return None
    with closing(store), store.transaction(write=False) as tx:
        if not is_published(tx, versions[0]):
            return None
        tally = Tally()
        with progress("deals", now, lambda: tally.deals) as bar:
            found, meant = compared(*versions), None if plan is None else mapped(plan, versions[1])
            for deal in changed_deals(tx, *versions, found, utc_now(), tally, meant):
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
        "as_it_is": found.as_it_is,
        "answers": items(outlook.answers),
        "new_work": items(outlook.new_work),
        "behind": items(outlook.behind),
        "overdue": outlook.overdue,
        "late": {each.action: each.due for each in outlook.late},
        "other_rows": [each.as_dict() for each in found.other_rows],
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
