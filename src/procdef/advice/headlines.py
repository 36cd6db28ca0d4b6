"""The headline of a refusal: which deal cannot do what."""

from __future__ import annotations

from dataclasses import replace

from procdef.advice.inquiry import Inquiry
from procdef.commands import Advance


def headline(inquiry: Inquiry) -> str:
    """``ACME-1 cannot advance from prospecting to booking``."""
    here, command = inquiry.deal.stage if inquiry.deal else "", inquiry.command
    assert command is not None
    if isinstance(command, Advance) and (way := inquiry.way(command.to)):
        command = replace(command, to=way.target)
    return f"{inquiry.name} cannot {command.attempt(here)}"
