"""A new process, with comments that tell its writer what each part is for."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator


def process_text(name: str, title: str, stages: list[str], roles: list[str], won: str | None = None) -> str:
    """A process of these stages in a row. ``won`` is the one that wins the deal on entering it, the last if absent.

    The first of the roles owns the stages; the second, if there is one, makes exceptions; others own the stages from
    the win on together with the first.
    """
    owner, *others = _ids(roles, "role")
    manager = others[0] if others else None
    ids = _ids(stages, "stage")
    winning = stages.index(won) if won else len(stages) - 1
    lines = [_TOP.format(id=name if name[:1].isalpha() else f"process-{name}".rstrip("-"), title=_q(title)), "roles:"]
    lines += [f"  {role}: {{title: {_q(text)}}}" for role, text in zip((owner, *others), roles, strict=True)]
    lines += ["", _FIELDS, *_rights(manager), "stages:"]
    for number, stage in enumerate(ids):
        owners = [owner, *others[1:]] if number >= winning else [owner]
        shown = owner if len(owners) == 1 else f"[{', '.join(owners)}]"
        lines += [*_stage(stage, stages[number], shown, number, winning)]
        lines += [f"    next: {after}" for after in ids[number + 1 : number + 2]]
        lines += [f"    back: [{ids[number - 1]}]"] * (0 < number < winning) + [""]
    return "\n".join([*lines, _MORE.format(manager=manager or owner)])


def _rights(manager: str | None) -> Iterator[str]:
    if manager is None:
        yield "deal: {value: offer_value}          # what a deal is worth, in lists and reports"
        yield ""
        yield _LOST
        return
    yield f"deal: {{value: offer_value, assign_by: {manager}, correct_by: {manager}}}   # what a deal is worth; who may"
    yield ""
    yield f"{_LOST}\n  reopen: {{by: {manager}, within: 90 days}}"
    yield ""


def _stage(stage: str, title: str, owner: str, number: int, winning: int) -> Iterator[str]:
    yield f"  {stage}:"
    yield f"    title: {_q(title)}"
    if number == 0:
        yield "    start: true                     # deals may start here"
    yield f"    owner: {owner}"
    if number < winning:
        chance = 10 + 80 * number // winning // 5 * 5
        yield f"    probability: {chance:<3}                # percent: how many of the deals here are won, as you guess"
    if number == winning:
        yield "    outcome: won                    # entering this stage means that the deal is won"
    yield "    required_actions:               # what must be done before a deal may leave"
    yield "      complete_stage:"
    yield f"        title: {_q('What must be done in: ' + title)}"
    if number == 0:
        yield "        records: [offer_value]      # must be filled in for the action to count"
    if number == winning - 1:
        yield "        milestone: offer            # from here the deal counts in the hit rate"


def _ids(titles: list[str], kind: str) -> list[str]:
    """Ids made of titles; what leaves nothing, or something taken, is numbered."""
    from procdef.language.shape.beyond_schema import RESERVED

    found: list[str] = []
    for number, title in enumerate(titles, 1):
        made = re.sub(r"[^a-z0-9]+", "_", plain(title)).strip("_")[:50]
        if not made[:1].isalpha() or made in found or made in RESERVED:
            made = f"{kind}_{number}"
        found.append(made)
    return found


def plain(title: str) -> str:
    """The title in small letters without their accents: ``ä`` is ``a``."""
    return "".join(c for c in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(c))


def _q(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_TOP = """\
procdef: 1                          # version of the language
id: {id}
version: 1                          # a published version never changes: raise it with every change
title: {title}
languages: [en]
currency: EUR
placeholders: [TBD, TBC, TODO, n/a, none, unknown, xxx, "-", "?", "."]   # what a text field does not take for an answer
"""

_FIELDS = """\
fields:                             # what you want to know about a deal
  offer_value: {type: money, title: Value of the deal}
"""

_LOST = """\
lost:                               # why deals are lost, and who may take one up again
  reasons: {no_need: No need, no_budget: No budget, competitor: Chose a competitor, no_response: Went silent}"""

_MORE = """\
# What else a stage can have; take it up there without the #, or see `procdef new --from b2b-sales` for all of it:
#
#    sla: {{within: 14 days}}           # how long a deal should stay; `procdef deals --stalled` lists those that stay longer
#    entry_criteria:                  # what must be true before a deal comes in
#      worth_it:
#        check: offer_value >= 1000
#        message: The deal is too small for us
#        waivable_by: {manager}
#    optional_actions:                # what may be done
#      demonstrate: {{title: Show the product, evidence: note}}
#    playbook:                        # what the seller reads in this stage
#      goal: What is reached when this stage is done
#      questions: [What happens if you do nothing?]
#      objections:
#        too_expensive: {{concern: It is too expensive, answer: "Compared with what?"}}
"""
