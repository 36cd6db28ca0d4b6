"""Refused steps and faulty process files, told on stderr."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from procdef.cli.global_options import Settings, settings
from procdef.errors import DefinitionInvalid
from procdef.open_databases import is_held
from procdef.results.refusal import StepRefused

if TYPE_CHECKING:
    from procdef.model import Text

_MOST_NAMED = 10


def complain(error: StepRefused | DefinitionInvalid) -> None:
    """Everything that is unmet or wrong, with the way out."""
    now = settings()
    now.show(_refused(error, now) if isinstance(error, StepRefused) else _invalid(error), err=True)


def deal_in_other_case(name: str) -> str | None:
    """The deal that differs from a name by its case alone, where there is one."""
    from procdef.errors import ProcdefError

    for other in dict.fromkeys((name.upper(), name.lower(), name.capitalize())):
        try:
            return settings().engine().deal(other).key if other != name else None
        except ProcdefError:
            continue
    return None


def what_there_is(wanted: str, given: dict[str, object]) -> str:
    """What to fill in for an argument that was left out: the deals, or what its stage has; else empty."""
    from procdef.errors import ProcdefError
    from procdef.store.queries import Deals

    try:
        engine = settings().engine()
        if wanted == "deal":
            names = [row.name for row in engine.deals(Deals(limit=_MOST_NAMED + 1))]
            more = " and more" if len(names) > _MOST_NAMED else ""
            return f"the deals are {', '.join(names[:_MOST_NAMED])}{more}; `procdef deals` lists them" if names else ""
        there = engine.deal(str(given["deal"]))
        definition = engine.definition_of(there)
        stage = definition.stages[there.stage]
        if wanted == "action":
            found = stage.actions
            return _listed(f"the actions of {stage.id}", {one.id: one.title for one in found}, settings().lang)
        if wanted == "to":
            back = {one: definition.stages[one].title for one in stage.back}
            return _listed(f"from {stage.id} it goes back to", back, settings().lang) or f"no way leads back from {stage.id}"
        if wanted == "reason" and definition.lost:
            return _listed("the reasons for losing a deal", definition.lost.reasons, settings().lang)
    except (ProcdefError, KeyError):
        return ""
    return ""


def _listed(what: str, titles: Mapping[str, Text], language: str | None) -> str:
    verb = "" if what.endswith(" to") else " are"
    names = ", ".join(f"{name} ({title.in_language(language)})" for name, title in titles.items())
    return f"{what}{verb} {names}" if names else ""


def _refused(refused: StepRefused, now: Settings) -> str:
    from procdef.render.refusal import refusal_text

    return refusal_text(refused) + _who(refused, now)


def _who(refused: StepRefused, now: Settings) -> str:
    """How to say who takes the step and in which role, to those who did not."""
    if now.engine().people.current() is not None:
        return ""
    person = now.actor().person
    able = [role for item in refused.unmet if item.code == "not-yours" for role in item.who]
    if person.roles or not able:
        return ""
    name = shlex.quote(f"{person.id if now.behalf else 'maija'}:{able[0]}")
    what = "in which role" if now.behalf else "who takes the step"
    return f"\n      say {what}: --as ID:ROLE, as in --as {name} (or set PROCDEF_ACTOR)"


def _invalid(invalid: DefinitionInvalid) -> str:
    from procdef.render.findings import text

    errors = [finding for finding in invalid.diagnostics if finding.severity == "error"]
    paths = {finding.span.path for finding in errors}
    sources = {path: found for path in paths if (found := source(Path(path)))}
    return text(errors, sources).rstrip("\n")


def source(path: Path) -> str:
    """A file's text for excerpts; a hostile size is not read, and what cannot be read is empty."""
    if is_held(path) or not path.is_file():  # a pipe may never begin
        return ""
    try:
        with path.open("rb") as file:
            return file.read(1024 * 1024).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
