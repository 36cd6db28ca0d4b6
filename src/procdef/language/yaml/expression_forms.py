"""What to write for an expression that YAML spoils: it must be quoted, and then read as an expression too."""

from __future__ import annotations

import re

from procdef.expression.syntax import SyntaxFault, parse
from procdef.language.yaml.quoting import quoted

_COMMA = re.compile(r"\s*,\s*")


def expression_form(whole: str) -> str | None:
    """The quoted form of an expression, mended where that is certain; None where it cannot be read even then."""
    for form in (whole, _mended(whole), _COMMA.sub(" and ", whole)):
        if form is not None and _faulty(form) is None:
            return quoted(form)
    return None


def _faulty(form: str) -> SyntaxFault | None:
    try:
        parse(form)
    except SyntaxFault as wrong:
        return wrong
    return None


def _mended(whole: str) -> str | None:
    wrong = _faulty(whole)
    if wrong is None or wrong.fault.fix is None:
        return None
    place = wrong.fault.place
    return whole[: place.start] + wrong.fault.fix + whole[place.end :]
