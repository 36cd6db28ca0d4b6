"""One attempt at a step, and what many commands ask of it.

A case is a dictionary: ``process``, ``deal`` (``None`` before the start), ``step`` (the command's name under ``do``, and
its arguments), ``person``, ``roles`` and ``now``. For each command there are three functions: ``alone`` yields, in the
page's order, the refusals that stand alone; ``rest`` gives all others at once; ``effect`` changes the deal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oracle.deals import Item, item
from oracle.values import FIELDS

Case = dict[str, Any]
Alone = Iterator[set[Item]]


def blank(text: str | None) -> bool:
    return text is None or not text.strip(" \u200b\u2800\u3164")


def unless(code: str, about: str, fine: bool) -> set[Item]:
    return set() if fine else {item(code, about)}


def may(case: Case, about: str, roles: set[str]) -> set[Item]:
    return unless("not-yours", about, bool(case["roles"] & roles))


def here(case: Case) -> str:
    stage: str = case["deal"]["stage"]
    return stage


def closed(case: Case, *modes: str) -> set[Item]:
    """Refused in any mode but these."""
    return unless("closed", here(case), case["deal"]["mode"] in modes)


def undeclared(values: dict[str, Any], *others: str) -> set[Item]:
    """One item over all that the definition lacks: the fields it does not know, and the others given here."""
    missing = [*others, *(field for field in values if field not in FIELDS)]
    return {item("not-declared", *missing)} if missing else set()
