"""``procdef run``."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.settings import Settings, settings, shared
from procdef.errors import InvalidArgument, ProcdefError

if TYPE_CHECKING:
    from procdef.engine import StepResult

_LONGEST = 4 * 1024 * 1024
"""Characters; a longer line is no step, and is never held in memory whole."""


@click.command("run")
@click.argument("process", type=click.Path())
@click.argument("steps", type=click.Path(exists=True, dir_okay=False))
@click.option("--keep-going", is_flag=True, help="Count refusals and errors, and go on.")
@shared()
def command(process: str, steps: str, keep_going: bool) -> None:
    """Publish PROCESS, then play the file STEPS; repeating a run applies nothing twice."""
    from procdef.language import load

    now = settings()
    definition = load(Path(process))
    counts: Counter[str] = Counter()
    deals: set[str] = set()
    lines: deque[int] = deque()
    results = now.engine(new=True).run(definition, _steps(Path(steps), lines), by=now.actor(), keep_going=keep_going)
    try:
        for result in results:
            _count(result, f"{steps}:{lines.popleft()}", counts, deals, now)
    except KeyboardInterrupt:
        _summary(counts, deals, now)
        raise
    _summary(counts, deals, now)
    if counts["refused"] or counts["error"]:
        raise click.exceptions.Exit(1)


def _steps(file: Path, lines: deque[int]) -> Iterator[Mapping[str, Any] | ProcdefError]:
    """The steps of the file, read as they are played; ``lines`` keeps the line of each that has no result yet."""
    with file.open("rb") as stream:
        number = 0
        while raw := stream.readline(_LONGEST):
            number += 1
            step: Mapping[str, Any] | ProcdefError = {}
            if len(raw) == _LONGEST and not raw.endswith(b"\n"):
                while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
                    pass
                step = InvalidArgument(f"the line is longer than {_LONGEST} bytes")
            elif raw.strip():
                step = _step(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)
            else:
                continue
            lines.append(number)
            yield step


def _step(raw: bytes) -> Mapping[str, Any] | ProcdefError:
    try:
        step = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_no_twins)
    except UnicodeDecodeError:
        return InvalidArgument("the line is not UTF-8")
    except RecursionError:
        return InvalidArgument("the line is nested too deep")
    except ValueError as wrong:
        return InvalidArgument(f"the line is not JSON: {wrong}")
    return step if isinstance(step, dict) else InvalidArgument("a step is a JSON object: {...}")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _count(result: StepResult, place: str, counts: Counter[str], deals: set[str], now: Settings) -> None:
    counts["steps"] += 1
    counts[result.status] += 1
    if result.deal and result.status in ("applied", "repeated"):
        deals.add(result.deal)
    if result.status in ("refused", "error") and not now.quiet:
        click.echo(f"{place}: {result.status}: {result.message}", err=True)


def _summary(counts: Counter[str], deals: set[str], now: Settings) -> None:
    shown = {
        "steps": counts["steps"], "applied": counts["applied"], "refused": counts["refused"],
        "repeated": counts["repeated"], "errors": counts["error"], "deals": len(deals),
    }  # fmt: skip
    if now.json:
        click.echo(json.dumps(shown))
    else:
        click.echo(", ".join(f"{name}: {number}" for name, number in shown.items()))
