"""What is said of two versions: every construct of the language changed, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from every_construct import PROCESS

from procdef.audit.definition_differences import Difference, differences
from procdef.language import load_source

SCHEMA = Path(__file__).parents[3] / "schemas" / "process.schema.json"
OFFER, LEAD = "stage offer changed", "stage lead changed"
Row = tuple[str, str, str, str, str]
CHANGES: tuple[Row, ...] = (
    # key of the language, old, new, what is said of which part, and one of its details
    ("id", "id: full", "id: other", "process other changed", "id: full -> other"),
    ("title", "en: Full,", "en: Whole,", "process full changed", "title: Full -> Whole"),
    ("title", "fi: Kaikki", "fi: Koko", "process full changed", "title (fi): Kaikki -> Koko"),
    ("description", "description: Everything", "description: All", "process full changed", "description: Everything -> All"),
    ("description", "description: Everything\n", "", "process full changed", "description: Everything -> (none)"),
    ("languages", "languages: [en, fi]", "languages: [en, fi, sv]", "process full changed", "languages: en, fi -> en, fi, sv"),
    ("currency", "currency: EUR", "currency: SEK", "process full changed", "currency: EUR -> SEK"),
    ("placeholders", "placeholders: [TBD, n/a]", "placeholders: [n/a]", "process full changed",
     "placeholders: TBD, n/a -> n/a"),
    ("calendar", PROCESS[PROCESS.index("calendar:") : PROCESS.index("roles:")], "calendar: {timezone: Europe/Helsinki}\n",
     "process full changed", "calendar.closed: 2026-12-24, 2026-12-31 -> (none)"),
    ("timezone", "Europe/Helsinki", "Europe/Berlin", "process full changed",
     "calendar.timezone: Europe/Helsinki -> Europe/Berlin"),
    ("holidays", "holidays: DE\n  region: BY", "holidays: FI", "process full changed", "calendar.holidays: DE -> FI"),
    ("region", "region: BY", "region: BE", "process full changed", "calendar.region: BY -> BE"),
    ("hours", 'mon-thu: "09:00', 'mon-thu: "08:00', "process full changed",
     "calendar.hours.thu: 09:00-17:00 -> 08:00-17:00"),
    ("hours", '"13:00-15:00"', '"22:00-24:00"', "process full changed",
     "calendar.hours.fri: 09:00-12:00, 13:00-15:00 -> 09:00-12:00, 22:00-24:00"),
    ("hours", '"13:00-15:00"', '"13:00-16:00"', "process full changed",
     "calendar.hours.fri: 09:00-12:00, 13:00-15:00 -> 09:00-12:00, 13:00-16:00"),
    ("closed", "2026-12-31]", "2027-01-01]", "process full changed",
     "calendar.closed: 2026-12-24, 2026-12-31 -> 2026-12-24, 2027-01-01"),
    ("roles", "manager: {title: Manager}\n", "manager: {title: Manager}\n  boss: {title: Boss}\n", "role boss added",
     "title: Boss"),
    ("title", "title: Seller,", "title: Salesperson,", "role seller changed", "title: Seller -> Salesperson"),
    ("description", "description: Sells", "description: Calls", "role seller changed", "description: Sells -> Calls"),
    ("fields", "  price: {type: money}\n", "  price: {type: money}\n  extra: {type: email}\n", "field extra added",
     "personal: true"),
    ("type", "{type: integer,", "{type: number,", "field score changed", "type: integer -> number"),
    ("personal", ", personal: false", "", "field company changed", "personal: false -> true"),
    ("title", "title: Company", "title: Firm", "field company changed", "title: Company -> Firm"),
    ("help", "As registered", "As known", "field company changed", "help: As registered -> As known"),
    ("min", "min: 0, max: 100", "min: 10, max: 100", "field score changed", "min: 0 -> 10"),
    ("min", "min: 2026-01-01", "min: 2026-02-01", "field until changed", "min: 2026-01-01 -> 2026-02-01"),
    ("max", "max: 40", "max: 50", "field discount changed", "max: 40 -> 50"),
    ("max", "2030-01-01T12", "2031-01-01T12", "field meeting changed",
     "max: 2030-01-01T12:00:00.000000Z -> 2031-01-01T12:00:00.000000Z"),
    ("many", "size: {type: choice,", "size: {type: choice, many: true,", "field size changed", "many: (none) -> true"),
    ("options", "big: Big", "huge: Big", "field size changed", "options.huge: (none) -> Big"),
    ("options", "big: Big", "big: Large", "field size changed", "options.big: Big -> Large"),
    ("options", "fi: Pieni", "fi: Pienet", "field size changed", "options.small (fi): Pieni -> Pienet"),
    ("items", "role: {type: choice", "part: {type: choice", "field people changed", "items.part.type: (none) -> choice"),
    ("items", "title: Name,", "title: Who,", "field people changed", "items.name.title: Name -> Who"),
    ("items", "name: {type: text,", "name: {type: email,", "field people changed", "items.name.type: text -> email"),
    ("help", "help: In full", "help: In short", "field people changed", "items.name.help: In full -> In short"),
    ("required", "required: true, title: Name", "title: Name", "field people changed",
     "items.name.required: true -> (none)"),
    ("personal", "name: {type: text,", "name: {type: text, personal: false,", "field people changed",
     "items.name.personal: true -> false"),
    ("options", "[user, decider]", "[user]", "field people changed", "items.role.options.decider: decider -> (none)"),
    ("deal", "deal: {title: company, value: price, close: until, assign_by: manager, correct_by: manager}\n", "",
     "process full changed", "deal.value: price -> (none)"),
    ("title", "deal: {title: company, ", "deal: {", "process full changed", "deal.title: company -> (none)"),
    ("value", "company, value: price, ", "company, ", "process full changed", "deal.value: price -> (none)"),
    ("close", "close: until, ", "", "process full changed", "deal.close: until -> (none)"),
    ("assign_by", "assign_by: manager", "assign_by: [manager, seller]", "process full changed",
     "deal.assign_by: manager -> manager, seller"),
    ("correct_by", ", correct_by: manager", "", "process full changed", "deal.correct_by: manager -> (none)"),
    ("lost", PROCESS[PROCESS.index("lost:") : PROCESS.index("goals:")], "", "process full changed",
     "lost.reasons.no_need: No need -> (none)"),
    ("reasons", "no_need: No need", "no_use: No need", "process full changed", "lost.reasons.no_use: (none) -> No need"),
    ("reasons", "title: Too dear", "title: Dear", "process full changed", "lost.reasons.price: Too dear -> Dear"),
    ("records", "Too dear, records: [score]", "Too dear", "process full changed",
     "lost.reasons.price.records: score -> (none)"),
    ("note", "  note: required\n", "", "process full changed", "lost.note: required -> optional"),
    ("reopen", "  reopen: {by: manager, within: 30 days}\n", "", "process full changed", "lost.reopen.by: manager -> (none)"),
    ("by", "reopen: {by: manager,", "reopen: {by: seller,", "process full changed", "lost.reopen.by: manager -> seller"),
    ("within", "within: 30 days", "within: 60 days", "process full changed", "lost.reopen.within: 30 days -> 60 days"),
    ("within", "within: 30 days", "within: always", "process full changed", "lost.reopen.within: 30 days -> always"),
    ("goals", PROCESS[PROCESS.index("goals:") : PROCESS.index("scores:")], "", "process full changed",
     "goals.hit_rate: 30 -> (none)"),
    ("hit_rate", "hit_rate: 30", "hit_rate: 35", "process full changed", "goals.hit_rate: 30 -> 35"),
    ("win_rate", "win_rate: 20", "win_rate: 25", "process full changed", "goals.win_rate: 20 -> 25"),
    ("won_value", "amount: 250000", "amount: 300000", "process full changed",
     "goals.won_value: 250000 per quarter -> 300000 per quarter"),
    ("amount", "amount: 250000", "amount: 300000", "process full changed",
     "goals.won_value: 250000 per quarter -> 300000 per quarter"),
    ("per", "per: quarter", "per: year", "process full changed", "goals.won_value: 250000 per quarter -> 250000 per year"),
    ("won_deals", "count: 5", "count: 6", "process full changed", "goals.won_deals: 5 per month -> 6 per month"),
    ("new_deals", "count: 20", "count: 21", "process full changed", "goals.new_deals: 20 per month -> 21 per month"),
    ("count", "count: 20", "count: 21", "process full changed", "goals.new_deals: 20 per month -> 21 per month"),
    ("scores", PROCESS[PROCESS.index("scores:") : PROCESS.index("measures:")], "", "score fit removed",
     "points.big: 40 when price >= 1000"),
    ("points", "points: 40", "points: 50", "score fit changed", "points.big: 40 when price >= 1000 -> 50 when price >= 1000"),
    ("when", "company is set", "score is set", "score fit changed",
     "points.known: 20 when company is set -> 20 when score is set"),
    ("title", "title: A big one", "title: Big", "score fit changed", "points.big.title: A big one -> Big"),
    ("title", "title: Fit", "title: Match", "score fit changed", "title: Fit -> Match"),
    ("measures", "measures: {mean_price: {field: price, aggregate: mean, over: offered, title: Mean price}}\n", "",
     "process full changed",
     "measures.mean_price.field: price -> (none)"),
    ("field", "{field: price,", "{field: discount,", "process full changed", "measures.mean_price.field: price -> discount"),
    ("aggregate", "aggregate: mean", "aggregate: sum", "process full changed", "measures.mean_price.aggregate: mean -> sum"),
    ("title", "title: Mean price", "title: Mean", "process full changed", "measures.mean_price.title: Mean price -> Mean"),
    ("over", ", over: offered", "", "process full changed", "measures.mean_price.over: offered -> won"),
    ("stages", "  parked: {title: Parked,", "  paused: {title: Parked,", "stage paused added", "title: Parked"),
    ("title", "title: Offer", "title: Bid", OFFER, "title: Offer -> Bid"),
    ("owner", "owner: [seller, manager]", "owner: seller", OFFER, "owner: manager, seller -> seller"),
    ("start", "title: Offer\n", "title: Offer\n    start: true\n", OFFER, "start: false -> true"),
    ("probability", "probability: 5", "probability: 6", LEAD, "probability: 5 -> 6"),
    ("forecast", "    forecast: best_case\n", "", LEAD, "forecast: best_case -> pipeline"),
    ("sla", "    sla: {within: 10 business days, remind: 1 day, escalate_to: manager}\n", "", LEAD,
     "sla.within: 10 business days -> (none)"),
    ("within", "10 business days", "9 business days", LEAD, "sla.within: 10 business days -> 9 business days"),
    ("remind", "remind: 1 day", "remind: 2 days", LEAD, "sla.remind: 1 day -> 2 days"),
    ("remind", "remind: 1 day", "remind: [1 day, 1 week]", LEAD, "sla.remind: 1 day -> 1 day, 1 week"),
    ("escalate_to", ", escalate_to: manager", "", LEAD, "sla.escalate_to: manager -> (none)"),
    ("exit_criteria", "    exit_criteria:\n      known: {require: [company, score]}\n", "", "criterion lead.known removed",
     "require: company, score"),
    ("exit_criteria", "    exit_criteria:\n      known:", "    entry_criteria:\n      known:", "criterion lead.known changed",
     "side: exit -> entry"),
    ("entry_criteria", "      fits: {", "      other: company is set\n      fits: {", "criterion offer.other added",
     "check: company is set"),
    ("check", "score >= 60", "score >= 50", "criterion offer.fits changed", "check: score >= 60 -> score >= 50"),
    ("check", "{check: score >= 60,", "{require: [score],", "criterion offer.fits changed", "check: score >= 60 -> (none)"),
    ("require", "require: [company, score]", "require: [company]", "criterion lead.known changed",
     "require: company, score -> company"),
    ("message", "en: Does not fit", "en: No fit", "criterion offer.fits changed", "message: Does not fit -> No fit"),
    ("message", "fi: Ei sovi", "fi: Ei käy", "criterion offer.fits changed", "message (fi): Ei sovi -> Ei käy"),
    ("fix", "fix: Research again, ", "", "criterion offer.fits changed", "fix: Research again -> (none)"),
    ("waivable_by", ", waivable_by: manager", "", "criterion offer.fits changed", "waivable_by: manager -> (none)"),
    ("required_actions", "      send: {title: Send, evidence: document, milestone: offer}\n", "", "action offer.send removed",
     "title: Send"),
    ("optional_actions", "    optional_actions:\n", "", "action lead.call changed", "required: false -> true"),
    ("title", "title: Research,", "title: Look up,", "action lead.research changed", "title: Research -> Look up"),
    ("by", "        by: manager\n", "", "action offer.approve changed", "by: manager -> (none)"),
    ("when", "discount > 10 %", "discount > 15 %", "action offer.approve changed",
     "when: discount > 10 % -> discount > 15 %"),
    ("ways", "phone: By phone", "phone: On the phone", "action lead.call changed", "ways.phone: By phone -> On the phone"),
    ("ways", ", video: {title: By video}", "", "action lead.call changed", "ways.video: By video -> (none)"),
    ("records", "records: [price, discount]", "records: [price]", "action offer.quote changed",
     "records: discount, price -> price"),
    ("evidence", "evidence: note", "evidence: link", "action lead.call changed", "evidence: note -> link"),
    ("milestone", ", milestone: offer", "", "action offer.send changed", "milestone: offer -> (none)"),
    ("decision", "        decision: true\n", "", "action offer.approve changed", "decision: true -> false"),
    ("four_eyes", "four_eyes: true", "four_eyes: false", "action offer.approve changed", "four_eyes: true -> false"),
    ("voided_by", "[discount, price]\n        at", "[discount]\n        at", "action offer.approve changed",
     "voided_by: discount, price -> discount"),
    ("needs", "        needs: [quote]\n", "", "action offer.approve changed", "needs: offer.quote -> (none)"),
    ("at_least", "at_least: 2", "at_least: 3", "action offer.approve changed", "at_least: 2 -> 3"),
    ("guide", "guide: Be kind", "guide: Be short", "action lead.call changed", "guide: Be kind -> Be short"),
    ("outcome", "      won: {title: They accept, reason: required}\n", "      sold: {title: They accept, reason: required}\n",
     "stage sold added", "outcome: won"),
    ("next", "      won: {title: They accept, reason: required}\n", "      won: {}\n", "way offer -> won changed",
     "title: They accept -> (none)"),
    ("next", "owner: seller, required_actions: {wait: {title: Wait}}, next: offer",
     "owner: seller, required_actions: {wait: {title: Wait}}, next: [offer, won]", "way parked -> won added",
     "unfinished: refused"),
    ("when", "price < 1000", "price < 500", "way offer -> parked changed", "when: price < 1000 -> price < 500"),
    ("by", "by: manager, unfinished", "by: seller, unfinished", "way offer -> parked changed", "by: manager -> seller"),
    ("reason", ", reason: required", "", "way offer -> won changed", "reason: required -> optional"),
    ("unfinished", ", unfinished: allowed", "", "way offer -> parked changed", "unfinished: allowed -> refused"),
    ("back", "    back: {lead: {title: Again, by: manager}}\n", "", "back offer -> lead removed", "title: Again"),
    ("title", "title: Again", "title: Back", "back offer -> lead changed", "title: Again -> Back"),
    ("by", "title: Again, by: manager", "title: Again, by: seller", "back offer -> lead changed", "by: manager -> seller"),
    ("playbook", PROCESS[PROCESS.index("    playbook:") : PROCESS.index("    next: offer\n")], "", LEAD,
     "playbook.goal: A company that fits -> (none)"),
    ("goal", "A company that fits", "One that fits", LEAD, "playbook.goal: A company that fits -> One that fits"),
    ("guide", "Look at their page", "Look them up", LEAD, "playbook.guide: - [ ] Look at their page -> - [ ] Look them up"),
    ("questions", "By when?", "Until when?", LEAD, "playbook.questions.2: By when? -> Until when?"),
    ("objections", "busy: {", "late: {", LEAD, "playbook.objections.late.concern: (none) -> No time"),
    ("concern", "concern: No time", "concern: Later", LEAD, "playbook.objections.busy.concern: No time -> Later"),
    ("answer", ", answer: Two slots", "", LEAD, "playbook.objections.busy.answer: Two slots -> (none)"),
    ("materials", "script: {title", "page: {title", LEAD, "playbook.materials.page.title: (none) -> Script"),
    ("title", "title: Script", "title: Text", LEAD, "playbook.materials.script.title: Script -> Text"),
    ("url", "example/script", "example/text", LEAD,
     "playbook.materials.script.url: https://intra.example/script -> https://intra.example/text"),
)  # fmt: skip
RENAMED = {"  parked: {title: Parked,": ("      parked: {title: Park", "      paused: {title: Park")}
RENAMED["      won: {title: They accept, reason: required}\n"] = ("  won:\n    title: Won", "  sold:\n    title: Won")
NO_WORDS_OF_ITS_OWN = {"procdef", "version"}
"""There is one version of the language; the version of a process stands over every difference."""


def between(old: str, new: str) -> list[Difference]:
    second = new.replace("version: 1\n", "version: 2\n", 1)
    return list(differences(load_source(old.encode(), "old"), load_source(second.encode(), "new")))


def changed(old: str, new: str) -> str:
    assert PROCESS.count(old) == 1, old
    text = PROCESS.replace(old, new)
    if new.strip().startswith(("paused", "sold")):
        text = text.replace(*RENAMED[old])
    return text


def heads(found: list[Difference]) -> dict[str, tuple[str, ...]]:
    return {f"{each.what} {each.id} {each.change}": each.details for each in found}


@pytest.mark.parametrize(("key", "old", "new", "head", "detail"), CHANGES)
def test_every_change_of_the_meaning_is_worded(key: str, old: str, new: str, head: str, detail: str) -> None:
    told = heads(between(PROCESS, changed(old, new)))
    assert detail in told[head]
    assert [each.split()[0] for each in told][-1] == "text"
    assert not any(each.startswith("source ") for each in told)


@pytest.mark.parametrize(("key", "old", "new", "head", "detail"), CHANGES)
def test_the_way_back_is_worded_too(key: str, old: str, new: str, head: str, detail: str) -> None:
    back = list(differences(*(load_source(text.encode(), "x") for text in (changed(old, new), PROCESS))))
    told = [detail for each in back[:-1] for detail in each.details]
    was, arrow, now = detail.partition(": ")[2].partition(" -> ")
    key_of = detail.partition(": ")[0]
    assert (f"{key_of}: {now} -> {was}" if arrow else detail) in told


def test_the_table_has_every_key_of_the_language() -> None:
    def keys(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node.get("properties", ())
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from keys(inner)

    assert {*keys(json.loads(SCHEMA.read_text("utf-8")))} - {row[0] for row in CHANGES} == NO_WORDS_OF_ITS_OWN


SAME = "nothing in the meaning changed"
OTHERWISE = "written otherwise: layout, or another notation of the same"
QUOTE = "      quote: {title: Quote, records: [price, discount]}\n"
SEND = "      send: {title: Send, evidence: document, milestone: offer}\n"


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        ("id: full", "id: full  # the id", ("comment added: # the id",)),
        ("procdef: 1", "# Long\n  # comments\nprocdef: 1", ("comment added: # Long", "comment added: # comments")),
        ("title: Offer", 'title: "Offer"', (OTHERWISE,)),
        ("next: offer\n  offer:", "next: [offer]\n  offer:", (OTHERWISE,)),
        ("{title: Wait}", "{title: Wait, evidence: none, decision: false}", (OTHERWISE,)),
        ("calendar:\n", "calendar:\n\n\n", (OTHERWISE,)),
        ("currency: EUR\n", "currency: EUR\r\n", (OTHERWISE,)),
        ("closed: [2026-12-24, 2026-12-31]", "closed: [2026-12-31, 2026-12-24]", (OTHERWISE,)),
        ("[seller, manager]", "[manager, seller]", ("order of owner of stage offer changed",)),
        ("{small: {title: {en: Small, fi: Pieni}}, big: Big}", "{big: Big, small: {title: {en: Small, fi: Pieni}}}",
         ("order of options of field size changed",)),
        ("  score: {type: integer, min: 0, max: 100}\n  price: {type: money}\n",
         "  price: {type: money}\n  score: {type: integer, min: 0, max: 100}\n", ("order of fields changed",)),
        (PROCESS[PROCESS.index(QUOTE) : PROCESS.index(SEND)], PROCESS[PROCESS.index(QUOTE) + len(QUOTE) : PROCESS.index(SEND)]
         + QUOTE, ("order of actions of stage offer changed",)),
        ("no_need: No need, price: {title: Too dear, records: [score]}",
         "price: {title: Too dear, records: [score]}, no_need: No need",
         ("order of lost.reasons of process changed",)),
    ],
)  # fmt: skip
def test_what_is_no_change_of_the_meaning_is_said_as_such(old: str, new: str, details: tuple[str, ...]) -> None:
    told = heads(between(PROCESS, changed(old, new)))
    assert told.pop("source full@1 -> full@2 changed") == (SAME, *details)
    assert list(told) == ["text full@1 -> full@2 changed"]


def test_only_another_version_is_said_as_such() -> None:
    second = PROCESS.replace("version: 1\n", "version: 2\n")
    found = differences(load_source(PROCESS.encode(), "x"), load_source(second.encode(), "x"))
    assert heads(list(found))["source full@1 -> full@2 changed"] == (SAME, "nothing but the version changed")


def test_comments_and_order_are_told_beside_a_change_of_the_meaning() -> None:
    text = PROCESS.replace("probability: 5\n", "probability: 6  # was 5\n").replace("[seller, manager]", "[manager, seller]")
    told = heads(between(PROCESS, text))
    assert told[LEAD] == ("probability: 5 -> 6",)
    assert told["source full@1 -> full@2 changed"] == ("order of owner of stage offer changed", "comment added: # was 5")


def test_a_hash_in_a_text_is_no_comment() -> None:
    told = heads(between(PROCESS, changed("title: Offer", 'title: "Offer # 1"')))
    assert list(told) == [OFFER, "text full@1 -> full@2 changed"]
