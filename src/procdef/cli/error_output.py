"""Refused steps and faulty process files, told on stderr."""

from __future__ import annotations

import shlex
from pathlib import Path

from procdef.cli.global_options import Settings, settings
from procdef.errors import DefinitionInvalid
from procdef.open_databases import is_held
from procdef.results.refusal import StepRefused


def complain(error: StepRefused | DefinitionInvalid) -> None:
    """Everything that is unmet or wrong, with the way out."""
    now = settings()
    now.show(_refused(error, now) if isinstance(error, StepRefused) else _invalid(error), err=True)


def _refused(refused: StepRefused, now: Settings) -> str:
    from procdef.render.refusal import refusal_text

    return refusal_text(refused) + _who(refused, now)


def _who(refused: StepRefused, now: Settings) -> str:
    """How to say who takes the step and in which role, to those who did not."""
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
