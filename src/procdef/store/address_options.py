"""What stands behind the ``?`` of a store's address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from procdef.diagnostics import nearest
from procdef.errors import InvalidArgument


def options_of(query: str) -> Iterator[tuple[str, str]]:
    """Names and values. A ``+`` is itself, as libpq has it, and no space."""
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        yield unquote(name), unquote(value)


def refuse_unknown(name: str, known: Collection[str], there_are: str) -> None:
    """Raise ``InvalidArgument`` for an option that is none of the known ones; ``there_are`` says which there are."""
    if name in known:
        return
    near = nearest(name, known)
    hint = f' (did you mean "{near}"?)' if near else ""
    raise InvalidArgument(f"the store's address has an unknown option {name or 'without a name'}{hint}; {there_are}", "url")


def busy_seconds(otherwise: float, written: str | None) -> float:
    """How long a step waits for others, as an address says it. Raises ``InvalidArgument``."""
    if written is None:
        return otherwise
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", written) is None or float(written) > 3600:
        raise InvalidArgument("busy=SECONDS in the store's address is a number from 0 to 3600, such as busy=0.5", "url")
    return float(written)


def yes(name: str, written: str) -> bool:
    """Whether the option of that name says yes. Raises ``InvalidArgument`` where it says neither that nor no."""
    if written not in ("yes", "no"):
        raise InvalidArgument(f"{name} in the store's address is yes or no", "url")
    return written == "yes"
