"""The deals of a population or of a sample, one a line."""

from __future__ import annotations

from procdef.audit.population import Drawn, Member


def member_text(member: Member) -> str:
    """A deal of the population."""
    late = f", {member.late} entered late" if member.late else ""
    deputies = f", {member.by_deputies} decided by deputies" if member.by_deputies else ""
    newer = f", started when v{member.superseded_by} was published" if member.superseded_by else ""
    return (
        f"{member.stream}  {member.process} v{member.version}  started {member.started[:10]}  {member.stage}  "
        f"{member.outcome}  {member.events} event{'s' * (member.events != 1)}{late}{deputies}{newer}"
    )


def drawn_text(drawn: Drawn) -> str:
    """A deal of the sample, after its place and the beginning of its hash."""
    return f"{drawn.place:>4}  {drawn.draw[:12]}  {member_text(drawn)}"
