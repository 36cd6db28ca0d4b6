"""Whatever a new version changes, and whatever deals did: what goes over verifies, and goes on; what stays is as it was."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procdef import Actor, Engine, MigrationIncomplete, StepRefused, open_store
from procdef.engine.queries import deal_named, refold
from procdef.language import load_source
from procdef.model import ProcessDefinition
from procdef.verification import Tally, verify

EVERYBODY = Actor("maija", frozenset({"seller", "boss"}))
OTHER = Actor("jaana", frozenset({"seller", "boss"}))
BASE: dict[str, Any] = {
    "fields": {
        "company": "{type: text, personal: false}", "mail": "{type: email}", "amount": "{type: money}",
        "seats": "{type: integer}", "kind": "{type: choice, options: {a: A, b: B}}", "close": "{type: date}",
    },
    "stages": ["lead", "offer", "talk"],
    "actions": {"lead": ["call"], "offer": ["price", "approve"], "talk": ["agree"]},
}  # fmt: skip


def text_of(version: int, fields: dict[str, str], stages: dict[str, str], actions: dict[str, str], sla: int | None) -> str:
    """A version: each old id under its new one; what is not there is gone."""
    lines = [
        "procdef: 1", "id: sale", f"version: {version}", "title: Sale", "languages: [en]", "currency: EUR",
        "roles: {seller: {title: Seller}, boss: {title: Boss}}", "fields:",
    ]  # fmt: skip
    lines += [f"  {fields[name]}: {BASE['fields'][name]}" for name in BASE["fields"] if name in fields]
    lines += [f"  extra{version}: {{type: text, personal: false}}"]
    if "amount" in fields:
        lines += [f"deal: {{value: {fields['amount']}, correct_by: boss, assign_by: boss}}"]
    lines += ["lost: {reasons: {price: Price}, reopen: {by: boss, within: always}}", "stages:"]
    kept = [name for name in BASE["stages"] if name in stages]
    for place, name in enumerate(kept):
        lines += [f"  {stages[name]}:", f"    title: {stages[name].title()}", "    owner: seller"]
        lines += ["    start: true"] * (place == 0)
        if sla is not None:
            lines += [f"    sla: {{within: {sla + place} days}}"]
        lines += ["    required_actions:"]
        own = [each for each in BASE["actions"][name] if f"{name}.{each}" in actions]
        for each in own:
            more = ", decision: true, by: boss" if each == "approve" else ""
            voids = f", voided_by: [{fields['amount']}]" if each == "approve" and "amount" in fields else ""
            records = f", records: [{fields['company']}]" if each == "call" and "company" in fields else ""
            lines += [f"      {actions[f'{name}.{each}']}: {{title: {each.title()}{more}{voids}{records}}}"]
        lines += [f"      also{version}_{place}: {{title: Also {place}}}"] * (not own)
        if "mail" in fields:
            lines += [f"    exit_criteria: {{known: {{require: [{fields['mail']}], waivable_by: boss}}}}"]
        lines += [f"    next: {stages[kept[place + 1]] if place + 1 < len(kept) else 'won'}"]
        lines += [f"    back: [{stages[kept[place - 1]]}]"] * (place > 0)
    return "\n".join([*lines, "  won: {title: Won, outcome: won, owner: seller}", ""])


OLD = text_of(
    1, {name: name for name in BASE["fields"]}, {name: name for name in BASE["stages"]},
    {f"{stage}.{each}": each for stage, all_of in BASE["actions"].items() for each in all_of}, 5,
)  # fmt: skip


def changed(luck: random.Random) -> tuple[str, dict[str, Any]]:
    """A random second version, and a plan that answers what it takes away, most of the time."""
    fields = {name: luck.choice([name, name, f"{name}_now"]) for name in BASE["fields"] if luck.random() > 0.15}
    kept = [name for name in BASE["stages"] if name == "lead" or luck.random() > 0.2]
    stages = {name: luck.choice([name, name, f"{name}_now"]) for name in kept}
    actions, moved = {}, {}
    for stage, all_of in BASE["actions"].items():
        for each in all_of:
            if stage in stages and luck.random() > 0.2:
                actions[f"{stage}.{each}"] = luck.choice([each, each, f"{each}_now"])
    for stage, all_of in BASE["actions"].items():
        for each in all_of:
            path = f"{stage}.{each}"
            now = f"{stages[stage]}.{actions[path]}" if path in actions else None
            if now != path and luck.random() > 0.05:
                moved[path] = now
    gone = [name for name in BASE["stages"] if name not in stages]
    plan: dict[str, Any] = {
        "stages": {name: now for name, now in stages.items() if now != name}
        | {name: stages["lead"] for name in gone if luck.random() > 0.3},
        "fields": {name: fields.get(name) for name in BASE["fields"] if fields.get(name) != name and luck.random() > 0.05},
        "actions": moved,
        "set": {"extra2": "unknown"} if luck.random() > 0.5 else {},
        "void": [now for now in moved.values() if now is not None and luck.random() > 0.8],
    }
    head = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 2}
    for name, value in (("seats", 7), ("kind", "b"), ("amount", "70")):
        if (now := fields.get(name)) is not None and luck.random() > 0.6:
            plan["fields"] = {**plan["fields"], name: None}
            plan["set"] = {**plan["set"], now: value}
    text = text_of(2, fields, stages, actions, luck.choice([None, 1, 9]))
    return text, head | {key: value for key, value in plan.items() if value}


VALUES = {"company": "Acme", "mail": "a@b.example", "amount": "12.5", "seats": 3, "kind": "a", "close": "2026-05-01"}


def step(engine: Engine, definition: ProcessDefinition, name: str, luck: random.Random) -> None:
    """Try something on a deal; what is refused is refused."""
    deal = engine.deal(name)
    stage, who = definition.stages[deal.stage], luck.choice([EVERYBODY, OTHER])
    fields = [each for each in definition.fields if each in VALUES or each.removesuffix("_now") in VALUES]
    try:
        match luck.randrange(9):
            case 0 | 1:
                chosen = luck.choice(fields)
                value = luck.choice([VALUES[chosen.removesuffix("_now")], None])
                engine.record(name, {chosen: value}, by=who)
            case 2 | 3 | 4 if stage.required_actions:
                action = luck.choice([*stage.required_actions.values()])
                decision = luck.choice(["approve", "approve", "reject"]) if action.decision else None
                engine.do(name, action.id, by=who, decision=decision, note="So" if decision == "reject" else None)
            case 5:
                engine.waive(name, "known", by=who, reason="They are known")
            case 6:
                engine.assign(name, luck.choice(["tero", "maija"]), by=who)
            case 7 if stage.back:
                engine.back(name, next(iter(stage.back)), by=who, reason="Again")
            case _:
                engine.advance(name, by=who)
    except StepRefused:
        pass


def sound(engine: Engine) -> None:
    """The log verifies, and each deal's row is the fold of its events."""
    with engine.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    with engine.store.transaction(write=False) as tx:
        for row in engine.deals():
            assert deal_named(tx, row.name) == refold(tx, row.stream)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_migration_by_any_plan_leaves_a_sound_log_and_deals_that_go_on(seed: int) -> None:
    luck = random.Random(seed)
    engine = Engine(open_store("memory:"))
    old = load_source(OLD.encode(), "sale.yaml")
    engine.publish(old, by=EVERYBODY)
    names = [f"D-{n}" for n in range(4)]
    for name in names:
        some = {each: value for each, value in VALUES.items() if luck.random() > 0.4}
        engine.start("sale", name, by=EVERYBODY, values=some)
        for _ in range(luck.randrange(14)):
            step(engine, old, name, luck)
    if luck.random() > 0.7:
        with_mail = [row.name for row in engine.deals() if "mail" in engine.deal(row.name).values]
        for name in with_mail[:1]:
            engine.erase(name, ["mail"], basis="art-17", by=EVERYBODY)
    text, plan = changed(luck)
    new = load_source(text.encode(), "sale2.yaml")
    engine.publish(new, by=EVERYBODY)
    before = {name: engine.deal(name) for name in names}
    would = {deal.deal: deal for deal in engine.migrate("sale", to=2, plan=plan, by=OTHER)}
    try:
        told = {deal.deal: deal for deal in engine.migrate("sale", to=2, plan=plan, by=OTHER, apply=True)}
    except MigrationIncomplete:
        assert {name: engine.deal(name) for name in names} == before
        sound(engine)
        return
    for name, deal in told.items():
        expected = "migrated" if would[name].status == "moves" else would[name].status
        assert (deal.status, deal.against) == (expected, would[name].against)
        assert (engine.deal(name) == before[name]) is (deal.status == "refused")
    sound(engine)
    for name in names:
        definition = new if engine.deal(name).version == 2 else old
        for _ in range(6):
            step(engine, definition, name, luck)
    sound(engine)
