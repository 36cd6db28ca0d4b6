"""Documentation pages as programs: what a reader is told to write, change and type, in order, and what then appears.

A fence names what it holds: ```` ```yaml sales.yaml ```` is a file to write, ```` ```diff sales.yaml ```` lines to take out
(``-``) and to put in (``+``), ```` ```console ```` commands (``$ ``) with their output. In an output ``...`` stands for any
number of lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from forked_commands import commands as folder_of_commands

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_VARIES = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?"), "TIME"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"\b\d+ (day|hour|minute)s?\b"), "SPAN"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"[0-9a-f]{64}"), "HASH"),
    (re.compile(r"(\+[0-9a-f]{8}\+)?[A-Za-z0-9+/]{43,}=*"), "BASE64"),
    (re.compile(r'"stage_age": \d+'), '"stage_age": AGE'),
    (re.compile(r"entered by \S+ \(os\)"), "entered by LOGIN (os)"),
    (re.compile(r'(_(?:days|hours)": )[\d.]+'), r"\1LENGTH"),
    (re.compile(r"velocity\b\D{1,4}[\d.]+"), "velocity RATE"),
    (re.compile(r'("auth": "os",\s+"id": )"[^"]*"'), r'\1"LOGIN"'),
]


@dataclass(frozen=True, slots=True)
class Block:
    """One fence of a page: its language, the file that it names, its text, and where in the page that stands."""

    language: str
    file: str | None
    text: str
    start: int
    end: int


def blocks(page: str) -> list[Block]:
    """All fences of a page, in order."""
    return [Block(match[1], match[2], match[3], *match.span(3)) for match in _FENCE.finditer(page)]


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that the page shows."""
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.MULTILINE)
    assert parts[0] == "", f"a console block begins with a command, not with {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def masked(output: str) -> str:
    """``output`` with everything replaced that differs from run to run: times, dates, ids, hashes, the login."""
    for pattern, name in _VARIES:
        output = pattern.sub(name, output)
    return "\n".join(line.rstrip() for line in output.strip("\n").split("\n"))


def agrees(shown: str, found: str) -> bool:
    """Whether a page shows what was found, ``...`` standing for any lines."""
    parts = re.split(r"^\.\.\.$", masked(shown), flags=re.MULTILINE)
    return re.fullmatch(".*".join(map(re.escape, parts)), masked(found), re.DOTALL) is not None


def change(file: Path, text: str) -> None:
    """Take the ``-`` lines of a diff out of ``file`` and put its ``+`` lines there; the other lines stand around them."""
    lines = text.splitlines()
    before = "".join(line[1:] + "\n" for line in lines if not line.startswith("+"))
    after = "".join(line[1:] + "\n" for line in lines if not line.startswith("-"))
    source = file.read_text("utf-8")
    assert source.count(before) == 1, f"{file.name} has these lines {source.count(before)} times:\n{before}"
    file.write_text(source.replace(before, after), "utf-8")


def run(command: str, folder: Path) -> str:
    """What ``command`` prints when a shell runs it in ``folder``, in the order of its appearance."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("PROCDEF_")}
    path = [str(folder_of_commands()), str(Path(sys.executable).parent), os.environ["PATH"]]
    surroundings |= {"PATH": os.pathsep.join(path), "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", timeout=180,
    )  # fmt: skip
    return done.stdout


def follow(page: str, folder: Path) -> str:
    """Do in ``folder`` everything that a page says; the page with what appeared, where that is not what it shows."""
    told = []
    after = 0
    for block in blocks(page):
        if block.language == "console":
            told += [page[after : block.start], *(_tried(*pair, folder) for pair in commands(block))]
            after = block.end
        elif block.language == "diff" and block.file:
            change(folder / block.file, block.text)
        elif block.file:
            (folder / block.file).write_text(block.text, "utf-8")
    return "".join(told) + page[after:]


def _tried(command: str, shown: str, folder: Path) -> str:
    found = re.sub(r" +$", "", run(command, folder).rstrip(), flags=re.MULTILINE)
    return f"$ {command}\n" + (shown if agrees(shown, found) else found + "\n" * bool(found))
