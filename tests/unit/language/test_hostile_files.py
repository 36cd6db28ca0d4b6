"""Whatever bytes come in, the answer is a list of findings, and it comes soon."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from procdef.errors import DefinitionInvalid
from procdef.language import check, load, load_source

SOUND = (Path(__file__).parents[2] / "golden" / "ok" / "syntax.yaml").read_bytes()
PIECES = (
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"- ",
    b"\n",
    b"  ",
    b"'",
    b'"',
    b"&a ",
    b"*a",
    b"!x ",
    b"null",
    b"1.5",
    b"\xff",
    b"|",
    b"#",
)


def codes(source: bytes) -> set[str]:
    try:
        load_source(source, "x.yaml")
    except DefinitionInvalid as refused:
        return {finding.code for finding in refused.diagnostics}
    return set()


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("encoding", b"id: \xff"),
        ("encoding", b'id: "\\x07"'),
        ("too-large", b"#" * (1024 * 1024 + 1)),
        ("too-deep", b"[" * 500_000),
        ("too-deep", b"- " * 400_000),
        ("too-large", b"[" + b"1," * 100_001 + b"]"),
        (
            "alias-bomb",
            b"a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(9)),
        ),
        ("empty-file", b""),
        ("empty-file", b"\xef\xbb\xbf"),
        ("wrong-type", b"just text"),
        ("missing-key", b"{}"),
    ],
)
def test_a_hostile_file_gives_a_finding(expected: str, source: bytes) -> None:
    assert expected in codes(source)


MANY = 3000
STAGE = "  s{0}:\n    title: T\n    owner: seller\n    {1}\n"


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ("unknown-stage", [STAGE.format(n, f"next: nowhere{n}") for n in range(MANY)]),
        ("unreachable-stage", [STAGE.format(n, "probability: 5") for n in range(MANY)]),
        ("unreachable-stage", [STAGE.format(n, f"next: [s{n + 1}, s{n * 7 % 50}]") for n in range(MANY)]),
        ("probability-falls", [STAGE.format(n, f"probability: {10 + n % 2 * 80}\n    next: s{n + 1}") for n in range(MANY)]),
        ("won-twice", [STAGE.format(n, f"outcome: won\n    next: s{n + 1}") for n in range(MANY)]),
        ("personal-data", ["  s:\n    title: T\n    playbook:\n      goal:", *[" call +358 40 1234567 or"] * MANY, "\n"]),
        ("wrong-type", [f"  s{n}: 3\n" for n in range(MANY)]),
        ("unknown-key", [f"k{n}: 3\n" for n in range(MANY)]),
        ("unknown-role", ["  s:\n    title: T\n", f"    owner: [{', '.join(f'r{n}' for n in range(MANY))}]\n"]),
        ("duplicate-item", ["  s:\n    title: T\n", f"    owner: [{', '.join(['seller'] * MANY)}]\n"]),
        ("unknown-name", [STAGE.format(n, f"exit_criteria: {{c: offr{n} > 3}}") for n in range(MANY)]),
        (
            "no-owner",
            ["  s:\n    title: T\n    optional_actions:\n"]
            + [f"      a{n}: {{title: T, milestone: offer, needs: a{n - 1 if n else 0}}}\n" for n in range(MANY)],
        ),
        (
            "needs-cycle",
            ["  s:\n    title: T\n    optional_actions:\n"]
            + [f"      a{n}: {{title: T, needs: a{(n + 1) % MANY}}}\n" for n in range(MANY)],
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0].strip(),
)
def test_thousands_of_faults_are_found_in_a_time_that_grows_with_the_file_only(expected: str, lines: list[str]) -> None:
    source = SOUND + "".join(lines).encode()
    assert expected in {finding.code for finding in check(source.decode())}


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("unknown-key", f"{{procdef: 1, {', '.join(f'k{n}: ä' for n in range(MANY))}}}"),
        ("wrong-type", f"{{procdef: 1, languages: [{', '.join(f'{{title: v{n}}}' for n in range(MANY))}]}}"),
        ("unknown-tag", "procdef: 1\nid:\n" + "".join(f"  k{n}: !x y\n" for n in range(MANY))),
    ],
    ids=["one long line", "a list of mappings", "tags"],
)
def test_many_values_are_read_in_a_time_that_grows_with_the_file_only(expected: str, source: str) -> None:
    assert expected in {finding.code for finding in check(source)}


def test_no_damage_to_a_sound_file_escapes_as_anything_but_findings() -> None:
    chance = random.Random(1)
    for _ in range(400):
        damaged = bytearray(SOUND)
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(damaged))
            damaged[start : start + chance.randint(0, 12)] = chance.choice(PIECES)
        codes(bytes(damaged))


def test_a_sound_text_loads_with_the_hash_of_its_bytes() -> None:
    process = load(SOUND.decode())
    assert (process.name, process.source) == ("small-sales v1", SOUND)
    assert list(process.starts) == ["meeting"]


def test_a_byte_order_mark_changes_no_position() -> None:
    assert check(SOUND.decode()) == check("\ufeff" + SOUND.decode())


def test_a_file_that_is_not_there_is_a_finding() -> None:
    assert [finding.code for finding in check(Path("no-such-file.yaml"))] == ["unreadable"]


def test_a_file_that_never_ends_is_not_read() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", "from procdef import check; print([f.code for f in check('/dev/zero')])"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
        capture_output=True,
        text=True,
    )
    assert finished.stdout == "['unreadable']\n"
