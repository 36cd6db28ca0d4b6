"""Refused steps and faulty process files, told on stderr."""

from __future__ import annotations

from pathlib import Path

from procdef.cli.settings import Settings, settings
from procdef.errors import DefinitionInvalid, StepRefused

_WHO = "say who takes the step: --as ID:ROLE, as in --as maija:seller (or set PROCDEF_ACTOR)"


def complain(error: StepRefused | DefinitionInvalid) -> None:
    """Everything that is unmet or wrong, with the way out."""
    now = settings()
    now.show(_refused(error, now) if isinstance(error, StepRefused) else _invalid(error), err=True)


def _refused(refused: StepRefused, now: Settings) -> str:
    from procdef.render.refusal import refusal_text

    nobody = now.behalf is None and any(item.code == "not-yours" for item in refused.unmet)
    return refusal_text(refused) + f"\n      {_WHO}" * nobody


def _invalid(invalid: DefinitionInvalid) -> str:
    from procdef.render.findings import text

    errors = [finding for finding in invalid.diagnostics if finding.severity == "error"]
    paths = {finding.span.path for finding in errors}
    sources = {path: found for path in paths if (found := source(Path(path)))}
    return text(errors, sources).rstrip("\n")


def source(path: Path) -> str:
    """A file's text for excerpts; a hostile size is not read, and what cannot be read is empty."""
    try:
        with path.open("rb") as file:
            return file.read(1024 * 1024).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
