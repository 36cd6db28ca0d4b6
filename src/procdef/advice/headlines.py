"""The headline of a refusal: which deal cannot do what."""

from __future__ import annotations

from procdef.advice.inquiry import Inquiry
from procdef.commands import VERBS, Advance, Assign, Back, Do, Lose, Note, Record, Reopen, Start, Waive

_PASSIVE = {
    Lose: "be lost",
    Reopen: "be reopened",
    Assign: "be assigned",
    Note: "take this note",
    Record: "take these values",
}


def headline(inquiry: Inquiry) -> str:
    """``ACME-1 cannot advance from prospecting to booking``."""
    return f"{inquiry.name} cannot {_asked(inquiry)}"


def _asked(inquiry: Inquiry) -> str:
    here, command = inquiry.deal.stage if inquiry.deal else "", inquiry.command
    assert command is not None
    match command:
        case Advance(to=target):
            way = inquiry.way(target)
            to = target or (way.target if way else None)
            return f"advance from {here}" + (f" to {to}" if to else "")
        case Back(to=target):
            return f"go back from {here} to {target}"
        case Start(stage=stage):
            return f"start in {stage}" if stage else "start"
        case Do(action=action):
            return f"do {action}"
        case Waive(criterion=criterion):
            return f"waive {criterion}"
    return _PASSIVE.get(type(command)) or VERBS[type(command)]
