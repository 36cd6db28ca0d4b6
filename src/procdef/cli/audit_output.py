"""How an auditor's rows are handed over: one after the other, and at the end what they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from procdef.cli.global_options import Settings
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.unsafe_characters import one_line

if TYPE_CHECKING:
    from procdef.provenance import Provenance
    from procdef.store.port import Tx

T = TypeVar("T")


@contextmanager
def sealed_log(now: Settings) -> Iterator[Tx]:
    """A transaction that reads the log, as an auditor looks at what is in the tree: what waits is sealed before."""
    from procdef.store.sealed_reading import seal_first

    store = now.store()
    seal_first(store)
    with store.transaction(write=False) as tx:
        yield tx


def hand_over(
    now: Settings,
    sheet: Provenance,
    rows: Iterable[T],
    text: Callable[[T], str],
    totals: Callable[[], dict[str, object]] = dict,
    seen: Callable[[], int] = int,
) -> None:
    """Print the rows, as text or as lines of JSON, and last of all what they are, with the ``totals`` known by then.

    ``seen`` tells how many events of the log were read, where the rows come from the whole of it.
    """
    whole = None if seen is int else sheet.size
    with progress(sheet.what, now, seen, whole) as bar:
        for row in rows:
            line = sheet.line(row)
            with bar.aside():
                if now.json:
                    echo(line)
                else:
                    now.show(text(flat(row)))
    sheet.totals = totals()
    close(now, sheet)


def flat(value: T) -> T:
    """The row with each of its texts on one line, so that no part of one passes for a row."""
    found: Any = value
    if isinstance(found, str):
        found = one_line(found)
    elif is_dataclass(found) and not isinstance(found, type):
        found = replace(found, **{field.name: flat(getattr(found, field.name)) for field in fields(found)})
    elif isinstance(found, dict):
        found = {flat(key): flat(each) for key, each in found.items()}
    elif isinstance(found, list):
        found = [flat(each) for each in found]
    elif isinstance(found, tuple):
        made = map(flat, found)
        found = type(found)(*made) if hasattr(found, "_fields") else tuple(made)
    return cast(T, found)


def close(now: Settings, sheet: Provenance) -> None:
    """Print what the rows were."""
    from procdef.render.provenance import about_text

    if now.json:
        echo(json.dumps({"about": sheet.about}, ensure_ascii=False))
    else:
        now.show(about_text(flat(sheet.about)))
