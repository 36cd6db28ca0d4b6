"""Start, advance, back and finish."""

from __future__ import annotations

from oracle.cases import Alone, Case, blank, closed, here, may, undeclared, unless
from oracle.deals import Deal, Item, bad_values, failing, gate, holders, holds, item, new_deal, record, sweep


def enter(case: Case, deal: Deal, stage: str) -> None:
    """A change of stage."""
    path = deal["path"]
    deal["path"] = [*path[: path.index(stage)], stage] if stage in path else [*path, stage]
    deal |= {"stage": stage, "entered": case["now"], "waived": []}
    if case["process"].stages[stage].get("outcome") == "won":
        deal |= {"won": True, "outcome": "won"}


def start_stage(case: Case) -> str:
    starts = [stage for stage, told in case["process"].stages.items() if told.get("start")]
    return case["step"].get("stage") or starts[0]


def alone_start(case: Case) -> Alone:
    stages, step = case["process"].stages, case["step"]
    yield undeclared(step["values"], *({step["stage"]} - {None, *stages}))
    starts = [stage for stage, told in stages.items() if told.get("start")]
    if step["stage"] is not None:
        yield unless("elsewhere", step["stage"], step["stage"] in starts)
    else:
        mine = any(case["roles"] & holders(case["process"], one) for one in starts)
        yield set() if mine else {item("not-yours", *starts)}
        yield {item("several-targets", *starts)} if len(starts) > 1 else set()
    yield may(case, start_stage(case), holders(case["process"], start_stage(case)))


def started(case: Case) -> Deal:
    empty = new_deal(start_stage(case), case["person"], case["now"])
    return record(case["process"], empty, case["step"]["values"], case["person"])


def rest_start(case: Case) -> set[Item]:
    deal = started(case)
    return bad_values(case["step"]["values"]) | failing(case["process"], deal, deal["stage"], "entry", case["now"])


def effect_start(case: Case, deal: Deal) -> None:
    deal |= started(case)


def open_ways(case: Case) -> list[str]:
    process, deal = case["process"], case["deal"]
    ways = {target: way.get("when") for target, way in process.next(deal["stage"]).items()}
    truths = {target: holds(process, deal, when, case["now"]) for target, when in ways.items() if when != "else"}
    asked = [truth for target, truth in truths.items() if ways[target] is not None]
    truths |= {target: asked.count(False) == len(asked) for target, when in ways.items() if when == "else"}
    return [target for target in ways if truths[target] is True]


def own_ways(case: Case) -> list[str]:
    process = case["process"]
    ways = process.next(here(case)).items()
    return [target for target, way in ways if case["roles"] & holders(process, here(case), way.get("by"))]


def alone_advance(case: Case) -> Alone:
    yield closed(case, "open")
    process, to, ways = case["process"], case["step"]["to"], case["process"].next(here(case))
    if to is not None:
        yield unless("not-declared", to, to in process.stages)
        yield unless("no-such-move", to, to in ways)
        yield may(case, to, holders(process, here(case), ways[to].get("by")))
        return
    yield unless("no-such-move", here(case), bool(ways))
    opened, own = open_ways(case), own_ways(case)
    both = [target for target in opened if target in own]
    if not own:
        yield {item("not-yours", *ways)}
    if not opened:
        yield {item("no-target", *ways)}
    if not both:
        yield {item("not-yours", *opened)}
    if len(both) > 1:
        yield {item("several-targets", *both)}


def target_of(case: Case) -> str:
    return case["step"]["to"] or next(target for target in open_ways(case) if target in own_ways(case))


def rest_advance(case: Case) -> set[Item]:
    process, deal, now, target = case["process"], case["deal"], case["now"], target_of(case)
    way = process.next(deal["stage"])[target]
    unfinished = way.get("unfinished") == "allowed"
    found = failing(process, deal, target, "entry", now)
    found |= unless("branch-closed", target, target in open_ways(case))
    found |= set() if unfinished else gate(process, deal, now)
    if unfinished or way.get("reason") == "required":
        found |= unless("reason-missing", "advance", not blank(case["step"]["reason"]))
    return found


def effect_advance(case: Case, deal: Deal) -> None:
    """What had lapsed in the stage that is left is no part of what its gate rests on."""
    for path in [path for path in deal["standing"] if path.split(".")[0] == deal["stage"]]:
        sweep(deal, path, case["now"])
    enter(case, deal, target_of(case))


def alone_back(case: Case) -> Alone:
    yield closed(case, "open")
    process, to = case["process"], case["step"]["to"]
    ways = process.stages[here(case)].get("back", {})
    yield unless("not-declared", to, to in process.stages)
    yield unless("no-such-move", to, to in ways)
    yield unless("not-on-path", to, to in case["deal"]["path"])
    yield may(case, to, holders(process, here(case), ways[to].get("by")))


def rest_back(case: Case) -> set[Item]:
    return unless("reason-missing", "back", not blank(case["step"]["reason"]))


def effect_back(case: Case, deal: Deal) -> None:
    enter(case, deal, case["step"]["to"])


def alone_finish(case: Case) -> Alone:
    yield closed(case, "open")
    yield unless("no-such-move", here(case), not case["process"].next(here(case)))
    yield unless("not-won", here(case), case["deal"]["won"])
    yield may(case, here(case), holders(case["process"], here(case)))


def rest_finish(case: Case) -> set[Item]:
    return gate(case["process"], case["deal"], case["now"])


def effect_finish(case: Case, deal: Deal) -> None:
    deal |= {"mode": "done", "waived": []}
