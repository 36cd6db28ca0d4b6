"""All that was found out about a process, and how much was looked at for it."""

from __future__ import annotations

from dataclasses import dataclass

from procdef.model import ProcessDefinition
from procdef.proof import Flaw, Follows, Inquiry, Open, Proved, answers


@dataclass(frozen=True, slots=True)
class Account:
    """The answers by kind. ``questions`` were asked of the conditions, in so many ``steps``; ``states`` of deals were played.

    ``ways`` and ``stages`` are how many there are, so that a reader sees whether something was proved of all of them.
    """

    flaws: tuple[Flaw, ...]
    proved: tuple[Proved, ...]
    open: tuple[Open, ...]
    follows: tuple[Follows, ...]
    questions: int
    steps: int
    states: int
    ways: int
    stages: int
    conditions: int

    def of(self, code: str) -> tuple[Proved, ...]:
        """What was proved instead of a flaw."""
        return tuple(each for each in self.proved if each.code == code)


def account(process: ProcessDefinition) -> Account:
    """Find out about a process what can be found out."""
    inquiry = Inquiry(process)
    found = list(answers(inquiry))
    return Account(
        tuple(each for each in found if isinstance(each, Flaw)),
        tuple(each for each in found if isinstance(each, Proved)),
        tuple(each for each in found if isinstance(each, Open)),
        tuple(each for each in found if isinstance(each, Follows)),
        inquiry.effort.questions,
        inquiry.effort.steps,
        inquiry.states,
        sum(len(stage.next) for stage in process.stages.values()),
        len(process.stages),
        len(inquiry.conditions),
    )
