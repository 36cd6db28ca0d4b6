"""The address of a store in PostgreSQL: libpq's own URL, from which procdef's options are taken out."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from procdef.errors import InvalidArgument
from procdef.store.address_options import busy_seconds, options_of, refuse_unknown, yes
from procdef.store.postgres.driver import libpq_options
from procdef.unsafe_characters import encodable

SCHEMA = "procdef"
BUSY_SECONDS = 10.0
"""How long a store in PostgreSQL waits for others, and for its server, unless its address says."""
_OWN = ("schema", "busy", "pool", "read_only")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_PORT_IS_NONE = re.compile(r"(?>\[[^\]]*\]?|[^:]*):(?![0-9]*$).*")
"""A host with a port that is no number."""
_UNCLEAR = (
    "the store's address is written postgresql://user:password@host:5432/database, and in this one something else stands in "
    "the place of the host or its port; in a user and a password write %40 for @, %2F for /, %3A for : and %25 for %"
)


class PostgresAddress(NamedTuple):
    """``conninfo`` is what libpq is given, with all that it is to keep to itself; ``schema`` holds the log's tables,
    ``pool`` is how many connections there are at most. ``shown`` names the store in messages: no password and no user is
    in it."""

    conninfo: str
    shown: str
    schema: str = SCHEMA
    busy: float = BUSY_SECONDS
    pool: int = 10
    read_only: bool = False

    @property
    def names_database(self) -> bool:
        """Whether ``shown`` tells the database, which a service file may do instead."""
        return urlsplit(self.shown).path.strip("/") != ""

    def __repr__(self) -> str:
        return f"PostgresAddress({self.shown!r})"


def postgres_address(url: str) -> PostgresAddress:
    """The parts of such a URL, divided as libpq divides it. Raises ``InvalidArgument``; of the user and the password nothing
    stands in the message, nor of what may be a part of them."""
    if encodable(url) != url:
        raise InvalidArgument("the store's address holds half of a surrogate pair, which is no character; write it anew", "url")
    scheme, _, rest = url.partition("://")
    user, at, place = rest.partition("@") if "@" in rest.partition("/")[0] else ("", "", rest)
    place, _, query = place.partition("?")
    if "@" in place or any(_PORT_IS_NONE.fullmatch(host) for host in place.partition("/")[0].split(",")):
        raise InvalidArgument(_UNCLEAR, "url")
    given = list(options_of(query))
    left = [(name, value) for name, value in given if name not in _OWN]
    _refuse_unknown(left, query)
    own = {name: value for name, value in given if name in _OWN}
    schema, pool, read_only = own.get("schema", SCHEMA), own.get("pool", "10"), own.get("read_only", "no")
    if _NAME.fullmatch(schema) is None or schema.startswith("pg_"):
        raise InvalidArgument(
            "schema=NAME in the store's address is up to 63 small letters, digits and underscores, such as schema=procdef",
            "url",
        )
    if re.fullmatch(r"[1-9][0-9]{0,3}", pool) is None:
        raise InvalidArgument(
            "pool=NUMBER in the store's address is how many connections there are at most, such as pool=10",
            "url",
        )
    busy = busy_seconds(BUSY_SECONDS, own.get("busy"))
    conninfo = f"{scheme}://{user}{at}{place}" + (f"?{urlencode(left, quote_via=quote)}" if left else "")
    return PostgresAddress(conninfo, _shown(place, schema), schema, busy, int(pool), yes("read_only", read_only))


def _refuse_unknown(left: list[tuple[str, str]], query: str) -> None:
    """Raise ``InvalidArgument`` for an option that neither procdef nor libpq has. One before an @ may be half a password."""
    options = libpq_options() if left else None
    if options is None:  # without the driver no store is opened, which says so
        return
    known = (*_OWN, *sorted(options))
    for name, value in left:
        if (name, value) == ("ssl", "true"):  # which libpq takes for sslmode=require
            continue
        if name not in known and "@" in query:
            raise InvalidArgument(_UNCLEAR, "url")
        refuse_unknown(name, known, "schema, busy, pool and read_only are procdef's, all others libpq's")


def _shown(place: str, schema: str) -> str:
    """Host and database: of an address in which these are left to libpq's own settings, nothing."""
    try:
        parts = urlsplit(f"postgresql://{place}")
        where = f"{parts.netloc}{parts.path}"
    except ValueError:
        where = ""
    return f"postgresql://{where}" + (f"?schema={schema}" if schema != SCHEMA else "")
