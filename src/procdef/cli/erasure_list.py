"""The file of ``erase --list``: which values were erased, a line for each erasure, and none of the values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.store import Leaf


class ErasureLine(NamedTuple):
    """An erasure: the log that it was in, its basis, and the places with what their events commit to, where known."""

    log: str
    basis: str
    leaves: tuple[tuple[Leaf, str | None], ...]


def writable(file: Path) -> None:
    """Find out before anything is erased whether the list can be written. Raises ``UsageError``."""
    try:
        with file.open("ab"):
            pass
    except OSError as error:
        raise click.UsageError(f"the list {file} cannot be written: {error.strerror}") from None


def append(file: Path, engine: Engine, basis: str, leaves: Iterable[Leaf]) -> None:
    """Append the places of what was erased, one line for the whole erasure."""
    committed = engine.commitments(leaves)
    with engine.store.transaction(write=False) as tx:
        line = {"log": tx.log, "basis": basis, "leaves": [[*leaf, made] for leaf, made in committed.items()]}
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def lines(file: Path) -> Iterator[ErasureLine]:
    """The erasures in a list. Raises ``UsageError``, which names the line, for one that it cannot follow."""
    pieces = file.read_bytes().split(b"\n")
    for number, piece in enumerate(pieces if pieces[-1] else pieces[:-1], 1):
        yield _line(piece, f"{file}:{number}")


def written(file: Path) -> str:
    """When something was last written to the list, as the log writes times."""
    from procdef.log.event import timestamp

    return timestamp(datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _line(piece: bytes, place: str) -> ErasureLine:
    from procdef.engine.erasing import basis_word
    from procdef.errors import InvalidArgument

    try:
        entry = json.loads(piece.decode("utf-8"))
        log, basis, leaves = entry["log"], entry["basis"], entry["leaves"]
    except (ValueError, LookupError, TypeError, RecursionError):
        log = basis = leaves = None
    if not (isinstance(log, str) and isinstance(basis, str) and isinstance(leaves, list) and all(map(_is_leaf, leaves))):
        raise click.UsageError(f"{place}: this is no line of a list that `procdef erase --list` wrote")
    try:
        return ErasureLine(log, basis_word(basis), tuple(map(_leaf, leaves)))
    except InvalidArgument as error:
        raise click.UsageError(f"{place}: {error}; nothing was erased") from None


def _is_leaf(leaf: object) -> bool:
    if not isinstance(leaf, list) or [type(part) for part in leaf] not in ([str, int, str], [str, int, str, str]):
        return False
    return leaf[1] > 0 and all(re.fullmatch("[0-9a-f]{64}", made) for made in leaf[3:])


def _leaf(leaf: list[Any]) -> tuple[Leaf, str | None]:
    from procdef.store import Leaf

    return Leaf(*leaf[:3]), leaf[3] if len(leaf) == 4 else None
