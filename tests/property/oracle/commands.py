"""Random commands: mostly what a reasonable person would try next, now and then anything at all."""

from __future__ import annotations

from typing import Any

from oracle.conditions import Choose, chance
from oracle.deals import Deal, approvers, criterion_truth, gate, holders, listed, status
from oracle.processes import ROLES, Process
from oracle.values import BAD, FIELDS, TYPED

PEOPLE: dict[str, frozenset[str]] = {
    "maija": frozenset({"seller"}),
    "matti": frozenset({"seller", "manager"}),
    "jaana": frozenset({"manager"}),
    "tero": frozenset({"delivery", "seller"}),
    "liisa": frozenset({"manager", "delivery"}),
    "anna": frozenset(ROLES),
    "guest": frozenset({"visitor"}),
}
LINK, DOCUMENT = "https://x.example/offer", f"offer.pdf sha256:{'ab' * 32}"
RARE = ["assign", "note", "lose", "correct", "back", "finish", "waive", "reopen", "do", "advance", "record"]
Step = dict[str, Any]


def someone(choose: Choose, roles: set[str]) -> str:
    """Most often one who may."""
    able = [person for person, held in PEOPLE.items() if held & roles]
    return choose(able if able and chance(choose, 8) else [*PEOPLE])


def text(choose: Choose) -> str | None:
    return choose(["because", "because", "because", "because", " ", None, "\u200b\u2800"])


def typed(choose: Choose, field: str) -> Any:
    if field not in TYPED:
        return 1
    good = [given for given, form in TYPED[field] if form is not None and form is not BAD]
    empty = [given for given, form in TYPED[field] if form is None]
    return choose(choose([good] * 8 + [empty, [given for given, _ in TYPED[field]]]))


def values(choose: Choose, fields: list[str]) -> dict[str, Any]:
    picked = [*fields, *(choose([*FIELDS]) for _ in range(choose([0, 0, 1])))]
    if choose(range(30)) == 29:
        picked.append("colour")
    return {field: typed(choose, field) for field in picked}


def start(choose: Choose, process: Process) -> Step:
    starts = [stage for stage, told in process.stages.items() if told.get("start")]
    stage = choose([*starts, *(starts * 9), None, choose([*process.stages]), "nowhere"])
    by = someone(choose, holders(process, stage if stage in process.stages else starts[0]))
    needed = [field for field in FIELDS if chance(choose, 7)]
    return {"do": "start", "by": by, "stage": stage, "values": values(choose, needed)}


def record(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    by = someone(choose, holders(process, deal["stage"]))
    given = values(choose, [choose([*FIELDS]) for _ in range(choose([1, 2, 3]))])
    return {"do": "record", "by": by, "values": given, "correct": False, "reason": None}


def correct(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    by = someone(choose, set(listed(process.document.get("deal", {}).get("correct_by", []))))
    given = values(choose, [choose([*FIELDS])])
    return {"do": "record", "by": by, "values": given, "correct": True, "reason": text(choose)}


def do(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    actions = process.actions
    present = [path for path in actions if path.startswith(f"{deal['stage']}.")]
    undone = [path for path in present if status(process, deal, path, now) == "open"]
    path = choose((undone if chance(choose, 6) else present) or present or ["s0.a9"])
    path = choose([*actions, "s0.a9"]) if choose(range(20)) == 19 else path
    told = actions.get(path, {})
    name = path.split(".")[1] if path in present and chance(choose, 7) else path
    name = choose([name] * 40 + ["a1", "a3", "a9"])
    unset = [field for field in told.get("records", ()) if field not in deal["values"] or chance(choose, 2)]
    good = chance(choose, 9)
    evidence = {"none": None, "note": choose(["told on the phone", None]), "link": LINK, "document": DOCUMENT}
    by = someone(choose, approvers(process, deal, path, now)[1] if told else {*ROLES})
    odd = [" ", "x", None, "\u3164"]
    return {
        "do": "do",
        "by": by,
        "action": name,
        "values": values(choose, unset if good else []),
        "way": choose([*told.get("ways", [None])] if good else ["call", None, "fax"]),
        "evidence": evidence[told.get("evidence", "none")] if good or "evidence" not in told else choose(odd),
        "note": text(choose),
        "decision": choose((["approve", "approve", "reject"] if told.get("decision") else [None]) if good else [
            None, "approve", "reject"]),
    }  # fmt: skip


def advance(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    ways = process.next(deal["stage"])
    to = choose([*ways, None, *ways]) if chance(choose, 9) else choose([*process.stages, "nowhere"])
    by = someone(choose, holders(process, deal["stage"], ways.get(to, {}).get("by")))
    return {"do": "advance", "by": by, "to": to, "reason": text(choose)}


def back(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    ways = process.stages[deal["stage"]].get("back", {})
    back = [target for target in ways if target in deal["path"]]
    to = choose(back) if back and chance(choose, 8) else choose([*process.stages, "nowhere"])
    by = someone(choose, holders(process, deal["stage"], ways.get(to, {}).get("by")))
    return {"do": "back", "by": by, "to": to, "reason": text(choose)}


def waive(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    criteria = process.criteria
    ahead = [*process.next(deal["stage"]), deal["stage"]]
    failing = [path for path in criteria if path.split(".")[0] in ahead
               and criterion_truth(process, deal, path, now) is not True]  # fmt: skip
    path = choose(failing) if failing and chance(choose, 8) else choose([*criteria, "s0.c9"])
    roles = set(listed(criteria.get(path, {}).get("waivable_by", [])))
    name = path if chance(choose, 5) else path.split(".")[1]
    return {"do": "waive", "by": someone(choose, roles), "criterion": name, "reason": text(choose)}


def lose(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    by = someone(choose, holders(process, deal["stage"]))
    return {"do": "lose", "by": by, "reason": choose(["price", "gone", "price", "mood", None]), "note": text(choose)}


def reopen(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    rule = process.document.get("lost", {}).get("reopen", {})
    return {"do": "reopen", "by": someone(choose, set(listed(rule.get("by", [])))), "reason": text(choose)}


def finish(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    return {"do": "finish", "by": someone(choose, holders(process, deal["stage"]))}


def assign(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    by = someone(choose, holders(process, deal["stage"]))
    return {"do": "assign", "by": by, "person": choose([*PEOPLE])}


def note(choose: Choose, process: Process, deal: Deal, now: Any) -> Step:
    by, kind = someone(choose, {*ROLES}), choose([None, "call", "email", "meeting"])
    happened = choose([None, None, None, now, deal["started"], deal["started"] + (now - deal["started"]) / 2])
    noted = {"kind": kind, "objection": choose([None, "dear", "slow"]), "happened": happened}
    return {"do": "note", "by": by, "note": "They called", **noted}


DRAWN = {
    draw.__name__: draw for draw in (record, correct, do, advance, back, waive, lose, reopen, finish, assign, note)
}


def draw_step(choose: Choose, process: Process, deal: Deal | None, now: Any, verb: str | None = None) -> Step:
    """The next command on a deal, or its start where there is none; ``verb`` asks for one of ``DRAWN``."""
    if deal is None:
        return start(choose, process)
    if verb is not None:
        return DRAWN[verb](choose, process, deal, now)
    names = reasonable(process, deal, now) if chance(choose, 8) else RARE
    return DRAWN[choose(names)](choose, process, deal, now)


def reasonable(process: Process, deal: Deal, now: Any) -> list[str]:
    """The names of commands that could well be next, the likelier ones more often."""
    if deal["mode"] != "open":
        return ["reopen", "reopen", "reopen", "note", "assign"]
    stage, ways = process.stages[deal["stage"]], process.next(deal["stage"])
    codes = {code for code, _ in gate(process, deal, now)}
    names = ["record", "record"]
    names += ["do"] * (8 if "action-open" in codes else 1 if {"required_actions", "optional_actions"} & {*stage} else 0)
    names += ["advance"] * ((1 if codes else 6) if ways else 0)
    names += ["waive"] * (3 if any(code.startswith("criterion") for code in codes) else 1)
    names += ["back"] * (2 if {*stage.get("back", {})} & {*deal["path"]} else 0)
    return names + ([] if ways or codes else ["finish"] * 4)
