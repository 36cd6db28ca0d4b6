"""Where a store is: as a URL, or as the plain path of a SQLite file."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

from procdef.errors import InvalidArgument
from procdef.store.postgres_address import is_postgres

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""How other URLs begin; a letter alone is a drive of Windows."""
_FORMS = "write the path of a file, sqlite:///path/to/file.db, postgresql://host/database or memory:"


class Address(NamedTuple):
    """``path`` is the SQLite file, ``None`` for a store in memory or on a server; ``options`` stand behind a ``?``."""

    path: Path | None
    options: dict[str, str]


def address(of: str | os.PathLike[str]) -> Address:
    """The address that a text or a path gives. A path object is the file's name as it is; in a text a ``?`` begins options.

    Raises ``InvalidArgument`` for an address of another kind, and for a name that no file can have.
    """
    if isinstance(of, os.PathLike):
        name = os.fspath(of)
        return Address(_file(name), {}) if isinstance(name, str) else _not_understood()
    if not isinstance(of, str):
        raise InvalidArgument(f"the store's address is a text or a path; {_FORMS}")
    name, _, query = of.partition("?")
    if of == "memory:" or is_postgres(of):
        return Address(None, {})
    path = name.removeprefix("sqlite:///")
    if not path or path == ":memory:" or (path == name and _SCHEME.match(name)):
        return _not_understood()
    return Address(_file(path), dict(parse_qsl(query, keep_blank_values=True)))


def _not_understood() -> Address:
    raise InvalidArgument(f"the store's address is not understood; {_FORMS}")


def _file(name: str) -> Path:
    """The path of a name that a file can have."""
    try:
        Path(name).stat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise InvalidArgument("the name of the database is too long; choose a shorter one") from None
    except ValueError:  # a zero byte, or half a surrogate pair
        raise InvalidArgument(f"no file can have the name {name!r}; choose another one") from None
    return Path(name)
