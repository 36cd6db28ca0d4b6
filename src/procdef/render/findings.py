"""Findings as text, JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from procdef.diagnostics import Diagnostic, Span
from procdef.render.text_layout import wrapped

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_LONGEST = 160
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def text(findings: Iterable[Diagnostic], sources: Mapping[str, str], width: int | None = None) -> str:
    """Findings for people, each with the line it is on and a caret below the place.

    ``sources`` holds the text of each file by the path in the findings; a file that is not there is shown without lines.
    Without a ``width`` each message is one line, for programs that read them too.
    """
    return "".join(_one(finding, sources.get(finding.span.path), width) for finding in findings)


def _one(finding: Diagnostic, source: str | None, width: int | None) -> str:
    head = _said(f"{_at(finding.span)}: {finding.severity}: {finding.message} [{finding.code}]", width)
    lines = [] if source is None else _lines(source)
    related = "".join(_said(f"{_at(item.span)}: note: {item.message}", width) for item in finding.related)
    if not 1 <= finding.span.line <= len(lines):
        return head + related
    return head + _excerpt(finding.span, lines[finding.span.line - 1]) + related


def _said(message: str, width: int | None) -> str:
    if width is None or len(message) <= width:
        return f"{message}\n"
    return "".join(f"{line}\n" for line in wrapped(message, width, "", "    "))


def _lines(source: str) -> list[str]:
    """Only LF, CR LF and CR end a line, as in the reader; a byte order mark is no character of the first line."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _at(span: Span) -> str:
    return f"{_visible(span.path)}:{span.line}:{span.column}"


def _excerpt(span: Span, line: str) -> str:
    end = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    line, column, end = _part(line, span.column, end)
    before = "".join("\t" if character == "\t" else " " * _width(character) for character in line[: column - 1])
    marked = line[column - 1 : end - 1]
    carets = "^" * max(1, sum(_width(character) for character in marked))
    return f"{span.line:>5} | {_visible(line)}\n{'':>5} | {before}{carets}\n"


def _part(line: str, column: int, end: int) -> tuple[str, int, int]:
    """What is shown of a line that is too long to look at: the part around the caret, between ``…``; and its columns."""
    if len(line) <= _LONGEST:
        return line, column, end
    begin = max(0, min(column - 1 - _LONGEST // 3, len(line) - _LONGEST))
    shown = line[begin : begin + _LONGEST]
    shown = f"{'…' if begin else shown[0]}{shown[1:-1]}{'…' if begin + _LONGEST < len(line) else shown[-1]}"
    return shown, column - begin, max(column - begin + 1, min(end - begin, _LONGEST + 1))


def _visible(line: str) -> str:
    """Characters that steer a terminal or turn text around are shown as U+FFFD, so that a line cannot lie."""
    return "".join("\ufffd" if _steers(character) else character for character in line)


def _steers(character: str) -> bool:
    return character != "\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _about(finding: Diagnostic) -> dict[str, object]:
    return {"subject": finding.subject, "kind": finding.kind, "candidates": list(finding.candidates)}


def json_lines(findings: Iterable[Diagnostic]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(finding.as_dict(), ensure_ascii=False) + "\n" for finding in findings)


def sarif(findings: Sequence[Diagnostic], explanations: Mapping[str, str]) -> str:
    """A SARIF 2.1.0 log; ``explanations`` tells, by code, why a rule matters."""
    levels = {finding.code: _LEVELS[finding.severity] for finding in findings}
    rules = [
        {
            "id": code,
            "fullDescription": {"text": explanations.get(code, code)},
            "defaultConfiguration": {"level": levels[code]},
        }
        for code in sorted(levels)
    ]
    driver = {"name": "procdef", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(f) for f in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _result(finding: Diagnostic) -> dict[str, object]:
    related = [{**_location(item.span), "message": {"text": item.message}} for item in finding.related]
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.span)],
        "relatedLocations": related,
        "properties": _about(finding),
    }


def _location(span: Span) -> dict[str, object]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.path)}, "region": region}}


def _uri(path: str) -> str:
    """A path as a URI reference; a first part with a colon would else be read as the name of a scheme."""
    from urllib.parse import quote

    drive = _DRIVE.match(path)
    rest = path[drive.end() :] if drive else path
    written = quote(rest.replace("\\", "/").encode("utf-8", "surrogateescape"), safe="/-._~")
    return f"file:///{path[:2]}/{written}" if drive else written


def github(findings: Iterable[Diagnostic]) -> str:
    """Workflow commands that annotate the lines of a pull request."""
    return "".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    span = finding.span
    place = f"file={_escaped(span.path, True)},line={span.line},endLine={span.end_line},col={span.column}"
    message = _escaped(f"{finding.message} [{finding.code}]", False)
    return f"::{_COMMANDS[finding.severity]} {place}::{message}\n"


def _escaped(value: str, name: bool) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if name else value


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic]], str]] = {"json": json_lines, "github": github}
"""The formats that need nothing but the findings."""
