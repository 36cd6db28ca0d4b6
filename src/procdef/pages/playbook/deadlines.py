"""When a deadline comes, and what happens before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from procdef.model import Sla
from procdef.pages.conditions import Conditions
from procdef.pages.field_types import duration
from procdef.pages.passages import Words

if TYPE_CHECKING:
    from markupsafe import Markup


class Teller(Protocol):
    """What a deadline is told with: the words of a language, fields as a page shows them, and roles by their titles."""

    words: Words
    conditions: Conditions

    def roles(self, roles: Iterable[str]) -> Markup:
        """Roles by their titles."""


def time_until(reading: Teller, sla: Sla) -> Markup | str:
    """How long there is, or the field that says until when."""
    if sla.until is not None:
        return reading.words.say("until", field=reading.conditions.field(sla.until))
    assert sla.within is not None
    return duration(sla.within, reading.words)


def around(reading: Teller, sla: Sla) -> Markup | None:
    """Who is reminded before and told after; ``None`` where nobody is."""
    from markupsafe import Markup

    words, parts = reading.words, []
    if sla.remind:
        parts.append(words.say("remind", times=words.listed([duration(each, words) for each in sla.remind], "and")))
    if sla.escalate_to and sla.escalate_after is not None:
        after, roles = duration(sla.escalate_after, words), reading.roles(sla.escalate_to)
        parts.append(words.say("escalate_after", time=after, roles=roles))
    elif sla.escalate_to:
        parts.append(words.say("escalate", roles=reading.roles(sla.escalate_to)))
    return Markup("; ").join(parts) if parts else None


def in_one_line(reading: Teller, sla: Sla) -> Markup:
    """All of it, as it stands among what else is to be said of an action."""
    from markupsafe import Markup

    until, more = reading.words.say("by_then", time=time_until(reading, sla)), around(reading, sla)
    return until if more is None else Markup("; ").join((until, more))
