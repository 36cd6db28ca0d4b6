"""Who asks for a step: a person, how they were authenticated, and whom they act for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from procdef.directory import gave_roles
from procdef.errors import InvalidArgument
from procdef.log.canonical import encoded
from procdef.log.envelope import AUTH
from procdef.unsafe_characters import invisible, shows

_LONGEST = 200
_FORM = "1 to 200 printable characters, without blanks at the ends, in Unicode's composed form (NFC)"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step. ``auth`` tells how they were authenticated, ``source`` where the roles come from.

    ``behalf`` is the person it is done for: rules look at that person where there is one. ``person`` is the one that
    the rules look at, ``shown`` how events name this actor (canonical JSON, without ``behalf``, which stands beside it).
    Raises ``InvalidArgument`` for ids and names that the log could not hold or that look like another's.
    """

    id: str
    roles: AbstractSet[str] = frozenset()
    auth: Literal["claimed", "os", "app", "token", "signed"] = "app"
    source: str | None = None
    behalf: Actor | None = None
    shown: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _nameable(self.id):
            raise InvalidArgument(f"a person's id has {_FORM}", "id")
        if self.behalf is not None and not isinstance(self.behalf, Actor):
            raise InvalidArgument("`behalf` is an Actor: the person it is done for", "behalf")
        if self.behalf is not None and self.behalf.behalf is not None:
            raise InvalidArgument("the person of `behalf` acts for nobody else in turn; name the last one only", "behalf")
        if self.auth not in AUTH:
            raise InvalidArgument(f"how a person was authenticated is one of {', '.join(AUTH)}", "auth")
        object.__setattr__(self, "roles", _names_of_roles(self.roles))
        if self.source is not None and not _is_directory(self.source) and not _nameable(self.source):
            raise InvalidArgument(f"where the roles come from has {_FORM}", "source")
        object.__setattr__(self, "shown", encoded(self.logged()))

    @property
    def person(self) -> Actor:
        """The one that the rules look at."""
        return self if self.behalf is None else self.behalf

    def logged(self) -> dict[str, Any]:
        """As the log writes it (without ``behalf``)."""
        shown: dict[str, Any] = {"id": self.id, "auth": self.auth}
        if self.roles:
            shown["roles"] = sorted(self.roles)
        if self.source is not None:
            shown["from"] = self.source
        return shown


def _is_directory(source: object) -> bool:
    """Whether roles come from a directory of people; it may name many for whom somebody stands in."""
    return isinstance(source, str) and gave_roles(source) and source.isprintable()


def _names_of_roles(given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidArgument('roles are a set of names, as in roles={"seller"}', "roles")
    names = tuple(given)
    if not all(map(_nameable, names)):
        raise InvalidArgument(f"the name of a role has {_FORM}", "roles")
    return frozenset(names)


def _nameable(text: object) -> bool:
    """Two ids that look alike must be one: who approves and who asked for it are told apart by them."""
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST or text != text.strip():
        return False
    return text.isprintable() and not invisible(text) and shows(text) and unicodedata.is_normalized("NFC", text)
