"""Titles for ids, times by the process's clocks, blanks that were left, numbers as people write them."""

import pytest

from procdef.cli.typed_input import one, with_offset
from procdef.errors import InvalidArgument
from procdef.model import Text


def lead(office, *more):
    assert office("record", "A-1", "company=Acme", "email=a@acme.example", "size=small", "score=72")[0] == 0
    for step in more:
        assert office(*step)[0] == 0


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ("lead.call done (phone): hello", ("do", "A-1", "Call", "--way", "By phone", "--evidence", "hello")),
        ("lead.call done (video): hello", ("do", "A-1", "call", "--way", "BY VIDEO", "--evidence", "hello")),
        ("lead.research done", ("do", "A-1", "selvitä")),
        ("lost: No need (no_need): x", ("lose", "A-1", "Ei tarvetta", "--note", "x")),
        ("note (busy): x", ("note", "A-1", "x", "--objection", "we have no time")),
    ],
)
def test_a_title_in_any_language_stands_for_its_id(told, step, office):
    lead(office)
    assert office(*step)[1] == f"A-1: {told}\n"


def test_a_stage_is_named_by_its_title_forward_back_and_at_a_start(office):
    lead(office, ("do", "A-1", "research"), ("advance", "A-1", "Tarjous"))
    assert office("back", "A-1", "lead", "--reason", "x")[0] == 0
    assert office("start", "office", "A-2", "--stage", "liidi")[0] == 0


def test_a_title_of_two_things_is_nobodys_and_an_id_is_itself():
    titles = {"a": Text({"en": "Same", "fi": "b"}, "en"), "b": Text({"en": "same"}, "en"), "c": Text({"en": "SAME"}, "en")}
    assert [one(text, titles) for text in ("Same", "b", "nothing")] == ["a", "b", "nothing"]
    with pytest.raises(InvalidArgument, match='"sAME" is the title of a and of b and of c; write the id'):
        one("sAME", titles)


@pytest.mark.parametrize(
    ("expected", "step"),
    [
        ("call has no way of that name\n      the ways of call are phone (By phone), video (By video)",
         ("do", "A-1", "call", "--way", "By carrier pigeon", "--evidence", "x")),
        ("lead has no action of that name\n      the actions of lead are research (Research), call (Call)",
         ("do", "A-1", "Measure the site")),
        ("office v1 has no reason of that name\n      the reasons for losing a deal are no_need (No need), price (Too dear)",
         ("lose", "A-1", "No money at all", "--note", "x")),
        ('office v1 has no stage called "ofer" (did you mean "offer"?)\n'
         "      from lead it goes on to offer (Offer), parked (Parked)", ("advance", "A-1", "ofer")),
        ('office v1 has no field called "scor" (did you mean "score"?)', ("record", "A-1", "scor=1")),
        ("quote belongs to offer, and the deal is in lead", ("do", "A-1", "quote")),
        ("research has no ways to choose from", ("do", "A-1", "research", "--way", "phone")),
    ],
)  # fmt: skip
def test_what_is_not_there_says_what_kind_of_thing_it_is_and_lists_those_that_are(expected, step, office):
    code, _, complaint = office(*step)
    assert code == 1
    assert expected in complaint


def test_an_objection_of_another_stage_says_of_which(office):
    lead(office, ("do", "A-1", "research"), ("advance", "A-1", "offer"))
    for typed in ("busy", "We have no time"):
        assert "busy is an objection of lead, and the deal is in offer" in office("note", "A-1", "x", "--objection", typed)[2]


@pytest.mark.parametrize(
    "step",
    [
        ("lose", "A-1", "price", "--note", "..."),
        ("lose", "A-1", "..."),
        ("record", "A-1", "company=..."),
        ("record", "A-1", "deciders=..."),
        ("record", "A-1", "score=3", "--correct", "--reason", "..."),
        ("do", "A-1", "call", "--way", "...", "--evidence", "x"),
        ("do", "A-1", "call", "--way", "phone", "--evidence", "..."),
        ("note", "A-1", "..."),
        ("note", "A-1", "x", "--objection", "..."),
        ("assign", "A-1", "..."),
        ("waive", "A-1", "fits", "--reason", "..."),
        ("back", "A-1", "lead", "--reason", " ... "),
        ("start", "office", "A-2", "company=..."),
        ("--as", "...:seller", "note", "A-1", "x"),
    ],
)
def test_a_blank_that_was_left_is_not_a_value(step, office):
    code, _, complaint = office(*step)
    assert code == 2
    assert "..." in complaint
    assert office("log", "A-1", "--format", "json")[1].count("\n") == 1


def test_dots_within_a_text_are_text(office):
    assert office("note", "A-1", "They will think...")[0] == 0


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        ("2026-11-27T08:00:00+00:00", "2026-11-27 10:00"),
        ("2026-11-27T08:00:30+00:00", "2026-11-27T10:00:30"),
        ("2026-11-27T10:00+01:00", "2026-11-27 10:00 +01:00"),
        ("2026-11-27T10:00Z", "2026-11-27T10:00Z"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25 03:30"),
        ("2026-02-30 10:00", "2026-02-30 10:00"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_a_time_without_an_offset_is_by_the_clocks_of_the_process(expected, typed):
    from zoneinfo import ZoneInfo

    assert with_offset(typed, ZoneInfo("Europe/Helsinki")) == expected


def test_times_are_taken_as_people_write_them_and_echoed(office):
    assert "meeting=2026-11-27 10:00 Europe/Helsinki" in office("record", "A-1", "meeting=2026-11-27 10:00")[1]
    assert "meeting=2026-11-28 10:00 Europe/Helsinki" in office("start", "office", "A-2", "meeting=2026-11-28T10:00")[1]
    assert "meeting=9999-12-31T23:30:00.000000Z" in office("record", "A-1", "meeting=9999-12-31T23:30Z")[1]
    assert "2999-01-01T08:00:00" in office("note", "A-1", "x", "--happened", "2999-01-01 10:00")[2]


@pytest.mark.parametrize(
    ("expected", "pair"),
    [
        ("write 15000", "price=15 000"),
        ("write 15000", "price=15 000 EUR"),
        ("write 1500.50", "price=1.500,50"),
        ("write 1500 or 1.5", "price=1,500"),
        ("1.500 can be read in two ways: write 1.5 or 1500", "price=1.500"),
        ("write 1500000", "price=1,500,000"),
        ("write 15.5 %", "discount=15,5 %"),
        ("write 15.5 %", "discount=15,5"),
        ("must be a number", "price=much"),
    ],
)
def test_a_number_as_people_write_it_is_refused_with_its_plain_form(expected, pair, office):
    code, _, complaint = office("record", "A-1", pair)
    assert code == 1
    assert expected in complaint


@pytest.mark.parametrize("pair", ["deciders:=True", "deciders:=False"])
def test_true_and_false_are_written_small(pair, office):
    code, _, complaint = office("record", "A-1", pair)
    assert code == 2
    assert "true or false" in complaint


def test_a_document_that_is_not_there_is_asked_for_in_plain_words(office):
    lead(office, ("do", "A-1", "research"), ("advance", "A-1", "offer"))
    assert office("do", "A-1", "quote", "price=1", "discount=1", 'deciders:=[{"name": "Ann"}]')[0] == 0
    complaint = office("do", "A-1", "send", "--evidence", "missing.pdf")[2]
    assert 'give the path of a file, or, of one that is kept elsewhere, name and SHA-256: "NAME sha256:HEX"' in complaint


@pytest.mark.parametrize(
    ("expected", "who", "step"),
    [
        ('office has no role "seler" (did you mean "seller"?); use seller', "maija:seler", ("start", "office", "B")),
        ("say in which role: --as ID:ROLE, as in --as sanna:seller", "sanna", ("start", "office", "B")),
        ("manager: procdef record A-1 score=... --correct --reason ...", "matti:manager", ("record", "A-1", "score=3")),
    ],
)
def test_who_may_not_is_told_what_leads_on(expected, who, step, office):
    code, _, complaint = office("--as", who, *step)
    assert code == 1
    assert expected in complaint


def test_a_set_of_options_is_typed_with_commas_and_shown_with_titles(procdef, tmp_path):
    process = (tmp_path / "rivals.yaml").resolve()
    process.write_text(
        "procdef: 1\nid: rivals\nversion: 1\ntitle: Rivals\nlanguages: [en]\nroles: {seller: {title: Seller}}\n"
        "fields: {rivals: {type: choice, many: true, options: {globex: Globex Inc, acme: Acme Oy}}}\n"
        "lost: {reasons: {price: Too dear}}\n"
        "stages:\n"
        "  lead: {title: Lead, start: true, owner: seller, next: won,\n"
        "    required_actions: {compare: {title: Compare, records: [rivals]}}}\n"
        "  won: {title: Won, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}\n",
        encoding="utf-8",
    )
    assert procdef("publish", "rivals.yaml")[0] == 0
    assert procdef("start", "rivals", "R", "rivals=globex, acme")[0] == 0
    assert "rivals  acme (Acme Oy), globex (Globex Inc)" in procdef("status", "R")[1]
    assert "acme, globex" in procdef("log", "R")[1]
    code, _, complaint = procdef("record", "R", "rivals=acme,globx")
    assert (code, 'did you mean "globex"?' in complaint) == (1, True)
    assert procdef("record", "R", 'rivals:=["acme"]')[0] == 0
    assert procdef("record", "R", "rivals=")[0] == 0
    assert "rivals=..." in procdef("status", "R")[1]
    assert "several with commas between them" in " ".join(procdef("status", "R")[1].split())


@pytest.mark.parametrize(
    ("written", "expected"), [("150.000", None), ('"150.000"', None), ("150.00", "150"), ("150", "150"), ("1.2550", "1.255")]
)
def test_a_number_of_json_is_read_as_it_is_written(written, expected, procdef, tmp_path):
    (tmp_path / "money.yaml").write_text(
        "procdef: 1\nid: money\nversion: 1\ntitle: Money\nlanguages: [en]\ncurrency: EUR\nroles: {seller: {title: Seller}}\n"
        "fields: {price: {type: money, personal: false}}\nlost: {reasons: {price: Too dear}}\n"
        "stages:\n"
        "  lead: {title: Lead, start: true, owner: seller, next: won,\n"
        "    required_actions: {quote: {title: Quote, records: [price]}}}\n"
        "  won: {title: Won, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}\n",
        encoding="utf-8",
    )
    assert procdef("publish", "money.yaml")[0] == 0
    assert procdef("start", "money", "M")[0] == 0
    step = f'{{"do": "record", "deal": "M", "by": "maija", "roles": ["seller"], "values": {{"price": {written}}}}}'
    (tmp_path / "steps.jsonl").write_text(f"{step}\n", "utf-8")
    code, printed, complaint = procdef("run", "money.yaml", "steps.jsonl")
    said = "150.000 can be read in two ways: write 150 or 150000"
    assert (code == 0, said in printed + complaint) == (expected is not None, expected is None)
    assert procdef("record", "M", f"price:={written}")[0] == (0 if expected else 1)
    assert expected is None or f"price  {expected} EUR" in procdef("status", "M")[1]


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("meeting 2026-03-29T03:30: there is no such time", ("record", "A-1", "meeting=2026-03-29T03:30")),
        ("meeting 2026-03-29 03:30: there is no such time", ("record", "A-1", "meeting=2026-03-29 03:30")),
        ("--happened 2026-03-29T03:30: there is no such time", ("note", "A-1", "x", "--happened", "2026-03-29T03:30")),
        ("--happened 2026-03-29 03:30:15: there is no such time", ("do", "A-1", "call", "--happened", "2026-03-29 03:30:15")),
    ],
)
def test_a_time_that_the_clocks_jump_over_is_refused_with_those_beside_it(office, expected, arguments):
    before = office("log", "A-1")[1]
    code, _, complaint = office(*arguments)
    assert (code, expected in complaint) == (2, True)
    assert "write 2026-03-29T02:59 or 2026-03-29T04:00" in complaint
    assert office("log", "A-1")[1] == before
