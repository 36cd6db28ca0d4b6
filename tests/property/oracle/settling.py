"""Waive, lose and reopen."""

from __future__ import annotations

from oracle.cases import Alone, Case, blank, closed, here, may, unless
from oracle.deals import Deal, Item, criterion_truth, holders, item, listed
from oracle.spans import SPANS


def counting(case: Case) -> list[str]:
    """The criteria that count now: of the way out, and of the ways into what may come next."""
    stages, sides = case["process"].stages, [(here(case), "exit")]
    sides += [(target, "entry") for target in case["process"].next(here(case))]
    return [f"{stage}.{name}" for stage, side in sides for name in stages[stage].get(f"{side}_criteria", {})]


def meant(case: Case) -> list[str]:
    name = case["step"]["criterion"]
    return [path for path in counting(case) if path == name or path.endswith(f".{name}")]


def alone_waive(case: Case) -> Alone:
    yield closed(case, "open")
    name, paths = case["step"]["criterion"], case["process"].criteria
    named = [path for path in paths if path == name or path.endswith(f".{name}")]
    if not named:
        yield {item("not-declared", name)}
    found = meant(case)
    if not found:
        yield {item("elsewhere", *named)}
    if len(found) > 1:
        yield {item("several-criteria", *found)}
    roles = paths[found[0]].get("waivable_by")
    if roles:
        yield may(case, found[0], set(listed(roles)))


def rest_waive(case: Case) -> set[Item]:
    process, (path,) = case["process"], meant(case)
    found = unless("reason-missing", "waive", not blank(case["step"]["reason"]))
    found |= unless("not-waivable", path, "waivable_by" in process.criteria[path])
    met = criterion_truth(process, case["deal"], path, case["now"]) is True
    return found | unless("already-met", path, not met)


def effect_waive(case: Case, deal: Deal) -> None:
    (path,) = meant(case)
    deal["waived"] = [*deal["waived"], path]
    deal["let"] = {**deal["let"], path: case["now"]}


def alone_lose(case: Case) -> Alone:
    yield closed(case, "open")
    lost, reason = case["process"].document.get("lost"), case["step"]["reason"]
    yield unless("not-declared", reason, blank(reason) or reason in (lost or {}).get("reasons", {}))
    yield unless("no-such-move", here(case), lost is not None)
    yield may(case, here(case), holders(case["process"], here(case)))


def rest_lose(case: Case) -> set[Item]:
    step = case["step"]
    noted = case["process"].document["lost"].get("note") != "required" or not blank(step["note"])
    found = unless("reason-missing", "lose", not blank(step["reason"])) | unless("note-missing", "lose", noted)
    reason = {} if blank(step["reason"]) else case["process"].document["lost"]["reasons"][step["reason"]]
    for field in reason.get("records", ()) if isinstance(reason, dict) else ():
        found |= unless("records-unset", field, field in case["deal"]["values"])
    return found


def effect_lose(case: Case, deal: Deal) -> None:
    deal |= {"mode": "lost", "outcome": "lost", "waived": [], "lost": case["now"]}


def alone_reopen(case: Case) -> Alone:
    yield closed(case, "open", "lost")
    rule = case["process"].document.get("lost", {}).get("reopen")
    yield unless("no-such-move", here(case), rule is not None and case["deal"]["mode"] == "lost")
    yield may(case, "reopen", set(listed(rule["by"])))


def rest_reopen(case: Case) -> set[Item]:
    within = case["process"].document["lost"]["reopen"]["within"]
    in_time = within == "always" or case["now"] <= case["deal"]["lost"] + SPANS[within]
    found = unless("too-late", "reopen", in_time)
    return found | unless("reason-missing", "reopen", not blank(case["step"]["reason"]))


def effect_reopen(case: Case, deal: Deal) -> None:
    deal |= {"mode": "open", "outcome": "won" if deal["won"] else "open", "entered": case["now"], "lost": None}
