"""Whether every deal can come to an end, and deals that cannot, with the steps that lead there."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place
from procdef.expression import revive
from procdef.proof.inquiry import Answer, Flaw, Follows, Inquiry, Open, Proved
from procdef.proof.reach import Reach, without_end
from procdef.proof.search import Example
from procdef.proof.states import Played, State, States
from procdef.proof.sure_ways import SureWays
from procdef.proof.told import worded


def endings(inquiry: Inquiry, reach: Reach, played: Played) -> Iterator[Answer]:
    """``stuck``."""
    process = inquiry.process
    closed = without_end(inquiry, reach)
    for stage in closed:
        if process.stages[stage].next:
            yield Follows("stuck", stage)  # the ways that are closed are told, and why
            continue
        yield Flaw(Finding("stuck", Place(("stages", stage), "key"), _CLOSED, subject=stage, kind="stage"))
    sure = SureWays(reach)
    sure.work_out()
    left = [each for each in process.stages if each in reach.stages and each not in sure.good and each not in closed]
    states = played.states if left else None
    for stage in [each for each in process.stages if each in reach.stages and each not in closed]:
        if stage in sure.good:
            how = ", for which some need a waiver" if stage in sure.waiving else _where_waived(inquiry, "aside")
            yield Proved(
                "stuck", stage, f"every deal in it can come to an end, whatever was recorded and done before{how}"
            )
        elif states is None:
            yield Open("stuck", Place(("stages", stage), "key"), stage, _REMEDY)
        else:
            yield from _from_states(stage, states)


def _from_states(stage: str, states: States) -> Iterator[Answer]:
    stuck = states.stuck()
    here = [state for state in stuck if state[0] == stage]
    seen = states.of(stage)
    closed = [state for state in stuck if states.is_closed(state)]
    if here and closed and not any(state in here for state in closed):
        yield Follows("stuck", stage)  # it goes on from here, and is told where it stands still
        return
    if here:
        found = next((state for state in closed if state in here), here[0])
        player = states.shown(found)
        details = {"values": _values(states, found), "done": _done(found) or "nothing", "steps": len(player.steps)}
        place = Place(("stages", stage), "key")
        finding = Finding("stuck", place, _STUCK, subject=stage, kind="stage", details=details)
        yield Flaw(finding, None, tuple(player.steps) if found in closed else ())
    elif states.surely_ending().issuperset(seen):
        sentence = f"every deal can come to an end from each of the {len(seen)} states that it can be in there"
        yield Proved("stuck", stage, sentence + _where_waived(states.inquiry, "granted"))
    else:
        yield Open("stuck", Place(("stages", stage), "key"), stage, _LAPSING)


def _where_waived(inquiry: Inquiry, what: str) -> str:
    """What is said of waivers, where the process has any."""
    return f", waivers {what}" if any(each.waivable_by for each in inquiry.process.criteria.values()) else ""


def _done(found: State) -> str:
    counting = {path for path, _, counts in found[3] if counts}
    lapsed = {path for path, _, _ in found[3]} - counting
    return ", ".join([*sorted(counting), *(f"{path} (which lapsed)" for path in sorted(lapsed))])


def _values(states: States, found: State) -> str:
    process, deal = states.inquiry.process, states.reached[found].deal
    assert deal is not None
    values = {name: revive(process.fields[name].type, value) for name, value in deal.values.items()}
    return worded(process, Example(values))


_CLOSED = (
    'no deal can be finished in "{subject}": what is asked of it there excludes itself; '
    "mend one of its exit criteria, or the `when` of one of its actions"
)
_STUCK = (
    'a deal can come to "{subject}" and never get to an end, corrections aside: with {values}, and {done} done; '
    "let a way lead back, let a criterion be waived, or ask for less"
)
_REMEDY = (
    "compare few fields in conditions, each with fixed values only; or let no stage have a condition on a field on which an "
    "earlier stage has one"
)
_LAPSING = "it turns on which of several actions with `valid_for` lapses first; let no more than one of them lapse"
