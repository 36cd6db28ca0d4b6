"""A file of steps played as an import: a batch of them in each transaction, each step judged in its turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from procdef.commands import Actor, Start
from procdef.engine.arguments import deal_name, new_deal_name
from procdef.engine.steps import Step, read_step
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, ProcdefError, UnknownDeal
from procdef.results.refusal import StepRefused
from procdef.results.step_result import StepResult

Item = Mapping[str, Any] | ProcdefError
"""A step as a file writes it, or why a line could not be read."""

Reading = tuple[int, Step | ProcdefError]
"""The number of a line (from 1) and the step that it describes."""


def batches(process: str, items: Iterable[Item], by: Actor, size: int) -> Iterator[list[Reading]]:
    """The steps of a file, read, so many at a time."""
    lines = enumerate(items, 1)
    while batch := [(line, _read(process, item, by)) for line, item in islice(lines, size)]:
        yield batch


def play(unit: UnitOfWork, batch: list[Reading], *, keep_going: bool) -> list[StepResult]:
    """Take the steps of a batch one after the other; without ``keep_going`` the first that ``stops`` is the last."""
    unit.prepare([step for _, step in batch if isinstance(step, Step)])
    results = []
    for line, step in batch:
        results.append(_played(unit, line, step))
        if stops(results[-1]) and not keep_going:
            break
    return results


def stops(result: StepResult) -> bool:
    """Whether a run that may not keep going ends here."""
    return result.status in ("refused", "error")


def _read(process: str, item: Item, by: Actor) -> Step | ProcdefError:
    if isinstance(item, ProcdefError):
        return item
    try:
        return read_step(process, item, by)
    except InvalidArgument as error:
        return error


def _played(unit: UnitOfWork, line: int, step: Step | ProcdefError) -> StepResult:
    if isinstance(step, ProcdefError):
        return StepResult(line, "", "error", str(step))
    try:
        if isinstance(step.command, Start):
            new_deal_name(step.name)
            step = _with_origin(unit, step, step.command)
        outcome = unit.take(step)
    except ProcdefError as error:
        return StepResult(line, step.name, "error", str(error))
    if isinstance(outcome, StepRefused):
        return StepResult(line, step.name, "repeated" if outcome.replayed else "refused", str(outcome), outcome.unmet)
    return StepResult(line, step.name, "repeated" if outcome.replayed else "applied")


def _with_origin(unit: UnitOfWork, step: Step, start: Start) -> Step:
    """The step with the stream of the deal that it grew out of in place of that deal's name."""
    if start.origin is None:
        return step
    unit.prepare([Step(deal_name(start.origin), start, step.by)])
    stream = unit.streams.get(start.origin)
    if stream is None:
        raise UnknownDeal(f"there is no deal {start.origin!r}", start.origin)
    return step._replace(command=replace(start, origin=stream))
