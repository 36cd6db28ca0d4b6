"""How an auditor's rows are handed over: one after the other, and at the end what they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from procdef.cli.progress import progress
from procdef.cli.settings import Settings

if TYPE_CHECKING:
    from procdef.reports.sheet import Sheet

T = TypeVar("T")


def hand_over(
    now: Settings,
    sheet: Sheet,
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
                    click.echo(line)
                else:
                    now.show(text(row))
    sheet.totals = totals()
    close(now, sheet)


def close(now: Settings, sheet: Sheet) -> None:
    """Print what the rows were."""
    from procdef.render.sheet import about_text

    if now.json:
        click.echo(json.dumps({"about": sheet.about}, ensure_ascii=False))
    else:
        now.show(about_text(sheet.about))
