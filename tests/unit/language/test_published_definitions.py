"""What was accepted and published once stays readable, whatever today's checks or this machine say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.errors import DefinitionInvalid
from procdef.language import check, load, load_published, load_source
from procdef.machine import build_machine

SMALL = Path(__file__).parents[2] / "golden" / "ok" / "syntax.yaml"
FAULTY = sorted((Path(__file__).parents[2] / "golden" / "err").glob("*.yaml"))
READABLE = (
    "unknown-time-zone", "unknown-time-zone-of-the-machine", "unknown-country-region", "unknown-country-code",
    "unknown-currency-code",
    "skipped-time", "ambiguous-number", "trap", "needs-deadlock", "won-twice", "no-start", "open-end", "missing-translation",
)  # fmt: skip
UNREADABLE = ("unknown-key", "missing-key", "unknown-stage", "unknown-name", "type-mismatch", "newer-language", "invalid-yaml")


@pytest.mark.parametrize("file", FAULTY, ids=lambda file: file.stem)
def test_a_published_definition_is_read_whole_or_refused(file: Path) -> None:
    try:
        definition = load_published(file.read_bytes(), file.name)
    except DefinitionInvalid:
        assert any(found.severity == "error" for found in check(file))
    else:
        build_machine(definition)


@pytest.mark.parametrize("name", [name for name in READABLE if any(file.stem == name for file in FAULTY)])
def test_what_only_a_check_has_against_it_keeps_nobody_from_reading_it(name: str) -> None:
    file = next(file for file in FAULTY if file.stem == name)
    assert load_published(file.read_bytes(), file.name).source == file.read_bytes()
    if any(found.severity == "error" for found in check(file)):
        with pytest.raises(DefinitionInvalid):
            load(file)


@pytest.mark.parametrize("name", [name for name in UNREADABLE if any(file.stem == name for file in FAULTY)])
def test_what_means_nothing_is_refused_as_before(name: str) -> None:
    file = next(file for file in FAULTY if file.stem == name)
    with pytest.raises(DefinitionInvalid):
        load_published(file.read_bytes(), file.name)


def test_a_zone_that_is_not_known_here_stands_in_the_definition_as_it_was_written() -> None:
    file = next(file for file in FAULTY if file.stem == "unknown-time-zone")
    assert load_published(file.read_bytes(), file.name).calendar.timezone == "Europe/Helsingfors"


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    """A service that makes an engine for each request reads its processes with the first of them."""
    source = SMALL.read_bytes() + b"# once\n"
    (tmp_path / "sales.yaml").write_bytes(source)
    first = load(tmp_path / "sales.yaml")
    assert load_published(bytes(bytearray(source)), "sales v1") is first
    (tmp_path / "sales.yaml").write_bytes(source + b"# twice\n")
    assert load(tmp_path / "sales.yaml").sha256 != first.sha256


def test_definitions_that_were_not_asked_for_of_late_are_let_go() -> None:
    sources = [SMALL.read_bytes() + b"# number %d\n" % number for number in range(70)]
    first, *_ = [load_source(source, "x") for source in sources]
    assert load_source(sources[-1], "x") is load_source(sources[-1], "y")
    assert load_source(sources[0], "x") is not first
