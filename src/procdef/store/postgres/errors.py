"""What goes wrong in PostgreSQL, told apart by SQLSTATE and said plainly. Messages of the server are not passed on: they may
hold values, and a connection's may hold secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from procdef.errors import InvalidArgument, LogBroken, ProcdefError, StoreBusy, StoreError
from procdef.store.port import Conflict, Interrupted, RowThere

if TYPE_CHECKING:
    import psycopg

_TAKEN = "23505"
_OURS = frozenset(
    (
        *("deal_pkey", "deal_key", "event_pkey", "private_pkey", "gate_pkey", "activity_pkey", "request_pkey"),
        *("pending_pkey", "note_pkey", "definition_pkey", "directory_pkey"),
        *("stay_pkey", "deal_key_pkey"),
    )
)
"""Constraints on names and numbers that somebody else may have taken first; a row that breaks another one is a fault."""

_OF_SHARD = re.compile(r"([a-z_]+)_[0-9]{6,}")
"""The name of a constraint on a part of a distributed table, to which Citus adds the number of the part. An error on another
server has it in its text alone, where values never stand."""

_TREE = frozenset(("leaf_pkey", "leaf_event", "node_pkey"))
"""Constraints on places in the tree, which only its lock's holder gives: nobody can have been quicker."""

_AGAIN = frozenset(("40001", "40P01"))
_GONE = frozenset(("57P01", "57P02", "57P03", "57P05", "25P03", "53300", "25006"))
"""The server stops, starts, has no connection free, or is (after a failover) one that only reads: another connection may do."""
_UNKNOWN = frozenset(("08007", "40003", "57P01", "57P02", "XX000"))
"""Where a COMMIT ends so. The last one is what Citus says when it lost the server on which the deal is meanwhile."""

_MEANING = {
    "55P03": "is locked by another program; try again when that has finished",
    "57014": "did not answer within the time that the server allows (statement_timeout); ask for less, or allow more",
    "0A000": "does not take a statement; where its tables were distributed meanwhile (procdef store distribute), open it again",
    "25P03": "ended this as nothing was asked of it for longer than idle_in_transaction_session_timeout lets a transaction be; "
    "set that higher for the role (ALTER ROLE ... SET idle_in_transaction_session_timeout = '1h')",
    "25P04": "ended this as it took longer than transaction_timeout lets a transaction be; set that higher for the role",
    "25006": "is read-only, as a standby is; name the server that writes",
    "53100": "could not grow, the server's disk is full; what was acknowledged is stored, this was not",
    "53200": "could not be used, the server is out of memory; try again",
    "53300": "has no connection free; allow more (max_connections), or use fewer (pool=NUMBER in the address)",
    "42501": "refuses this to the role that is logged in",
    "42P01": "is damaged: a table of the log is not there; restore it from a backup",
    "42703": "is damaged: a column of the log is not there; restore it from a backup",
    "42P07": "has something in that schema which is no log: a table of that name is there already; name another (schema=NAME)",
    "3F000": "has no schema of that name",
    "3D000": "does not exist on that server; create it, or name another",
    "28P01": "refused the password; check it, and the user",
    "28000": "refused to let this user in; check the user, and the server's pg_hba.conf",
    "42704": "does not know a setting that it was given; check options= in the address, and PGOPTIONS",
    "55000": "takes no connections; its owner may allow them (ALTER DATABASE ... ALLOW_CONNECTIONS true)",
    "57P03": "is starting or stopping; try again in a moment",
    "58000": "is no server of the kind that target_session_attrs asks for; name one that is, or ask for another kind",
    "23505": "refused a row; the rows contradict each other",
    "language": "lets nobody in with this address, and says why in a language that is not read here; look at the server's log, "
    "or check user, password, database and pg_hba.conf",
}
_ERASES = "it may not delete personal values; the role of an eraser may"
_ADDS = (
    "it may not add such an event; the role of an eraser says that values were erased, and the owner of the tables names the "
    "log's key, and says that a log moved"
)
_WRITES = (
    "it may not write to the log; the role of a writer may. A command that puts on record what it reads, as `audit export`, "
    "`audit proof`, `casefile` and `export-person` do, only reads with ?read_only=yes in the address"
)
_READS = (
    "it may not read {}, as one of a reader does not see names of deals, values of fields and request keys; the role of an "
    "auditor may"
)
_READ = {"deal": "names of deals and values of fields", "private": "personal values", "request": "request keys"}
"""What one needs more rights for to read it than a reader has, by its table."""
_NEITHER = (
    "it has no right to use the log's schema and tables, or to make them; their owner gives the one, and the database's owner "
    "the other (GRANT CREATE ON DATABASE)"
)
_CLASSES = {
    "08": "was lost: the server closed the connection, or cannot be reached; check that it runs",
    "23": "refused a row; the rows contradict each other",
    "53": "lacks what it needs to go on; look at the server's log",
    "57": "was stopped by its administrator; try again",
    "58": "could not be read or written; look at the server's log",
    "XX": "is damaged; look at the server's log, and restore it from a backup",
}
_REFUSALS = (
    ("password authentication failed|no password supplied", "28P01"),
    ('pg_hba.conf|role ".*" does not exist|is not permitted to log in', "28000"),
    ('database ".*" does not exist', "3D000"),
    ("too many connections for|too many clients|remaining connection slots", "53300"),
    ("permission denied for database", "42501"),
    ("not currently accepting connections", "55000"),
    ("is starting up|is shutting down|is in recovery mode|not yet accepting connections", "57P03"),
    ("session is (not )?read-only|server is (not )?in hot standby mode", "58000"),
    ("unrecognized configuration parameter|invalid value for parameter|invalid command-line argument", "42704"),
)
"""What a server says that lets nobody in, and the SQLSTATE which says that; libpq passes on none."""
_ANSWERED = re.compile(r"(^|: )[^\s:]+:  \S", re.MULTILINE)
"""How an answer of the server stands in libpq's message, in whatever language: its severity, and two spaces."""
_UNREAD = "language"
"""Stands for the SQLSTATE of an answer in a language that is not read here."""
_UNREACHED = "cannot be reached{}; check that the server runs, and the address"
_FINAL = frozenset(("28P01", "28000", "3D000", "42501", "42704", "55000", _UNREAD))
_NEVER = (
    "invalid ",
    "could not translate host name",
    "failed to resolve host",
    "SSL",
    "certificate",
    "private key",
    "definition of service",
)
"""What libpq says of an address or of settings that no waiting makes better."""

_SETTINGS = (
    (
        r"definition of service .* not found|service file .* not found",
        "its service is in no service file (pg_service.conf, PGSERVICEFILE)",
    ),
    (r"root certificate file", "the file of sslrootcert is not there, or cannot be read"),
    (r"certificate file", "the file of sslcert is not there, or cannot be read"),
    (r"private key file", "the file of sslkey is not there, cannot be read, or may be read by others"),
    (r"certificate verify failed", "the server's certificate is of nobody that sslrootcert trusts"),
    (r"invalid port number", "its port is no number from 1 to 65535"),
    (r"invalid integer value .* for connection option \"(\w+)\"", "the value of {0} is no number"),
    (r"invalid (\w+) value", "{0} has a value that libpq does not know"),
    (r"forbidden value", "a %00 in it stands for no character that a setting may hold"),
    (r"unexpected spaces", "a blank in it is written %20"),
    (r"percent-encoded", "a % in it does not begin two digits of a character; a % itself is written %25"),
    (r"failed to resolve host|could not translate host name", "the name of its host is not known"),
    (r"server does not support SSL", "sslmode asks for TLS, which the server does not speak"),
)
"""What libpq says of settings, and what is said of them here."""


def _state_of(error: psycopg.Error) -> str | None:
    """The SQLSTATE, or the one that says the same: a standby refuses ``READ WRITE`` as something that it does not support."""
    state = error.sqlstate
    if state == "0A000" and error.diag.source_function == "call_bool_check_hook":
        return "25006"
    return state


def lost(error: psycopg.Error) -> bool:
    """Whether another connection may do what this one did not."""
    state = _state_of(error)
    if state is not None and (state in _GONE or state.startswith("08")):
        return True
    # What libpq finds out itself has no SQLSTATE; of several statements that are under way a later one may tell of it.
    return state is None and _is_operational(error)


def _is_operational(error: psycopg.Error) -> bool:
    from psycopg import OperationalError

    return isinstance(error, OperationalError)


def outcome_unknown(error: psycopg.Error) -> bool:
    """Whether nobody can tell of this error, which ended a COMMIT, if the transaction is stored."""
    return error.sqlstate in _UNKNOWN or (error.sqlstate is None and _is_operational(error))


def store_error(error: psycopg.Error, subject: str, write: bool | None = None) -> ProcdefError | Conflict:
    """The same fault in words of ours, about ``subject``, met in a transaction that is to ``write`` or reads, or in neither; a
    ``Conflict`` where beginning again may help."""
    state = _state_of(error)
    constraint = _constraint(error) if state == _TAKEN else None
    if constraint is not None and constraint in _OURS:
        return RowThere(constraint.partition("_")[0])
    if constraint in _TREE:
        return LogBroken(
            f"{subject} holds rows of the tree that the tree does not count, in leaf or node; nothing more is sealed: "
            "`procdef audit verify` names them, and `procdef store rebuild-tree` makes the tree anew or says what is in its way"
        )
    if state in _AGAIN:
        return Interrupted(StoreBusy(f"{subject} ended this transaction for others' sake again and again; try again"))
    if lost(error):
        return Interrupted(StoreError(f"{subject} {_meaning(state)}"), lost=True)
    if state is None:
        return _of_driver(error, subject)
    if state.startswith("22"):
        return InvalidArgument("a text or a number is none that a log holds; write it anew")
    if state == "55P03":
        return StoreBusy(f"{subject} {_meaning(state)}")
    if state == "42501":
        return StoreError(f"{subject} {_meaning(state)}: {_lacking(error, write)}", "role")
    return StoreError(f"{subject} {_meaning(state)}")


def _lacking(error: psycopg.Error, write: bool | None) -> str:
    """What the role lacks. The server names the table, in whatever language, in its text alone, where values never stand."""
    if write is None:
        return _NEITHER
    if error.diag.source_function == "ExecWithCheckOptions":  # a policy, of those that the script of rights makes
        return _ADDS
    named = re.findall(r"[a-z_]+", error.diag.message_primary or "")
    if write:
        return _ERASES if "private" in named or "request" in named else _WRITES
    read = next((told for table, told in _READ.items() if table in named), None)
    return _READS.format(read) if read else _NEITHER


def _constraint(error: psycopg.Error) -> str | None:
    """The constraint that a row breaks."""
    diag = error.diag
    of_shard = _OF_SHARD.search(diag.constraint_name or diag.message_primary or "")
    return of_shard[1] if of_shard else diag.constraint_name


def _meaning(state: str | None) -> str:
    if state is None:
        return _CLASSES["08"]
    return _MEANING.get(state) or _CLASSES.get(state[:2]) or f"cannot be used as a store (SQLSTATE {state})"


def unreachable(
    error: psycopg.Error, subject: str, tried: float = 0.0, starts: Callable[[], bool] = bool
) -> StoreError:
    """Why no connection came about, for which ``tried`` seconds were spent; ``starts`` as in ``may_come_up``."""
    may = may_come_up(error, starts)
    again = f", tried for {tried:g} s" if tried and may else ""
    state = _state(error, starts)
    if state is not None:
        return StoreError(f"{subject} {_meaning(state)}{again}")
    if not may and (why := _setting(str(error))):
        return StoreError(f"{subject} was not asked for: {why}")
    return StoreError(f"{subject} {_UNREACHED.format(again)}")


def _setting(told: str) -> str | None:
    """What of the settings libpq did not take, in words of ours: its own may hold a password, or a part of one."""
    for pattern, why in _SETTINGS:
        if found := re.search(pattern, told):
            return why.format(*found.groups())
    return None


def may_come_up(error: psycopg.Error, starts: Callable[[], bool] = bool) -> bool:
    """Whether the server that no connection came about with may answer a moment later: one that is down, or that starts, and
    not one that refused what it was asked for. ``starts`` asks the server whether it starts or stops, for an answer in another
    language than English."""
    if not _is_operational(error) or (state := _state(error, starts)) in _FINAL:
        return False
    return state is not None or not any(words in str(error) for words in _NEVER)


def _state(error: psycopg.Error, starts: Callable[[], bool]) -> str | None:
    """libpq gives no SQLSTATE for most of what keeps it from connecting, and its own words may name users and files. It speaks
    English wherever nobody told the process otherwise; the server has a language of its own (``lc_messages``)."""
    if error.sqlstate is not None:
        return error.sqlstate
    told = str(error)
    if state := next((state for words, state in _REFUSALS if re.search(words, told)), None):
        return state
    if _ANSWERED.search(told) is None:
        return None
    return "57P03" if starts() else _UNREAD


def _of_driver(error: psycopg.Error, subject: str) -> ProcdefError:
    """What the driver itself did not take, before the server saw it."""
    if type(error).__name__ == "DataError":
        return InvalidArgument("a text holds a zero byte, which is no character that a log holds; write it anew")
    return StoreError(f"{subject} cannot be used as a store: the connection was closed, or is used by another thread")


FAULTS = (UnicodeEncodeError, OverflowError)
"""What the driver raises besides where a value is not taken."""


def told(fault: BaseException, subject: str, write: bool | None = None) -> Exception:
    """A fault of the driver as the error that is raised in its place, see ``store_error``."""
    if isinstance(fault, UnicodeEncodeError):
        return InvalidArgument("a text holds half of a surrogate pair, which is no character; write it anew")
    if isinstance(fault, OverflowError):
        return InvalidArgument("a number is larger than any that a log holds; write a smaller one")
    return store_error(fault, subject, write)  # type: ignore[arg-type]


@contextmanager
def translated(subject: str, write: bool | None = None) -> Iterator[None]:
    """Raises every fault of the block as an error of ours, see ``told``."""
    from psycopg import Error

    try:
        yield
    except (Error, *FAULTS) as fault:
        raise told(fault, subject, write) from None
