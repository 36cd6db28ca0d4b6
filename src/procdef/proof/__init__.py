"""What can be proved of a process: conditions that decide nothing, gaps between ways, deals that cannot go on.

Reasoning is over cells of values in which all conditions come to the same, and never says more than it has proved: what is not
decided within the bound is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.diagnostics import Finding
from procdef.language.partly_read_process import Draft
from procdef.proof.approvals import approvals
from procdef.proof.branches import branches
from procdef.proof.decisive_conditions import decisive_conditions
from procdef.proof.endings import endings
from procdef.proof.gates import Gates
from procdef.proof.inquiry import QUESTIONS, Answer, Flaw, Follows, Inquiry, Open, Proved
from procdef.proof.plans import Plans, ways
from procdef.proof.reach import Reach, dead_ends, open_ways
from procdef.proof.recording import recording
from procdef.proof.states import Played

__all__ = ["QUESTIONS", "Answer", "Flaw", "Follows", "Inquiry", "Open", "Proved", "answers", "findings", "reported"]


def answers(inquiry: Inquiry) -> Iterator[Answer]:
    """Everything that is found out about a process."""
    played = Played(inquiry)
    yield from decisive_conditions(inquiry)
    yield from branches(inquiry, played)
    yield from recording(inquiry)
    reach = Reach(inquiry, Gates(inquiry.process, inquiry.atoms))
    reach.work_out()
    yield from dead_ends(inquiry, reach)
    yield from open_ways(reach)
    plans = Plans(reach)
    plans.work_out()
    yield from ways(plans)
    yield from endings(inquiry, reach, played)
    yield from approvals(plans, played)


def findings(draft: Draft) -> Iterator[Finding]:
    """The flaws of a process without errors as findings of the checker, and what was not decided."""
    yield from reported(answers(Inquiry(draft.process)))


def reported(found: Iterable[Answer]) -> Iterator[Finding]:
    """Answers as findings. What was not decided only because a condition was not is not told as well."""
    every = list(found)
    open_ = [answer for answer in every if isinstance(answer, Open)]
    first = [answer for answer in open_ if answer.code not in _FOLLOWING] or open_
    for answer in every:
        if isinstance(answer, Flaw):
            yield answer.finding
        elif isinstance(answer, Open) and answer in first:
            sentence = "it was not decided whether " + QUESTIONS[answer.code] + "; {remedy}"
            yield Finding(
                "not-decided", answer.place, sentence, subject=answer.about, details={"remedy": answer.remedy}
            )


_FOLLOWING = ("dead-transition", "stuck", "approval-unasked")
