"""A fix is offered only where it mends: put in the place of what it is offered for, the finding is gone and none is new."""

from __future__ import annotations

import runpy
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from test_usual_mistakes import MISTAKES, SOUND

from procdef.checking import check_bytes
from procdef.diagnostics import Diagnostic, Severity

ROOT = Path(__file__).parents[3]
GOLDEN = sorted((ROOT / "tests" / "golden" / "err").glob("*.yaml"))
AGAINST = sorted((ROOT / "tests" / "golden" / "against_versions" / "err").glob("*.yaml"))
FORKED = """\
procdef: 1
id: offers
version: 1
title: Offers
languages: [en]
currency: EUR
roles:
  seller: {title: Salesperson}
fields:
  price: {type: money}
  seats: {type: integer}
  discount: {type: percent}
  source: {type: choice, options: [fair, referral, other]}
  need: {type: text, personal: false}
  close: {type: date}
deal: {value: price}
lost: {reasons: {no_need: No need}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      send: {title: Send it, records: [price, seats, discount, source, need, close], evidence: note, milestone: offer}
    exit_criteria:
      fits: {check: seats > 3}
    next: won
  won:
    title: Won
    owner: seller
    outcome: won
    optional_actions: {thank: {title: Thank}}
"""


def mended(source: str, finding: Diagnostic) -> str:
    """The text as an editor changes it."""
    assert finding.fix is not None
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    span = finding.span
    start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
    return source[:start] + finding.fix + source[end:]


def told(found: list[Diagnostic]) -> Counter[tuple[str, str | None, str]]:
    return Counter((one.code, one.subject, one.message) for one in found)


def check(source: str, name: str = "<text>") -> list[Diagnostic]:
    return check_bytes(source.encode("utf-8", "surrogatepass"), name)


def refused(source: str, name: str = "<text>") -> list[str]:
    """The offered fixes that do not mend."""
    found = check(source, name)
    wrong = []
    for finding in found:
        if finding.fix is not None:
            after = check(mended(source, finding), name)
            stays = told(after)[finding.code, finding.subject, finding.message] >= told(found)[
                finding.code, finding.subject, finding.message
            ]
            fresh = told([one for one in after if one.severity is Severity.ERROR]) - told(found)
            wrong += [f"{finding.code}: {finding.fix}: {[*fresh] or 'still there'}"] if stays or fresh else []
    return wrong


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_a_golden_file_is_offered_mends_it(path: Path) -> None:
    assert refused(path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff"), str(path)) == []


DROPPED = "with null"
"""What a sentence says that offers to drop something; no fix, as whoever writes the plan has to decide it."""


@pytest.mark.parametrize("path", AGAINST, ids=lambda path: path.stem)
def test_what_is_offered_for_a_plan_or_a_directory_mends_it(path: Path) -> None:
    found = runpy.run_path(str(ROOT / "tools" / "make_diagnostics.py"))["found_against_versions"]
    source = path.read_text("utf-8")
    (one,) = found(source.encode(), str(path))
    fix = one.fix or ("null" if DROPPED in one.message else None)
    if fix is not None:
        assert found(mended(source, replace(one, fix=fix)).encode(), str(path)) == []


@pytest.mark.parametrize(("right", "wrong", "_said"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_what_a_usual_mistake_is_offered_mends_it(right: str, wrong: str, _said: str) -> None:
    assert refused(SOUND.replace(right, wrong, 1).replace("«", "", 1)) == []


@pytest.mark.parametrize(
    ("fix", "written"),
    [
        (">", "seats is greater than 3"),
        ("<=", "seats is not greater than 3"),
        (">=", "seats is at least 3"),
        (">=", "seats at least 3"),
        ("<", "seats is less than 3"),
        ("<=", "seats is no more than 3"),
        (">=", "seats is more than or equal to 3"),
        ("!=", "seats is not equal to 3"),
        ("==", "seats equals 3"),
        ("> 15 %", "discount is greater than 15"),
        ("15 %", "discount > 15"),
        ("== fair", "source is fair"),
        ("'source in [fair, referral]'", "source in fair, referral"),
        ("'source in [fair, referral]'", "source in (fair, referral)"),
        ("'source in [fair, referral]'", "source is one of fair, referral"),
        ("'source in [fair]'", "source is in [fair]"),
        ("in", "'source is in [fair]'"),
        ("not in", "'source is not in [fair]'"),
        ("[fair, other]", "'source in fair, other'"),
        ('\\"fair\\"', "\"source == 'fair'\""),
        ('"fair"', "source == 'fair'"),
        ("fair", "source == fare"),
        (">=", "seats > = 3"),
        ("<=", "seats =< 3"),
        ("==", "seats === 3"),
        ("==", "seats = 3"),
        ("<", "close is before today"),
        ("contains", "need includes \"x\""),
        ("deal.age", "deal.agee > 3 days"),
        (None, "deal.value > 3"),
        (None, "seats is many"),
        (None, "seats is foo bar 3"),
        (None, "elsewhere"),
        ("offer.send is done", "offer.send"),
        ("offer.send", "ofer.send is done"),
        ("offer.send", "offer.sent is done"),
    ],
)  # fmt: skip
def test_an_expression_is_offered_what_mends_it_and_nothing_else(fix: str | None, written: str) -> None:
    source = FORKED.replace("check: seats > 3", f"check: {written}")
    offered = [one.fix for one in check(source) if one.severity is Severity.ERROR]
    assert (offered, refused(source)) == ([fix], [])


@pytest.mark.parametrize(
    ("fix", "right", "wrong"),
    [
        ("[en]", "languages: [en]", "languages: en"),
        ("[price, seats]", "records: [price, seats, discount, source, need, close]", "records: price, seats"),
        ("[price, seats]", "send: {title: Send it, records: [price, seats, discount, source, need, close], evidence: note, "
                           "milestone: offer}", "send:\n        title: Send it\n        records: price, seats"),
        ("won", "next: won", "next: wun"),
        (None, "type: money", "type: user"),
        (None, "type: money", "type: cost"),
        ("money", "type: money", "type: mony"),
        (None, "currency: EUR", "currency: XYZ"),
        ("EUR", "currency: EUR", "currency: HRK"),
        ("EUR", "currency: EUR", "currency: euro"),
        (None, "currency: EUR", "currency: KHX"),
        ("ja", "languages: [en]", "languages: [jp]"),
        ("cs", "languages: [en]", "languages: [cz]"),
        ("en", "languages: [en]", "languages: [English]"),
        (None, "languages: [en]", "languages: [xx]"),
        (None, "seats > 3}", "seats > 3, waivable_by: boss}"),
        ("seller", "seats > 3}", "seats > 3, waivable_by: Salesperson}"),
        ("{within: 3 days}", "    next: won", "    sla: 3 days\n    next: won"),
        ("won", "outcome: won", "outcome: closed won"),
    ],
)  # fmt: skip
def test_a_value_is_offered_what_mends_it_and_nothing_else(fix: str | None, right: str, wrong: str) -> None:
    source = FORKED.replace(right, wrong)
    offered = [one.fix for one in check(source) if one.severity is Severity.ERROR]
    assert (offered, [one for one in refused(source) if "unused" not in one]) == ([fix], [])


KEYED = [(number, line) for number, line in enumerate(FORKED.split("\n")) if ": " in line]
SPOILT = {
    "a dash": (": ", ": - "),
    "a full-width colon": (": ", "： "),
    "two colons": (": ", "：: "),
    "no space": (": ", ":"),
    "no colon": (": ", " "),
    "brackets left out": (("[", ""), ("]", "")),
    "a tag": (": ", ": !!python/name:os.system "),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize(("number", "line"), KEYED, ids=[line.strip()[:20] for _, line in KEYED])
def test_a_spoilt_line_is_told_once_and_what_is_offered_mends_it(number: int, line: str, kind: str) -> None:
    first, *more = SPOILT[kind] if isinstance(SPOILT[kind][0], tuple) else (SPOILT[kind],)
    wrong = line.replace(*first, 1)
    for change in more:
        wrong = wrong.replace(*change, 1)
    lines = FORKED.split("\n")
    source = "\n".join([*lines[:number], wrong, *lines[number + 1 :]])
    errors = [one for one in check(source) if one.severity is Severity.ERROR]
    assert (len(errors), refused(source)) == (int(wrong != line), [])
