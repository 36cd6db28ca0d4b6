"""What was proved of a process, as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdef.language.rules import BY_CODE
from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.proof import Flaw, Proved
from procdef.proof.account import Account
from procdef.render.text_layout import WIDTH, wrapped
from procdef.results.proof import not_decided
from procdef.unsafe_characters import one_line

_HEADINGS = {
    "stuck": "Stages from which every deal can come to an end",
    "dead-transition": "Ways that a deal was led along",
    "branch-gap": "Every deal finds a way on",
    "branch-overlap": "Never are two ways open at once",
    "approval-unasked": "No deal is won without the decision",
}

_BOUNDED = ", as it was when it was made"


def proof_text(process: ProcessDefinition, found: Account, width: int = WIDTH) -> str:
    """Flaws first, then what was proved, what was not decided, and how much was looked at."""
    lines = [f"{process.name}: {_heading(found)}"]
    for flaw in found.flaws:
        lines += ["", *wrapped(one_line(f"{_severity(flaw)}: {flaw.said} [{flaw.finding.code}]"), width, "  ", "    ")]
        if flaw.steps:
            lines += wrapped(one_line(f"steps: {' -> '.join(_steps(process, flaw))}"), width, "    ", "      ")
    if found.follows:
        about = ", ".join(each.about for each in found.follows)
        said = f"Deals get stuck here too, by what is told above: {about}"
        lines += ["", *wrapped(one_line(said), width, "  ", "    ")]
    lines += ["", "Proved"]
    for code, head in _HEADINGS.items():
        for bounded in (False, True):
            proved = [each for each in found.of(code) if each.bounded is bounded]
            lines += _proved(head + _BOUNDED * bounded, proved, code, found, width)
    met = len(found.of("always-true"))
    if met:
        lines += wrapped(f"{met} of {found.conditions} conditions can be both true and false.", width, "  ", "    ")
    if found.open:
        lines += ["", "Not decided"]
        for each in found.open:
            lines += wrapped(one_line(f"{not_decided(each)}; {each.remedy}"), width, "  ", "    ")
    lines += ["", *wrapped(_effort(found), width)]
    return "\n".join(lines)


def _severity(flaw: Flaw) -> str:
    return str(BY_CODE[flaw.finding.code].severity)


def _heading(found: Account) -> str:
    bad, open_ = len(found.flaws), len(found.open)
    parts = ["nothing found" if not bad else f"{bad} found"]
    return ", ".join([*parts, *([f"{open_} not decided"] if open_ else [])])


def _proved(head: str, proved: Sequence[Proved], code: str, found: Account, width: int) -> Iterator[str]:
    if not proved:
        return
    whole = {"stuck": found.stages, "dead-transition": found.ways}.get(code)
    count = f" ({len(proved)} of {whole})" if whole is not None else ""
    yield from wrapped(f"{head}{count}:", width, "  ", "    ")
    sentences: dict[str, list[str]] = {}
    for each in proved:
        sentences.setdefault("" if code == "dead-transition" else each.sentence, []).append(each.about)
    for sentence, about in sentences.items():
        text = ", ".join(about) + (f": {sentence}" if sentence else "")
        yield from wrapped(one_line(text), width, "    ", "      ")


def _effort(found: Account) -> str:
    states = f", {found.states} states of deals played" if found.states else ""
    return f"{found.questions} questions to the conditions in {found.steps} steps{states}."


def _steps(process: ProcessDefinition, flaw: Flaw) -> Iterator[str]:
    """Each step in short; one on another day than the one before tells the day."""
    before = ""
    for each in flaw.steps:
        day = instant(each.at).astimezone(process.calendar.zone).date().isoformat()
        told = _step(each.do, each.given)
        yield told if day == before or not before else f"on {day} {told}"
        before = day


def _step(verb: str, given: object) -> str:
    told = given if isinstance(given, dict) else {}
    values = ", ".join(f"{name}={_value(value)}" for name, value in (told.get("values") or {}).items())
    about = told.get("action") or told.get("to") or told.get("stage") or told.get("criterion") or ""
    return " ".join(part for part in (verb, about, values) if part)


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
