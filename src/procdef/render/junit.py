"""What came of scenarios as a JUnit report, which build servers read.

The order of parts and the attributes are those of both schemas in use, that of Jenkins and that of Ant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from procdef.diagnostics import Diagnostic
from procdef.render.scenarios import failure_text
from procdef.scenarios.results import Outcome


class FilePlayed(NamedTuple):
    """A file of scenarios: what was wrong in it, or what came of each."""

    name: str
    errors: Sequence[Diagnostic]
    outcomes: Sequence[Outcome]


def junit(files: Iterable[FilePlayed], at: datetime) -> bytes:
    """The report, in UTF-8."""
    root = Element("testsuites")
    for number, file in enumerate(files):
        _suite(root, number, file, at)
    indent(root)
    text: str = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(root: Element, number: int, file: FilePlayed, at: datetime) -> None:
    failed = sum(not each.passed for each in file.outcomes)
    seconds = sum(each.seconds for each in file.outcomes)
    suite = SubElement(
        root,
        "testsuite",
        name=_clean(file.name),
        package="procdef",
        id=str(number),
        timestamp=at.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
        tests=str(len(file.outcomes) + bool(file.errors)),
        failures=str(failed),
        errors=str(int(bool(file.errors))),
        time=f"{seconds:.3f}",
    )
    SubElement(suite, "properties")
    if file.errors:
        case = SubElement(suite, "testcase", name="the file can be played", classname=_clean(file.name), time="0")
        first = file.errors[0]
        fault = SubElement(case, "error", message=_clean(first.message), type=first.code)
        fault.text = _clean("\n".join(f"line {each.span.line}: {each.message} [{each.code}]" for each in file.errors))
    for each in file.outcomes:
        case = SubElement(suite, "testcase", name=each.scenario, classname=_clean(file.name), time=f"{each.seconds:.3f}")
        if not each.passed:
            about = "; ".join(f"{one.key}: expected {one.expected}, found {one.found}" for one in each.differences)
            failure = SubElement(case, "failure", message=_clean(about), type="difference")
            failure.text = _clean(failure_text(each))
    SubElement(suite, "system-out")
    SubElement(suite, "system-err")


def _clean(text: str) -> str:
    """The text without what no XML can hold."""
    return "".join(sign if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
                   else "\ufffd" for sign in text)  # fmt: skip
