"""Printing, and colour on a terminal. What is printed is plain text; here its kinds of lines are found again and coloured."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from procdef.unsafe_characters import tame

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {
    r"^\S.* cannot .*:$|^\S.*\(\S+ v\d+\)$|^(To do here|Ways on|Known|Playbook)$": "bold",
    r"(?<= )\d\. .*?(?= ─)|● start|★ won": "bold",
    r"procdef [a-z].*$": "cyan",
    r"\[x\]": "green",
    r"\[ \]": "yellow",
    r"\[[-?]\]": "magenta",
    r"OVERDUE[^,]*|\bREFUSED\b": "bold red",
    r"\berror:": "bold red",
    r"\bwarning:": "bold yellow",
    r"\b(info|note):": "bold blue",
    r"\[[a-z]+(-[a-z]+)*\]$": "dim",
    r"(?<=\| ) *\^+$": "bold red",
    r"\([a-z0-9-]+ v\d+, line \d+\)$": "dim",
    r"(?<=  )fix:": "green",
    r"\bWON\b": "bold green",
    r"[│┌┐└┘─├┤▼▲┬┴]+": "blue",
}
"""What is found in a line, and how it looks. Later ones win."""


def wanted(color: bool, stream: TextIO) -> bool:
    """Whether to colour what goes to this stream: on a terminal that has colours, unless somebody said no."""
    return color and stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def echo(text: str, *, err: bool = False, newline: bool = True) -> None:
    """Print text as it is: the one way to a terminal, and nothing that is printed acts on it."""
    click.echo(tame(text), err=err, nl=newline)


def show(text: str, *, color: bool, stream: TextIO | None = None, newline: bool = True) -> None:
    """Print text, coloured where that is wanted. rich is imported only then."""
    to, text = stream or sys.stdout, tame(text)
    if not wanted(color, to):
        click.echo(text, file=to, nl=newline)
        return
    from rich.console import Console

    console = Console(file=to, highlight=False, markup=False, emoji=False, soft_wrap=True, force_terminal=True)
    console.print(painted(text), end="\n" if newline else "")


def painted(text: str) -> Text:
    """The text with the colours of its kinds of lines."""
    from rich.text import Text

    whole = Text()
    for number, line in enumerate(text.split("\n")):
        shown = Text(line)
        for pattern, style in _STYLES.items():
            shown.highlight_regex(pattern, style)
        whole.append("\n" if number else "")
        whole.append_text(shown)
    return whole
