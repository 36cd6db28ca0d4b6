"""The address of a store in PostgreSQL: libpq's own URL, from which procdef's options are taken out."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from procdef.errors import InvalidArgument
from procdef.store.busy_option import busy_seconds

SCHEMES = ("postgresql://", "postgres://")
SCHEMA = "procdef"
BUSY_SECONDS = 10.0
"""How long a store in PostgreSQL waits for others, and for its server, unless its address says."""
_OWN = ("schema", "busy", "pool", "read_only")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_HIDDEN = "***"


class PostgresAddress(NamedTuple):
    """``conninfo`` is what libpq is given, with all that it is to keep to itself; ``schema`` holds the log's tables,
    ``pool`` is how many connections there are at most. ``shown`` names the store in messages: no password and no user is
    in it."""

    conninfo: str
    shown: str
    schema: str = SCHEMA
    busy: float = BUSY_SECONDS
    pool: int = 10
    read_only: str = "no"

    @property
    def names_database(self) -> bool:
        """Whether ``shown`` tells the database, which a service file may do instead."""
        return urlsplit(self.shown).path.strip("/") != ""

    def __repr__(self) -> str:
        return f"PostgresAddress({self.shown!r})"


def is_postgres(url: object) -> bool:
    """Whether that is the URL of a database in PostgreSQL."""
    return isinstance(url, str) and url.startswith(SCHEMES)


def postgres_address(url: str) -> PostgresAddress:
    """The parts of such a URL. Raises ``InvalidArgument``; nothing of the URL stands in the message, as it may hold a
    password."""
    base, _, query = url.partition("?")
    given = parse_qsl(query, keep_blank_values=True)
    own = {name: value for name, value in given if name in _OWN}
    left = [(name, value) for name, value in given if name not in _OWN]
    schema, pool, read_only = own.get("schema", SCHEMA), own.get("pool", "10"), own.get("read_only", "no")
    if _NAME.fullmatch(schema) is None or schema.startswith("pg_"):
        raise InvalidArgument(
            "schema=NAME in the store's address is up to 63 small letters, digits and underscores, such as schema=procdef"
        )
    if re.fullmatch(r"[1-9][0-9]{0,3}", pool) is None:
        raise InvalidArgument(
            "pool=NUMBER in the store's address is how many connections there are at most, such as pool=10"
        )
    if read_only not in ("yes", "no"):
        raise InvalidArgument("read_only in the store's address is yes or no")
    busy = busy_seconds(BUSY_SECONDS, own.get("busy"))
    conninfo = f"{base}?{urlencode(left, quote_via=quote)}" if left else base
    return PostgresAddress(conninfo, _shown(base, schema), schema, busy, int(pool), read_only)


def without_secrets(url: str) -> str:
    """The URL as it may be shown: without the password, wherever it stands, and without values that libpq reads files by."""
    if not is_postgres(url):
        return url
    base, mark, query = url.partition("?")
    scheme, _, rest = base.partition("://")
    user, at, place = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    shown = [(key, _HIDDEN if "password" in key else value) for key, value in parse_qsl(query, keep_blank_values=True)]
    tail = (
        mark + "&".join(f"{key}={value if value == _HIDDEN else quote(value)}" for key, value in shown) if shown else ""
    )
    return f"{scheme}://{name}{colon}{_HIDDEN if colon else ''}{at}{place}{tail}"


def _shown(base: str, schema: str) -> str:
    """Host and database: of an address in which these are left to libpq's own settings, nothing."""
    place = base.partition("://")[2].rpartition("@")[2]
    try:
        parts = urlsplit(f"postgresql://{place}")
        where = f"{parts.netloc}{parts.path}"
    except ValueError:
        where = ""
    return f"postgresql://{where}" + (f"?schema={schema}" if schema != SCHEMA else "")
