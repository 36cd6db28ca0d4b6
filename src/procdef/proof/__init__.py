"""What can be proved of a process: conditions that decide nothing, gaps between ways, deals that cannot go on.

Reasoning is over cells of values in which all conditions come to the same, and never says more than it has proved: what is not
decided within the bound is told as such.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding
from procdef.language.partly_read_process import Draft
from procdef.model import ProcessDefinition
from procdef.proof.branches import branches
from procdef.proof.decisive_conditions import decisive_conditions
from procdef.proof.inquiry import QUESTIONS, Answer, Flaw, Inquiry, Open, Proved
from procdef.proof.recording import recording

__all__ = ["Answer", "Flaw", "Inquiry", "Open", "Proved", "answers", "findings"]

_ASKED = (decisive_conditions, branches, recording)


def answers(inquiry: Inquiry) -> Iterator[Answer]:
    """Everything that is found out about a process."""
    for question in _ASKED:
        yield from question(inquiry)


def findings(draft: Draft) -> Iterator[Finding]:
    """The flaws of a process without errors as findings of the checker, and what was not decided."""
    yield from found(draft.process)


def found(process: ProcessDefinition) -> Iterator[Finding]:
    """As ``findings``, of a definition."""
    for answer in answers(Inquiry(process)):
        if isinstance(answer, Flaw):
            yield answer.finding
        elif isinstance(answer, Open):
            sentence = "it was not decided whether " + QUESTIONS[answer.code] + "; {remedy}"
            details = {"remedy": answer.remedy}
            yield Finding("not-decided", answer.place, sentence, subject=answer.about, details=details)
