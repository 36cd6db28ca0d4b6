"""Where a store is: as a URL, or as the plain path of a SQLite file."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import NamedTuple

from procdef.errors import InvalidArgument
from procdef.store.address_options import busy_seconds, options_of, refuse_unknown, yes

BUSY_SECONDS = 5.0
"""How long a step to a SQLite file waits while another program writes, unless its address says."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""How other URLs begin; a letter alone is a drive of Windows."""
_SERVER = re.compile(r"postgres\w*:/|//[^/]*@|\bpassword *=|\bhost *=\S+ ", re.IGNORECASE)
"""What is in addresses of servers and hardly in names of files. Nothing of such a text is shown, as it may hold a password."""
_POSTGRES = ("postgresql://", "postgres://")
_FORMS = "write the path of a file, sqlite:///path/to/file.db, postgresql://host/database or memory:"


class Address(NamedTuple):
    """``path`` is the SQLite file, ``None`` for a store in memory or on a server. The rest are the options of a file: when a
    commit counts as durable (``FULL`` or ``NORMAL``), whether the log may lie beside an application's tables, whether it is
    read only, and how many seconds a step waits for others."""

    path: Path | None
    synchronous: str = "FULL"
    beside: bool = False
    read_only: bool = False
    busy: float = BUSY_SECONDS


def address(of: str | os.PathLike[str]) -> Address:
    """The address that a text or a path gives. A path object is the file's name as it is; in a text a ``?`` begins options.

    Raises ``InvalidArgument`` for an address of another kind, for a name that no file can have, and for an option that there
    is none of.
    """
    if isinstance(of, os.PathLike):
        name = os.fspath(of)
        return Address(_file(name)) if isinstance(name, str) else _not_understood()
    if not isinstance(of, str):
        raise InvalidArgument(f"the store's address is a text or a path; {_FORMS}", "url")
    name, _, query = of.partition("?")
    if of == "memory:" or is_postgres(of):
        return Address(None)
    path = name.removeprefix("sqlite:///")
    if not path or path == ":memory:" or (path == name and _SCHEME.match(name)):
        return _not_understood()
    if _SERVER.search(of):
        raise InvalidArgument(
            "the store's address looks like that of a server, and does not begin like one: write postgresql://host/database, "
            "with no blank, quote or name before it"
        )
    return _with_options(_file(path), dict(options_of(query)))


def is_postgres(url: object) -> bool:
    """Whether that is the URL of a database in PostgreSQL."""
    return isinstance(url, str) and url.startswith(_POSTGRES)


def _with_options(path: Path, given: dict[str, str]) -> Address:
    for name in given:
        refuse_unknown(name, ("synchronous", "beside", "read_only", "busy"), "synchronous, beside, read_only and busy exist")
    synchronous = given.get("synchronous", "FULL").upper()
    if synchronous not in ("FULL", "NORMAL"):
        raise InvalidArgument("synchronous in the store's address is FULL or NORMAL", "url")
    beside, read_only = (yes(name, given.get(name, "no")) for name in ("beside", "read_only"))
    return Address(path, synchronous, beside, read_only, busy_seconds(BUSY_SECONDS, given.get("busy")))


def _not_understood() -> Address:
    raise InvalidArgument(f"the store's address is not understood; {_FORMS}", "url")


def _file(name: str) -> Path:
    """The path of a name that a file can have."""
    try:
        Path(name).stat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise InvalidArgument("the name of the database is too long; choose a shorter one", "url") from None
    except ValueError:  # a zero byte, or half a surrogate pair
        raise InvalidArgument(f"no file can have the name {name!r}; choose another one", "url") from None
    return Path(name)
