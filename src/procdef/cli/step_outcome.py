"""Taking one step for somebody at a command line, and printing what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.acting import acting
from procdef.cli.global_options import Settings, settings
from procdef.cli.output import echo
from procdef.results.refusal import StepRefused

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.results.done import Done


def take(call: Callable[[Engine, dict[str, Any]], Done], dry_run: bool, request: str | None) -> None:
    """Take one step and print what came of it. ``call`` gets the engine and the keywords that every step takes."""
    now = settings()
    engine = now.engine()
    given: dict[str, Any] = {"by": acting(now, engine), "request": request, "dry_run": dry_run}
    try:
        done = call(engine, given)
    except StepRefused as refused:
        if not now.json:
            raise
        with suppress(BrokenPipeError):
            echo(json.dumps(refused.as_dict(), ensure_ascii=False, default=str))
        raise click.exceptions.Exit(1) from None
    try:
        _show(now, done, dry_run, engine)
    except BrokenPipeError:  # nobody reads what came of it; the step is taken all the same
        raise click.exceptions.Exit(0) from None
    except OSError as error:
        stored = "nothing was to be stored" if dry_run else "the step is stored"
        raise OSError(error.errno, f"{error.strerror}; {stored}, only what came of it could not be printed") from None


def _show(now: Settings, done: Done, dry_run: bool, engine: Engine) -> None:
    if now.json:
        echo(json.dumps(done.as_dict(), ensure_ascii=False, default=str))
    else:
        now.say(_as_text(done, dry_run, engine, now.lang))


def _as_text(done: Done, dry_run: bool, engine: Engine, language: str | None) -> str:
    from procdef.cli.log_names import book_of
    from procdef.render.log import summary
    from procdef.render.values import deal_heading

    deal = done.deal
    name = deal_heading(deal.name, deal.title)
    if done.replayed:
        return f"{name}: this request was applied before; the deal is in {deal.stage} ({deal.outcome})"
    book = book_of(engine, deal, language)
    lapsed = _lapsed(engine, done)
    said = [part for event in done.events for part in (summary(event, book), *lapsed.get(event["n"], ()))]
    told = "".join(["; ".join(said) or "nothing to change", *_ways_back(engine, done)])
    if dry_run:
        return f"{name}: would be: {told}\n(tried only, nothing was stored)"
    return f"{name}: {told}"


def _ways_back(engine: Engine, done: Done) -> list[str]:
    """How the deal is returned, for whoever rejects something: it will not go on as it is."""
    if not any(event["data"].get("decision") == "reject" for event in done.events):
        return []
    from procdef.render.refusal import with_roles

    ways = engine.options(done.deal.stream).ways
    return [
        f"\nto return it to {way.target}: {with_roles(way.who, way.suggestion, people=way.people)}"
        for way in ways
        if way.move == "back" and way.suggestion
    ]


def _lapsed(engine: Engine, done: Done) -> dict[int, list[str]]:
    """What is to be said of the waivers that a step has ended, by the number of the event that ended them."""
    from procdef.render.lapsed_waivers import lapsed

    if not done.events:
        return {}
    earlier = [event for event in engine.events(done.deal.stream) if event["n"] < done.events[0]["n"]]
    return lapsed([*earlier, *done.events])
