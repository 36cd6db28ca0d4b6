"""What a definition allows of the events that leave a deal where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.deal import Deal
from procdef.log.envelope import is_hash, is_name
from procdef.model import Action, ProcessDefinition
from procdef.verification.meaning.event_in_context import EventInContext, Objection, given_fields
from procdef.verification.meaning.field_values import misfits

_LEAF = {"note": "text", "link": "url", "document": "name"}


def _set(case: EventInContext) -> Iterator[Objection]:
    deal, data = case.deal, case.data
    given, gone = given_fields(case.step, case.event)
    unset = set(data["unset"])
    unknown = (given | unset) - set(case.definition.fields)
    if unknown:
        yield "declared fields", ", ".join(sorted(unknown))
        return
    yield from misfits(case.definition, data["values"])
    if sorted(unset) != data["unset"] or sorted({*data["changed"]}) != data["changed"]:
        yield "the fields unset and changed, sorted and each once", ", ".join((*data["unset"], *data["changed"]))
    really = {name for name in given | unset if data["values"].get(name) != deal.values.get(name)}
    unsure = gone | (case.known.lost & (given | unset))
    if really - unsure != set(data["changed"]) - unsure:
        yield f"changed: {', '.join(sorted(really - unsure))}", ", ".join(data["changed"])


def recorded(case: EventInContext) -> Iterator[Objection]:
    given = given_fields(case.step, case.event)[0] | set(case.data["unset"])
    if case.completing is None or not given <= set(case.completing.records):
        yield from case.by_a_role(case.definition.stages[case.deal.stage].owner)
    yield from _set(case)


def corrected(case: EventInContext) -> Iterator[Objection]:
    if not case.definition.deal.correct_by or not case.sealed("/reason"):
        yield "a correction with a reason, where corrections are allowed", "none of that"
    yield from case.by_a_role(case.definition.deal.correct_by)
    yield from _set(case)
    for path in voids(case.definition, case.deal, case.data["changed"]):
        if case.definition.actions[path].stage == case.deal.stage:
            yield f"{path} to be done again", "a correction that spares it"


def voids(definition: ProcessDefinition, deal: Deal, changed: Iterable[str]) -> dict[str, list[str]]:
    """The standing completions that a change of these fields ends, each with the fields that do."""
    found = {}
    for path in deal.standing:
        by = sorted(set(changed) & set(definition.actions[path].voided_by)) if path in definition.actions else []
        if by:
            found[path] = by
    return found


def voided(case: EventInContext) -> Iterator[Objection]:
    action = case.definition.actions.get(case.data["action"])
    if action is None:
        yield "a declared action", case.data["action"]
        return
    done = len(case.deal.standing.get(action.path, ())) >= action.at_least
    if done and action.required and action.when is None and action.stage in case.deal.passed:
        yield f"{action.path} to stay done, as its stage was left", "voided"


def completed(case: EventInContext) -> Iterator[Objection]:
    data, deal = case.data, case.deal
    action = case.definition.actions.get(data["action"])
    if action is None or action.stage != deal.stage:
        yield f"an action of {deal.stage}", data["action"]
        return
    yield from case.by_a_role(action.by or case.definition.stages[deal.stage].owner)
    yield from _asked_for(case, action)
    if action.four_eyes:
        yield from _four_eyes(case, action)
    told = data["facts"].get("actions", {})
    if told.get(action.path) not in ("done", "open"):
        yield f"{action.path} to apply", str(told.get(action.path))
    for path in action.needs:
        if told.get(path) not in ("done", "not_applicable"):
            yield f"{path} done before", str(told.get(path))
    enough = len(deal.standing.get(action.path, ())) + 1 >= action.at_least
    reached = action.milestone if enough and deal.offered is None and data.get("decision") != "reject" else None
    if data.get("milestone") != reached:
        yield f"the milestone {reached}", str(data.get("milestone"))


def _asked_for(case: EventInContext, action: Action) -> Iterator[Objection]:
    """Records, way, evidence and decision, as the action asks for them."""
    data = case.data
    empty = [name for name in action.records if name not in case.known.filled]
    if empty:
        yield "its records filled in", ", ".join(empty)
    if data.get("way") not in (tuple(action.ways) or (None,)):
        yield "one of its ways", str(data.get("way"))
    evidence = data.get("evidence", {})
    kind = evidence.get("kind")
    if kind not in (("note", None) if action.evidence == "none" else (action.evidence,)):
        yield f"evidence: {action.evidence}", str(kind)
    if kind is not None and not case.sealed("/evidence/" + _LEAF.get(kind, "")):
        yield "its evidence as a personal value", "none"
    rest = evidence.keys() - {"kind", _LEAF.get(str(kind))}
    if rest != ({"sha256"} if kind == "document" else set()) or (rest and not is_hash(evidence["sha256"])):
        yield "the hash of a document, and of nothing else", str(evidence.get("sha256"))
    if data.get("decision") not in (("approve", "reject") if action.decision else (None,)):
        yield "a decision where one is asked for", str(data.get("decision"))
    if data.get("decision") == "reject" and not (case.sealed("/note") or case.sealed("/evidence/text")):
        yield "a note on the rejection", "none"


def _four_eyes(case: EventInContext, action: Action) -> Iterator[Objection]:
    me, deal = case.step.person, case.deal
    changed = [name for name in action.voided_by if deal.changed_by.get(name) == me]
    again = action.at_least > 1 and case.data.get("decision") != "reject" and me in deal.standing.get(action.path, ())
    if deal.owner == me or changed or again:
        yield f"a second person for {action.path}", me


def assigned(case: EventInContext) -> Iterator[Objection]:
    owners = case.definition.stages[case.deal.stage].owner or tuple(case.definition.roles)
    yield from case.by_a_role((*owners, *case.definition.deal.assign_by))
    if not is_name(case.data["to"]):
        yield "the id of a person", str(case.data["to"])


def noted(case: EventInContext) -> Iterator[Objection]:
    yield from case.by_a_role(())
    playbook, data = case.definition.stages[case.deal.stage].playbook, case.data
    if "objection" in data and (playbook is None or data["objection"] not in playbook.objections):
        yield "an objection of the stage", data["objection"]
    if data.get("kind", "call") not in ("call", "email", "meeting") or not case.sealed("/text"):
        yield "a text, of a call, an email or a meeting", str(data.get("kind"))


def waived(case: EventInContext) -> Iterator[Objection]:
    named, here = case.data["criterion"], case.definition.stages[case.deal.stage]
    ahead = [case.definition.stages[target] for target in here.next]
    counting = [*here.exit_criteria.values(), *(c for stage in ahead for c in stage.entry_criteria.values())]
    found = [c for c in counting if (c.stage, c.side, c.id) == (named["stage"], named["side"], named["id"])]
    if not found or not found[0].waivable_by:
        yield "a criterion that counts now and may be waived", f"{named['stage']}.{named['id']}"
        return
    yield from case.by_a_role(found[0].waivable_by)
    if case.data["reads"] != list(found[0].reads):
        yield f"reads {', '.join(found[0].reads)}", ", ".join(case.data["reads"])
    if found[0].check is None and case.known.filled.issuperset(found[0].require):
        yield f"{found[0].path} unmet", "met"
    if not case.sealed("/reason"):
        yield "a reason", "none"
