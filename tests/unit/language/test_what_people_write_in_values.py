"""Values in the notation of a spreadsheet, another country or language are told with the right form, where one is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.diagnostics import Diagnostic, Severity
from procdef.language import check

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8").replace(
    "roles:\n", 'goals: {won_value: {amount: 5000, per: quarter}}\n\nroles:\n', 1
)  # fmt: skip
CALENDAR = '  timezone: Europe/Helsinki\n  hours: {mon-fri: "09:00-17:00"}\n  closed: ["2026-12-24"]\n'
MENDED = [
    ("timezone: Europe/Helsinki", "timezone: Madrid", "Europe/Madrid"),
    ("timezone: Europe/Helsinki", "timezone: New York", "America/New_York"),
    ("mon-fri", "lun-vie", "mon-fri"),
    ("mon-fri", "Mo-Fr", "mon-fri"),
    ("mon-fri", "Monday-Friday", "mon-fri"),
    ("mon-fri", "Montag bis Freitag", "mon-fri"),
    ("mon-fri", "ma-pe", "mon-fri"),
    ('"09:00-17:00"', '"8am-5pm"', "08:00-17:00"),
    ('"09:00-17:00"', '"9 to 17"', "09:00-17:00"),
    ('"09:00-17:00"', '"09:00-13:00, 15:00-19:00"', '["09:00-13:00", "15:00-19:00"]'),
    ('"2026-12-24"', "12/31/2026", "2026-12-31"),
    ('"2026-12-24"', "24/12/2026", "2026-12-24"),
    ('"2026-12-24"', "2026/12/24", "2026-12-24"),
    ("amount: 5000", "amount: 150000 €", "150000"),
    ("amount: 5000", "amount: EUR 5000", "5000"),
    ("amount: 5000", "amount: 1.500.000", "1500000"),
    ("per: quarter", "per: trimestre", "quarter"),
    ("start: true", "start: sí", "true"),
    ("start: true", "start: kyllä", "true"),
    ("    outcome: won", "    outcome: ganado", "won"),
    ("{type: money", "{type: dinero", "money"),
    ("    title: Lead\n", "    title: 2026\n", '"2026"'),
    ("    title: Lead\n", "    title: true\n", '"true"'),
    ("    owner: seller\n", "    OWNER: seller\n", "owner"),
    ("    required_actions:", "    REQUIRED-ACTIONS:", "required_actions"),
    ("options: [user, decider]", "options: [user, decider, Página web]", "pagina_web"),
]
SPANS = [
    ("10 días", "10 days"), ("5 días hábiles", "5 business days"), ("3 Werktage", "3 business days"), ("2 Wochen", "2 weeks"),
    ("0.5 days", "12 hours"), ("1,5 hours", "90 minutes"), ("1.5 weeks", None), ("2.5 business days", None),
    ("5 arkipäivää", "5 business days"), ("3 monedas", None),
]  # fmt: skip
SAID = [
    ('"2026-12-24"', "03/04/2026", "write 2026-04-03 or 2026-03-04"),
    ("timezone: Europe/Helsinki", "timezone: CEST", "write it by continent and city"),
    ("timezone: Europe/Helsinki", "timezone: GMT+1", "write it by continent and city"),
    ("amount: 5000", "amount: 150.000 €", 'must be a number, not "150.000 €"'),
    ("    title: Lead\n", "    title:\n", "nothing stands behind the colon of"),
]


def sound() -> str:
    before, _, after = SOUND.partition("calendar:")
    rest = after.split("\n", 1)[1]
    while rest.startswith("  "):
        rest = rest.split("\n", 1)[1]
    return f"{before}calendar:\n{CALENDAR}{rest}"


def errors(text: str) -> list[Diagnostic]:
    return [one for one in check(text) if one.severity is Severity.ERROR]


def mended(text: str, found: Diagnostic) -> str:
    lines, span = text.split("\n"), found.span
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + (found.fix or "") + line[span.end_column - 1 :]
    return "\n".join(lines)


def test_the_process_of_these_tests_is_sound() -> None:
    assert errors(sound()) == []


@pytest.mark.parametrize(("right", "wrong", "fix"), MENDED)
def test_a_value_in_another_notation_is_told_once_with_a_mend_that_works(right: str, wrong: str, fix: str) -> None:
    assert right in sound()
    text = sound().replace(right, wrong, 1)
    (found,) = errors(text)
    assert found.fix == fix, found.message
    assert errors(mended(text, found)) == []


@pytest.mark.parametrize(("written", "fix"), SPANS)
def test_a_duration_in_another_language_or_with_a_fraction_is_told_with_the_right_one(written: str, fix: str | None) -> None:
    text = sound().replace("remind: 2 days", f"remind: '{written}'", 1)
    (found,) = errors(text)
    assert (found.code, found.fix) == ("bad-duration", fix)
    if fix:
        assert errors(mended(text, found)) == []


@pytest.mark.parametrize(("right", "wrong", "said"), SAID)
def test_what_may_mean_two_things_is_offered_no_single_one(right: str, wrong: str, said: str) -> None:
    (found,) = errors(sound().replace(right, wrong, 1))
    assert said in found.message
    assert (found.fix, found.candidates) == (None, ())
