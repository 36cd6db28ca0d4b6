"""Record, correct, do, note and assign."""

from __future__ import annotations

from oracle.cases import Alone, Case, blank, closed, here, may, undeclared, unless
from oracle.deals import (
    Deal,
    Item,
    approvers,
    bad_values,
    changed_fields,
    copied,
    counted,
    holders,
    holds,
    is_done,
    item,
    lapse,
    lasting,
    listed,
    record,
    rows_of,
    shut_gates,
    status,
    sweep,
)
from oracle.processes import ROLES
from oracle.spans import SPANS


def alone_record(case: Case) -> Alone:
    yield closed(case, "open")
    yield undeclared(case["step"]["values"])
    if case["step"]["correct"]:
        corrector = case["process"].document.get("deal", {}).get("correct_by", [])
        yield may(case, "correct", set(listed(corrector)))
    else:
        yield may(case, here(case), holders(case["process"], here(case)))


def rest_record(case: Case) -> set[Item]:
    step, process, deal = case["step"], case["process"], case["deal"]
    found = bad_values(step["values"])
    after = record(process, deal, step["values"], case["person"], void=not step["correct"])
    if not step["correct"]:
        return found | shut_gates(process, deal, after, case["now"])
    found |= unless("reason-missing", "record", not blank(step["reason"]))
    changed = changed_fields(deal, after)
    for path, action in process.actions.items():
        if path.split(".")[0] == here(case) and lasting(deal, path, case["now"]):
            found |= {item("gate-shut", field, path) for field in changed & set(action.get("voided_by", ()))}
    return found


def effect_record(case: Case, deal: Deal) -> None:
    step = case["step"]
    deal |= record(case["process"], deal, step["values"], case["person"], void=not step["correct"])


def action_path(case: Case) -> str | None:
    """The full path of the action that is meant: of this stage, or named with its own."""
    name = case["step"]["action"]
    path = name if "." in name else f"{here(case)}.{name}"
    return path if path in case["process"].actions else None


def alone_do(case: Case) -> Alone:
    yield closed(case, "open")
    step, process, path = case["step"], case["process"], action_path(case)
    namesakes = [path] if path else [other for other in process.actions if other.endswith(f".{step['action']}")]
    missing = [] if namesakes else [step["action"]]
    ways = {way for other in namesakes for way in process.actions[other].get("ways", {})}
    if namesakes and step["way"] not in {None, *ways}:
        missing.append(step["way"])
    yield undeclared(step["values"], *missing)
    if path is None or not path.startswith(f"{here(case)}."):
        yield {item("elsewhere", *namesakes)}
    action = process.actions[path]
    rows, recorded = rows_of(process, path), record(process, case["deal"], step["values"], case["person"])
    able = approvers(process, recorded, path, case["now"])[1]
    anybody = {role for row in rows for role in listed(row["roles"])}
    yield may(case, path, anybody if rows and step["values"] else able)
    if set(step["values"]) - set(action.get("records", ())):
        yield may(case, here(case), holders(process, here(case)))
    yield may(case, path, able)


def rest_do(case: Case) -> set[Item]:
    step, process, now, path = case["step"], case["process"], case["now"], action_path(case)
    action = process.actions[path]
    recorded = record(process, case["deal"], step["values"], case["person"])
    applies = holds(process, recorded, action.get("when"), now)
    found = unless("when-false", path, applies is not False) | unless("when-unknown", path, applies is not None)
    if applies:
        found |= unless("approver-unknown", path, approvers(process, recorded, path, now)[0] is not None)
    for need in action.get("needs", ()):
        needed = need if "." in need else f"{here(case)}.{need}"
        found |= unless("needs-open", needed, status(process, recorded, needed, now) in ("done", "not_applicable"))
    for field in action.get("records", ()):
        refused = item("bad-value", field) in bad_values(step["values"])
        found |= unless("records-unset", field, field in recorded["values"] or refused)
    found |= bad_values(step["values"]) | particulars(case, action, path) | four_eyes(case, recorded, action, path)
    return found | shut_gates(process, case["deal"], recorded, now)


def particulars(case: Case, action: Case, path: str) -> set[Item]:
    """Way, evidence, decision and its note."""
    step, kind = case["step"], action.get("evidence", "none")
    found = unless("way-missing", path, "ways" not in action or step["way"] is not None)
    noted = kind == "note" and not blank(step["note"])
    found |= unless("evidence-missing", path, kind == "none" or noted or not blank(step["evidence"]))
    if kind in ("link", "document") and not blank(step["evidence"]):
        mark = {"link": "https://", "document": " sha256:"}[kind]
        found |= unless("bad-value", "evidence", mark in step["evidence"])
    if step["decision"] is None:
        return found | unless("decision-missing", path, not action.get("decision"))
    if not action.get("decision") or step["decision"] not in ("approve", "reject"):
        return found | {item("bad-value", "decision")}
    return found | unless("note-missing", path, step["decision"] == "approve" or not blank(step["note"]))


def four_eyes(case: Case, recorded: Deal, action: Case, path: str) -> set[Item]:
    if not action.get("four_eyes"):
        return set()
    hindered = {case["deal"]["owner"], *(recorded["changed"].get(field) for field in action.get("voided_by", ()))}
    hindered |= {who for who, since in case["deal"]["former"].items() if since.isdisjoint(action.get("voided_by", ()))}
    if approvers(case["process"], recorded, path, case["now"])[2] > 1 and case["step"]["decision"] != "reject":
        hindered |= {*counted(case["process"], recorded, path, case["now"])}
    return unless("four-eyes", path, case["person"] not in hindered)


def completed(case: Case, recorded: Deal, path: str) -> Deal:
    deal = copied(recorded)
    rejected = case["step"]["decision"] == "reject"
    action = case["process"].actions[path]
    if rejected:
        deal["standing"][path], deal["until"][path], deal["rows"][path] = [], [], []
    else:
        sweep(deal, path, case["now"])
        deal["standing"][path].append(case["person"])
        deal["rows"][path].append(approvers(case["process"], recorded, path, case["now"])[0])
        deal["until"][path].append(case["now"] + SPANS[action["valid_for"]] if "valid_for" in action else None)
    lapse(case["process"], deal, {path})
    milestone = action.get("milestone")
    if milestone and is_done(case["process"], deal, path, case["now"]) and deal["offered"] is None:
        deal["offered"] = case["now"]
    return deal


def effect_do(case: Case, deal: Deal) -> None:
    path = action_path(case)
    deal |= completed(case, record(case["process"], deal, case["step"]["values"], case["person"]), path)


def alone_assign(case: Case) -> Alone:
    yield closed(case, "open", "lost")
    settings = case["process"].document.get("deal", {})
    yield may(case, "assign", holders(case["process"], here(case)) | set(listed(settings.get("assign_by", []))))


def effect_assign(case: Case, deal: Deal) -> None:
    person = case["step"]["person"]
    if person != deal["owner"]:
        deal["former"].pop(person, None)
        deal["former"][deal["owner"]] = set()
    deal["owner"] = person


def alone_note(case: Case) -> Alone:
    objection = case["step"]["objection"]
    met = case["process"].stages[here(case)].get("playbook", {}).get("objections", {})
    yield unless("not-declared", objection, objection in {None, *met})
    yield may(case, "note", set(ROLES))


def nothing(case: Case) -> set[Item]:
    """Such a command is refused alone or not at all."""
    return set()


def effect_note(case: Case, deal: Deal) -> None:
    """A note of a kind tells of a contact; otherwise it changes nothing but the log."""
    if case["step"]["kind"]:
        told = case["step"]["happened"] or case["now"]
        deal["contacted"] = max(told, deal["contacted"] or told)
