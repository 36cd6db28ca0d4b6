"""From a clean tree to the process definition that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

from procdef.calendar import Calendar, Ranges
from procdef.diagnostics import Finding
from procdef.expression import Scope
from procdef.language.build_fields import FieldBuilder
from procdef.language.build_stages import StageBuilder
from procdef.language.currencies import WHOLE
from procdef.language.faulty_parts import Faulty
from procdef.language.partly_read_process import Draft
from procdef.language.shape.calendars import DAYS, covered
from procdef.language.value_forms import duration_unless_always, ids, text, titled
from procdef.language.yaml.tree import Tree
from procdef.model import DealSettings, Goal, Lost, Measure, ProcessDefinition, Reopening, Role, Text

Raw = Mapping[str, Any]


def build(
    tree: Tree, raw: Raw, source: bytes, faulty: Faulty, published: bool = False
) -> tuple[Draft, tuple[Finding, ...]]:
    """The draft that the sound values of a tree mean, and what is wrong inside its expressions.

    Expressions that cannot be compiled are among the faulty parts of the draft. In what was ``published`` nothing that can be
    read is asked about.
    """
    language = raw["languages"][0]
    placeholders = tuple(raw.get("placeholders", ()))
    whole = raw.get("currency") if raw.get("currency") in WHOLE else None
    each_field = FieldBuilder(tree, language, placeholders, whole)
    fields = {name: each_field.field(name, spec) for name, spec in raw["fields"].items()}
    calendar = _calendar(raw["calendar"]) if "calendar" in raw else Calendar(given=False)
    actions = {
        stage: tuple({**spec.get("required_actions", {}), **spec.get("optional_actions", {})})
        for stage, spec in raw["stages"].items()
    }
    types = {name: field.type for name, field in fields.items()}
    scope = Scope(
        types,
        actions,
        calendar.zone,
        raw.get("currency"),
        faulty=faulty.names,
        published=published,
        whole_money=whole is not None,
    )
    builder = StageBuilder(tree, language, scope, faulty)
    scores = builder.scores(raw.get("scores", {}))
    process = ProcessDefinition(
        id=raw["id"],
        version=raw["version"],
        lang=raw["procdef"],
        title=text(raw["title"], language),
        languages=tuple(raw["languages"]),
        roles={name: _role(tree, name, spec, language) for name, spec in raw["roles"].items()},
        fields=fields,
        scores=scores,
        stages={name: builder.stage(name, spec) for name, spec in raw["stages"].items()},
        source=source,
        sha256=sha256(source).hexdigest(),
        calendar=calendar,
        description=_optional(raw, "description", language),
        currency=raw.get("currency"),
        deal=_deal(raw.get("deal", {})),
        lost=_lost(raw["lost"], language) if "lost" in raw else None,
        goals={name: _goal(name, spec) for name, spec in raw.get("goals", {}).items()},
        measures={name: _measure(name, spec, language) for name, spec in raw.get("measures", {}).items()},
        placeholders=placeholders,
    )
    return Draft(process, faulty | builder.uncompiled, tree.line), tuple(builder.findings)


def _optional(raw: Raw, key: str, language: str) -> Text | None:
    return text(raw[key], language) if key in raw else None


def _role(tree: Tree, name: str, raw: Raw, language: str) -> Role:
    description = _optional(raw, "description", language)
    return Role(name, text(raw["title"], language), description, tree.line("roles", name))


def _calendar(raw: Raw) -> Calendar:
    hours = working_hours(raw.get("hours", {}))
    calendar = Calendar(
        timezone=raw["timezone"],
        country=raw.get("holidays"),
        region=raw.get("region"),
        closed=frozenset(date.fromisoformat(day) for day in raw.get("closed", ())),
        given=True,
    )
    return replace(calendar, hours=hours, hours_given=True) if hours else calendar


def working_hours(raw: Mapping[str, Any]) -> dict[int, Ranges]:
    """Sound working hours by day as a calendar has them: by weekday from Monday (0)."""
    hours: dict[int, Ranges] = {}
    for days, ranges in raw.items():
        spans = tuple(_range(item) for item in ids(ranges))
        hours |= dict.fromkeys(map(DAYS.index, covered(days)), spans)
    return hours


def _range(raw: str) -> tuple[time, time]:
    start, _, end = raw.partition("-")
    return time.fromisoformat(start), time() if end == "24:00" else time.fromisoformat(end)


def _deal(raw: Raw) -> DealSettings:
    return DealSettings(
        raw.get("value"), raw.get("close"), ids(raw.get("assign_by")), ids(raw.get("correct_by")), raw.get("title")
    )


def _lost(raw: Raw, language: str) -> Lost:
    reopen = raw.get("reopen")
    named = {reason: spec for reason, spec in raw["reasons"].items() if isinstance(spec, dict) and "records" in spec}
    return Lost(
        reasons=titled(raw["reasons"], language),
        note_required=raw.get("note") == "required",
        reopen=Reopening(ids(reopen["by"]), duration_unless_always(reopen["within"])) if reopen else None,
        records={reason: ids(spec["records"]) for reason, spec in named.items()},
    )


def _goal(name: str, raw: Any) -> Goal:
    if not isinstance(raw, dict):
        return Goal(name, Decimal(raw))
    return Goal(name, Decimal(raw["amount"] if "amount" in raw else raw["count"]), raw["per"])


def _measure(name: str, raw: Raw, language: str) -> Measure:
    return Measure(name, raw["field"], raw["aggregate"], _optional(raw, "title", language), raw.get("over", "won"))
