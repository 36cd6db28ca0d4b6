"""XES as IEEE 1849 says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from awkward import AWKWARD, Exporter

from procdef.audit.export import Source
from procdef.audit.export.xes import escaped, xes_lines

SPACE = "{http://www.xes-standard.org/}"
NAME = re.compile(r"[A-Za-z_:][\w:.-]*", re.ASCII)
ORDER = ["extension", "global", "classifier", "attribute", "trace"]
VALUES = {"string": str, "id": str, "int": int, "date": datetime.fromisoformat}


@pytest.fixture
def log(exporting: Exporter) -> ElementTree.Element:
    return ElementTree.parse(exporting("xes", personal=True)[0]).getroot()


def values(element: ElementTree.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if "key" in child.attrib}


def test_the_document_is_built_as_the_schema_of_the_standard_says(log: ElementTree.Element) -> None:
    assert (log.tag, log.get("xes.version")) == (f"{SPACE}log", "1849.2016")
    kinds = [child.tag.removeprefix(SPACE) for child in log]
    places = [ORDER.index("attribute" if kind in VALUES else kind) for kind in kinds]
    assert places == sorted(places)
    assert [found for found in map(_misfit, log.iter()) if found] == []


def _misfit(element: ElementTree.Element) -> str | None:
    kind = element.tag.removeprefix(SPACE)
    if kind in VALUES:
        VALUES[kind](element.get("value", ""))
        return None if list(element.attrib) == ["key", "value"] and NAME.fullmatch(element.get("key", "")) else kind
    keys = [child.get("key") for child in element if "key" in child.attrib]
    return None if len(keys) == len(set(keys)) else f"{kind} has a key twice"


def test_a_trace_is_a_deal_and_none_is_empty(log: ElementTree.Element) -> None:
    traces = log.findall(f"{SPACE}trace")
    assert {values(trace)["deal"] for trace in traces} == {*AWKWARD, "(erased)"} - {AWKWARD[4]}
    assert min(len(trace.findall(f"{SPACE}event")) for trace in traces) > 0


def test_an_event_has_what_process_mining_asks_for(log: ElementTree.Element) -> None:
    needed = {"concept:name", "time:timestamp", "lifecycle:transition", "org:resource", "org:role", "data"}
    assert [event for event in log.iter(f"{SPACE}event") if not needed <= set(values(event))] == []


def test_nothing_outside_ascii_is_written_as_it_is(exporting: Exporter) -> None:
    raw = exporting("xes", personal=True)[0].read_bytes()
    assert raw.isascii()
    assert b"&#228;" * 5000 in raw


def test_all_that_is_referred_to_is_extended_by_a_standard_extension(log: ElementTree.Element) -> None:
    prefixes = {child.get("prefix") for child in log.findall(f"{SPACE}extension")}
    keys = {child.get("key", "") for child in log.iter() if ":" in child.get("key", "")}
    assert {key.partition(":")[0] for key in keys} <= prefixes


def test_a_log_without_deals_has_no_trace() -> None:
    found = ElementTree.fromstring(b"".join(xes_lines(iter(()), Source("log", 0, "00", False))))
    assert found.findall(f"{SPACE}trace") == []


def _read(text: str) -> Iterator[str]:
    yield ElementTree.fromstring(f'<a b="{escaped(text)}"/>').get("b", "")


@pytest.mark.parametrize("text", ["a\tb\nc\r\nd", '<&>"', "'", "\u00e4\u4f60\U0001f600", ""])
def test_a_text_is_read_as_it_was(text: str) -> None:
    assert list(_read(text)) == [text]


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert list(_read("a\x00\x0b\ufffe\ud800b")) == ["a\ufffd\ufffd\ufffd\ufffdb"]


def test_the_file_is_the_one_that_is_told_of(exporting: Exporter) -> None:
    path, about = exporting("xes")
    assert path.read_bytes().count(b"<event>") == about["rows"]
    assert path.read_bytes().count(b"<trace>") == about["deals"]
    assert not re.search(rb"anna@a|HYPERLINK", path.read_bytes())
    assert isinstance(path, Path)
