"""``procdef casefile``."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import writing
from procdef.cli.commands.audit.export import spare_the_database
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.errors import InvalidArgument

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.model import ProcessDefinition
    from procdef.reports.casefile import CaseFile
    from procdef.results.deal_view import DealView

_FORMS = (".html", ".json")


@click.command("casefile")
@click.argument("deal", shell_complete=complete_deal)
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), required=True, metavar="OUT.html|OUT.json",
    help="The file; its name says whether it is a page or JSON.",
)  # fmt: skip
@click.option("--until", metavar="TIME", help="As the deal stood then: a time, or the end of a day of the process's time zone.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@shared()
def command(deal: str, path: Path, until: str | None, force: bool) -> None:
    """Write all that is known of DEAL into one file, for the person who takes it over.

    It holds personal values. Named as the evidence of the step that hands the deal over, it has its hash in the log.
    """
    from procdef.engine.definition_cache import DefinitionCache
    from procdef.reports.casefile import casefile
    from procdef.whole_file import target

    now = settings()
    form = path.suffix.lower()
    if form not in _FORMS:
        raise click.UsageError(f"the name of a case file says what it is to be: {path.stem}.html or {path.stem}.json")
    place = target(path, "case file", force=force)
    spare_the_database(path, now)
    engine = now.engine()
    view = engine.deal(deal)
    definition = engine.definition_of(view)
    now.understood(definition.languages)
    as_of = _as_of(until, view, definition)
    with engine.store.transaction(write=False) as tx:
        found = casefile(tx, DefinitionCache(), view.stream, as_of, now.lang)
    _hand_out(now, engine, found, place, _written(found, definition, form), until is not None, force)


def _as_of(until: str | None, deal: DealView, definition: ProcessDefinition) -> str:
    """The log's text of the time that was asked for, else of now. Raises ``InvalidArgument`` for a time that is still to come:
    of that nothing can be told."""
    from procdef.cli.typed_input import Meant
    from procdef.engine import utc_now
    from procdef.engine.arguments import when
    from procdef.log.event import timestamp

    latest = max(timestamp(utc_now()), deal.at)  # whoever wrote the last event may have another clock
    if until is None:
        return latest
    try:
        end = datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), definition.calendar.zone)
    except (ValueError, OverflowError):
        asked = when(Meant(definition).time(until, "--until"), "--until") or latest
    else:
        asked = timestamp(end.astimezone(UTC) - timedelta(microseconds=1))
    if asked > latest:
        raise InvalidArgument(f"--until {until} is still to come; leave it out for how the deal stands now", "until")
    return asked


def _written(found: CaseFile, definition: ProcessDefinition, form: str) -> bytes:
    if form == ".json":
        return (json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n").encode()
    from procdef.pages.casefile import casefile_page

    return casefile_page(found, definition).encode()


def _hand_out(
    now: Settings, engine: Engine, found: CaseFile, place: Path, content: bytes, dated: bool, force: bool
) -> None:
    """Write the file and put on record that it left; neither is there without the other, unless the log is read-only."""
    from procdef.audit.export.recorded_export import NOT_RECORDED
    from procdef.whole_file import beside, secured, settle

    digest, events = hashlib.sha256(content).hexdigest(), found.proof.events
    scope = {"with_personal": True, "deals": [found.deal.stream], **({"to": found.as_of} if dated else {})}
    recorded: dict[str, object] | str = NOT_RECORDED
    with beside(place) as part:
        part.write_bytes(content)
        secured(part)
        if engine.store.writable:
            row = engine.exported("export casefile", scope, events, digest, by=writing(now, engine))
            recorded = {"stream": row.stream, "n": row.n, "hash": row.hash}
        settle(part, place, force=force)
    if now.json:
        about = {"file": str(place.name), "as_of": found.as_of, "events": events, "sha256": digest, "recorded": recorded}
        echo(json.dumps(about | ({"simulated": True} if found.simulated else {}), ensure_ascii=False))
        return
    if found.simulated:
        from procdef.render.provenance import MADE_UP

        now.say(MADE_UP)
    now.say(f"the case file of {found.deal.name}, as of {found.as_of}, is in {place.name}; it holds personal values")
    now.say(f"SHA-256 {digest}")
    if isinstance(recorded, str):
        now.say("not recorded: the database is read-only, so the log does not tell of this")
    else:
        now.say(f"recorded as event {recorded['n']} of {recorded['stream']}")
