"""``procdef demo``."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import Settings, settings, shared

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from procdef.engine import Engine
    from procdef.model import ProcessDefinition
    from procdef.results.step_result import StepResult
    from procdef.store import InspectableStore

_WIDE = 90
"""Columns; on a narrower terminal an event takes two lines."""
_AT_ONCE = 25
"""Steps of a transaction; the clock has gone on to the last of them when the first is taken."""
_NEXT = (
    ("procdef new --from b2b-sales sales.yaml", "a process of your own to start from"),
    ("procdef check sales.yaml", "every mistake, with its line and the fix"),
    ("procdef publish sales.yaml", ""),
    ('procdef --as maija:seller start b2b-sales ACME-1 --stage prospecting company="Acme Oy"', ""),
    ("procdef status ACME-1", "what is next, what blocks, who can help"),
)


@click.command("demo")
@click.option(
    "--pages", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Where the pages to look at are written; a new temporary folder without it.",
)  # fmt: skip
@shared("text")
def command(pages: Path | None) -> None:
    """Check the shipped process, run hundreds of deals through it, verify their log, and write pages of what it tells.

    Nothing but the pages is kept, and none of them is opened.
    """
    from procdef.engine import Engine
    from procdef.language import load_source
    from procdef.resources import shipped
    from procdef.store import open_store

    now = settings()
    if pages is not None:
        _spare(pages)
    folder = shipped("processes")
    with TemporaryDirectory(prefix="procdef-demo-", ignore_cleanup_errors=True) as temporary:
        store = open_store(f"sqlite:///{Path(temporary) / 'demo.db'}?synchronous=NORMAL")
        try:
            definition = load_source((folder / "b2b-sales.yaml").read_bytes(), "b2b-sales.yaml")
            now.say(f"1. {definition.name}: checked, no error. {len(definition.stages)} stages:")
            _say(now, " -> ".join(str(stage.title) for stage in definition.stages.values()))
            clock = _Clock()
            engine = Engine(store, clock=clock)
            refused = _play(now, engine, definition, clock.steps(folder / "demo.steps.jsonl"))
            _show(now, engine, definition, refused)
            _verify(now, store)
            _write(now, engine, definition, clock(), pages)
        finally:
            store.close()
    _propose(now)


def _spare(folder: Path) -> None:
    """Nothing is played where a page would take the place of a file."""
    from procdef.cli.demo_pages import PAGES

    for place in (folder / name for name in PAGES):
        if os.path.lexists(place):
            raise click.UsageError(f"{place} is there already; name another folder, or remove it")


class _Clock:
    """Shows the time of the story, so that the log of the demonstration is as it would have been written."""

    def __init__(self) -> None:
        self._time = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self._time

    def steps(self, file: Traversable) -> Iterator[Mapping[str, Any]]:
        """The steps of the story; the clock goes to each as it comes."""
        with file.open("r", encoding="utf-8") as lines:
            for line in lines:
                step = json.loads(line)
                self._time = datetime.fromisoformat(step["happened"])
                yield step


def _say(now: Settings, text: str, lead: str = "   ") -> None:
    """Print a text that is wrapped where it is longer than the terminal is wide."""
    from procdef.render.text_layout import wrapped

    now.say("\n".join(wrapped(text, now.width, lead, " " * len(lead))))


def _propose(now: Settings) -> None:
    """What to try next; what a command is for stands beside it, or above where there is no room."""
    now.say("\nTry next:")
    beside = max(len(command) for command, what in _NEXT if what)
    for command, what in _NEXT:
        if 4 + beside + len(what) <= now.width:
            now.say(f"  {command:<{beside}}   {what}".rstrip())
        else:
            now.say("\n".join([*(f"  {what}:" for _ in range(bool(what))), f"  {command}"]))


def _play(
    now: Settings, engine: Engine, definition: ProcessDefinition, steps: Iterator[Mapping[str, Any]]
) -> StepResult | None:
    counts: Counter[str] = Counter()
    shown: StepResult | None = None
    for result in engine.run(definition, steps, by=now.actor(), batch=_AT_ONCE):
        counts[result.status] += 1
        if result.status == "refused" and (shown is None or _telling(definition, result) > _telling(definition, shown)):
            shown = result
    now.say(f"\n2. {sum(counts.values())} steps played: {counts['applied']} applied, {counts['refused']} refused.")
    return shown


def _telling(definition: ProcessDefinition, refused: StepResult) -> tuple[int, int]:
    """How much a refusal shows: several different things in the way, and late in the process."""
    stages = list(definition.stages)
    items = {item.id for item in refused.unmet}
    places = [stages.index(name) for name in (item.partition(".")[0] for item in items) if name in stages]
    return len(items), max(places, default=0)


def _show(now: Settings, engine: Engine, definition: ProcessDefinition, refused: StepResult | None) -> None:
    rows = list(engine.deals())
    outcomes = Counter(row.outcome for row in rows)
    now.say(
        f"\n3. Where the {len(rows)} deals are ({', '.join(f'{n} {word}' for word, n in sorted(outcomes.items()))}):"
    )
    there = Counter(row.stage for row in rows)
    most = max(there.values())
    room = min(40, max(10, now.width - 35))
    for stage in definition.stages.values():
        now.say(f"   {stage.title!s:<24} {there[stage.id]:>4}  {'#' * (there[stage.id] * room // most)}")
    if refused is None:
        return
    now.say(f"\n4. A refused step, as the seller saw it:\n   {refused.message.partition(':')[0]}:")
    for item in refused.unmet:
        helpers = f"    (can help: {', '.join(item.who)})" if item.who else ""
        if 7 + len(item.message) + len(helpers) <= now.width:
            now.say(f"     - {item.message}{helpers}")
        else:
            _say(now, item.message + helpers.replace("    (", " ("), "     - ")
    events = engine.events(refused.deal)
    end = min(len(events), 6 + next(event["n"] for event in events if _is_that(event, refused)))
    now.say(f"\n5. Events {max(1, end - 11)} to {end} of the {len(events)} in the log of {refused.deal}:")
    for event in events[max(0, end - 12) : end]:
        person = (event["for"] if "for" in event else event["by"])["id"]
        when = (event.get("happened") or event["at"])[:16]
        lead = f"   {event['n']:>3}  {when}  {person:<8} "
        if now.width < _WIDE:
            now.say(lead.rstrip())
            lead = " " * 8
        _say(now, _about(event["data"]), f"{lead}{event['type']:<17} ")


def _about(data: Mapping[str, Any]) -> str:
    """The action, stage, criterion, step, objection or fields that an event is about."""
    criterion = data.get("criterion", {}).get("id")
    named = data.get("action") or data.get("to") or criterion or data.get("do") or data.get("objection") or data.get("kind")
    named = named or data.get("reason")
    return str(named or ", ".join(data.get("changed", ())) or "-")


def _is_that(event: Mapping[str, Any], refused: StepResult) -> bool:
    return event["type"] == "step.refused" and len(event["data"]["unmet"]) == len(refused.unmet)


def _verify(now: Settings, store: InspectableStore) -> None:
    from procdef.verification import Tally, verify

    tally = Tally()
    with store.inspect() as tx:
        wrong = list(verify(tx, tally))
    now.say(f"\n6. {tally.events} events verified: {'the log is clean' if not wrong else f'{len(wrong)} findings'}.")
    if wrong:
        raise click.exceptions.Exit(1)


def _write(now: Settings, engine: Engine, definition: ProcessDefinition, moment: datetime, folder: Path | None) -> None:
    from procdef.cli.demo_pages import demo_pages, write_pages

    place = folder or Path(mkdtemp(prefix="procdef-demo-"))
    now.understood(definition.languages)
    language = now.lang or definition.languages[0]
    written = write_pages(demo_pages(engine, definition, language, moment), place)
    now.say(f"\n7. Pages to look at, in {place}:")
    for name, what in written:
        _say(now, what, f"   {name:<14} ")
