"""``procdef casefile``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import writing
from procdef.cli.commands.audit.export import spare_the_database
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.pages.casefile import Form, HandedOut

_FORMS: dict[str, Form] = {".html": "html", ".json": "json"}


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
    from procdef.audit.export.recorded_export import NOT_RECORDED
    from procdef.cli.typed_input import Meant
    from procdef.pages.casefile import hand_out
    from procdef.whole_file import beside, secured, settle, target

    now = settings()
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        raise click.UsageError(f"the name of a case file says what it is to be: {path.stem}.html or {path.stem}.json")
    place = target(path, "case file", force=force)
    spare_the_database(path, now)
    engine = now.engine()
    definition = engine.definition_of(engine.deal(deal))
    now.understood(definition.languages)
    end = Meant(definition).time(until, "--until")
    with beside(place) as part:  # neither the file nor its event is there without the other, unless the log is read-only

        def keep(content: bytes) -> None:
            part.write_bytes(content)
            secured(part)

        handed = hand_out(engine, deal, by=writing(now, engine), until=end, form=form, keep=keep)
        settle(part, place, force=force)
    event = handed.recorded
    recorded = NOT_RECORDED if event is None else {"stream": event.stream, "n": event.n, "hash": event.hash}
    _tell(now, handed, place.name, recorded)


def _tell(now: Settings, handed: HandedOut, name: str, recorded: dict[str, object] | str) -> None:
    """Say what was handed out, and which event tells of it."""
    found = handed.file
    if now.json:
        about = {
            "file": name, "as_of": found.as_of, "events": found.proof.events, "sha256": handed.sha256, "recorded": recorded,
        }  # fmt: skip
        echo(json.dumps(about | ({"simulated": True} if found.simulated else {}), ensure_ascii=False))
        return
    if found.simulated:
        from procdef.render.provenance import MADE_UP

        now.say(MADE_UP)
    now.say(f"the case file of {found.deal.name}, as of {found.as_of}, is in {name}; it holds personal values")
    now.say(f"SHA-256 {handed.sha256}")
    if isinstance(recorded, str):
        now.say("not recorded: the database is read-only, so the log does not tell of this")
    else:
        now.say(f"recorded as event {recorded['n']} of {recorded['stream']}")
