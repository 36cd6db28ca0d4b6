"""What a step that is applied leaves in the log: the types of its events, and the ids that each of them names."""

from __future__ import annotations

from oracle.cases import Case
from oracle.deals import Deal, approvers, changed_fields, criterion_truth, gate, record, waived
from oracle.moving import target_of
from oracle.working import action_path

Line = tuple[str, list[str]]
PLAIN = {"start": "deal.started", "waive": "criterion.waived", "reopen": "deal.reopened", "assign": "deal.assigned"}
PLAIN |= {"note": "deal.noted", "back": "stage.returned"}


def lines(case: Case, after: Deal) -> list[Line]:
    """The events of a step in their order; ``after`` is the deal that it leads to."""
    verb, before = case["step"]["do"], case["deal"]
    if verb in PLAIN:
        return [(PLAIN[verb], [])]
    if verb == "lose":
        return [("deal.lost", [case["step"]["reason"], *(["after_won"] if before["won"] else [])])]
    if verb == "finish":
        return [("deal.finished", used(case, "exit", before["stage"]))]
    if verb == "advance":
        return advanced(case, after)
    if verb == "do":
        path = action_path(case) or ""
        reached = ["offer"] if after["offered"] != before["offered"] else []
        given = record(case["process"], before, case["step"]["values"], case["person"])
        row = approvers(case["process"], given, path, case["now"])[0]
        return [*recorded(case), ("action.completed", [path, *reached, *([f"row {row}"] if row else [])])]
    return recorded(case)


def recorded(case: Case) -> list[Line]:
    """Recorded before voided; nothing where no value was given."""
    step, before = case["step"], case["deal"]
    if not step["values"]:
        return []
    correct = step.get("correct", False)
    after = record(case["process"], before, step["values"], case["person"], void=not correct)
    ended = sorted(path for path, people in before["standing"].items() if people and not after["standing"].get(path))
    name = "deal.corrected" if correct else "deal.recorded"
    return [(name, sorted(changed_fields(before, after))), *(("action.voided", [path]) for path in ended)]


def advanced(case: Case, after: Deal) -> list[Line]:
    """With what it passed over and the waivers that it used; then the win."""
    process, before, target = case["process"], case["deal"], target_of(case)
    left = sorted(path for _, about in gate(process, before, case["now"]) for path in about)
    waived = used(case, "exit", before["stage"]) + used(case, "entry", target)
    won = [("deal.won", [target])] if after["won"] and not before["won"] else []
    return [("stage.advanced", [*left, "with", *sorted(waived)]), *won]


def used(case: Case, side: str, stage: str) -> list[str]:
    """The waived criteria of one side of a stage that do not hold."""
    process, deal = case["process"], case["deal"]
    paths = [f"{stage}.{name}" for name in process.stages[stage].get(f"{side}_criteria", {})]
    standing = [path for path in paths if path in waived(process, deal, case["now"])]
    return sorted(path for path in standing if criterion_truth(process, deal, path, case["now"]) is not True)
