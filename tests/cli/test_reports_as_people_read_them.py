"""The report on a terminal: the days that were asked for, titles, plain words, and a width that holds."""

import hashlib
import json
from pathlib import Path

import pytest


def test_a_report_names_the_days_that_were_asked_for_in_the_zone_of_the_process(office):
    assert "from 2026-11-01 to 2026-11-30" in office("report", "--from", "2026-11-01", "--to", "2026-11-30")[1]


@pytest.mark.parametrize(
    ("expected", "asked"),
    [
        ("from the beginning to 2026-11-30", ("--to", "2026-11-30")),
        ("from 2026-11-01 to now", ("--from", "2026-11-01")),
        ("all time", ()),
    ],
)
def test_an_open_period_says_so_in_words(expected, asked, office):
    assert f"office  {expected}\n" in office("report", *asked)[1]


def test_losses_and_refusals_are_told_by_title_and_in_plain_words(office):
    assert office("do", "A-1", "quote")[0] == 1
    assert office("lose", "A-1", "no_need", "--note", "x")[0] == 0
    _, shown, _ = office("report", "--lang", "fi")
    assert "       1  Ei tarvetta (no_need): Liidi 1\n" in shown
    assert "       1  offer.quote belongs to another stage (Quote): 1 deal\n" in shown


def test_a_loss_that_was_taken_up_again_is_explained(office):
    assert office("lose", "A-1", "no_need", "--note", "x")[0] == 0
    assert "taken up" not in office("report")[1]
    assert office("--as", "jaana:manager", "reopen", "A-1", "--reason", "again")[0] == 0
    assert "taken up" in office("report")[1]


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_a_report_fits_the_terminal(width, office, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    assert office("do", "A-1", "quote")[0] == 1
    _, shown, _ = office("report")
    assert "90th percentile" in shown
    assert [line for line in shown.splitlines() if len(line) > width] == []


def test_a_title_that_is_cut_ends_in_an_ellipsis():
    from procdef.render.text_layout import clipped

    assert clipped("Booking the meeting", 12) == "Booking the…"
    assert clipped("Booking", 12) == "Booking"


@pytest.mark.parametrize("code", ["FI", "Fi", "fi"])
def test_the_code_of_a_language_is_taken_in_any_case(office, code):
    asked = [office(*command, "--lang", code) for command in (("report",), ("status",), ("show", "office.yaml"))]
    assert asked == [office(*command, "--lang", "fi") for command in (("report",), ("status",), ("show", "office.yaml"))]
    assert asked != [office(*command) for command in (("report",), ("status",), ("show", "office.yaml"))]


def offered(name, size, price, discount):
    """The steps of a deal up to its offer."""
    values = {"price": price, "discount": discount, "deciders": [{"name": "Anna", "signs": True}]}
    steps = [
        {"do": "start", "values": {"score": 80, "email": "a@b.example", "size": size}},
        {"do": "do", "action": "research", "values": {"company": "=Acme"}},
        {"do": "advance", "to": "offer"},
        {"do": "do", "action": "quote", "values": values},
        {"do": "do", "action": "approve", "decision": "approve", "by": "jaana", "roles": ["manager"]},
        {"do": "do", "action": "send", "evidence": f"o.pdf sha256:{'0' * 64}"},
        {"do": "do", "action": "remind"},
        {"do": "do", "action": "remind"},
    ]
    return [{"by": "maija", "roles": ["seller"], "deal": name, **step} for step in steps]


@pytest.fixture
def sold(office, tmp_path):
    """Beside A-1, three deals with an offer: B-1 was won, B-2 lost, and B-3 is open."""
    steps = [*offered("B-1", "small", 1000, 20), *offered("B-2", "big", 500, 12), *offered("B-3", "big", 200, 30)]
    won = {"deal": "B-1", "do": "advance", "to": "delivery"}
    lost = {"deal": "B-2", "do": "lose", "reason": "price", "note": "x"}
    steps += [{"by": "maija", "roles": ["seller"], **step} for step in (won, lost)]
    (tmp_path / "steps.jsonl").write_text("\n".join(map(json.dumps, steps)), "utf-8")
    assert office("run", "office.yaml", "steps.jsonl")[::2] == (0, "")
    return office


def test_what_matters_stands_before_the_tables(sold, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    _, shown, _ = sold("report")
    heads = [line for line in shown.splitlines() if line and not line.startswith(" ")]
    assert heads[1].startswith("hit rate  50.00 %  (won offers / (won + lost offers); 1 won, 1 lost; 9.45 to 90.55")
    assert shown.index("hit rate") < shown.index("where deals stall") < shown.index("visits to a stage")


def test_groups_of_a_field_stand_in_tables_with_titles(sold):
    _, shown, _ = sold("report", "--by", "size", "--lang", "fi")
    assert "Suuri                               2        1        0        1\n" in shown
    assert "Suuri                               1    0.00 %     0-79    0.00 %\n" in shown
    _, shown, _ = sold("report", "--by", "discount", "--bands", "15,25")
    assert [line.split()[:3] for line in shown.splitlines() if line.startswith(("below", "15 to", "25 and", "(none)"))][:4] == [
        ["below", "15", "1"], ["15", "to", "25"], ["25", "and", "up"], ["(none)", "1", "1"],
    ]  # fmt: skip


def test_a_table_of_figures_holds_no_formula(sold):
    _, shown, _ = sold("report", "--format", "csv", "--by", "company")
    head, *lines = shown.splitlines()
    assert head == "figure,group,value,unit,n,low,high,currency"
    assert "hit_rate,,50.00,percent,2,9.45,90.55," in lines
    assert "groups.money.won_value,'=Acme,1000,money,1,,,EUR" in lines
    assert {line.count(",") for line in lines} == {7}


def test_the_deals_behind_a_figure_are_told_with_what_they_are_of(sold):
    _, shown, _ = sold("report", "--deals", "losses.price", "--format", "json")
    deal, about = map(json.loads, shown.splitlines())
    assert (deal["deal"], deal["stage"], deal["value"], deal["currency"], deal["times"]) == ("B-2", "offer", "500", "EUR", 1)
    assert (about["about"]["filter"]["figure"], about["about"]["rows"]) == ("losses.price", 1)
    _, shown, _ = sold("report", "--deals", "deals.won")
    assert shown.splitlines()[0] == "B-1  delivery  won  maija  1000 EUR"


def test_an_answer_tells_which_log_it_is_of_and_its_own_digest(sold):
    _, shown, _ = sold("report", "--format", "json")
    whole = json.loads(shown)
    about = whole.pop("about")
    assert hashlib.sha256((json.dumps(whole, ensure_ascii=False) + "\n").encode()).hexdigest() == about["sha256"]
    assert (about["what"], about["rows"], about["filter"]) == ("report", 1, {"process": "office", "idle": 30})


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ('there is nothing called "siz" to group by (did you mean "size"?)', ("--by", "siz")),
        ('the values of "email" are personal', ("--by", "email")),
        ('"deciders" holds a list', ("--by", "deciders")),
        ('bands are for a field of numbers, which "size" is not', ("--by", "size", "--bands", "1,2")),
        ("--bands are those of a field: name it with --by", ("--bands", "1,2")),
        ("ten is no number at which a band begins", ("--by", "price", "--bands", "5,ten")),
        ("NaN is no number at which a band begins", ("--by", "price", "--bands", "NaN")),
        ("1e999999999 is no number at which a band begins", ("--by", "price", "--bands", "1e999999999")),
        ("1e99999 is no number at which a band begins", ("--by", "price", "--bands", "0,1e99999")),
        ("1e-999999999 is no number at which a band begins", ("--by", "price", "--bands", "1e-999999999")),
        ("week is no period; write 90d", ("--last", "week")),
        ("by --from and --to, or by --last", ("--last", "90d", "--to", "2026-01-01")),
        ("soon is no date; write 2026-01-31", ("--from", "soon")),
        ('there is no count "losses.pric" in this report (did you mean "losses.price', ("--deals", "losses.pric")),
        ("printed as text or json", ("--deals", "deals.won", "--format", "csv")),
    ],
)
def test_what_no_report_can_be_made_of_is_told_in_one_line(told, asked, sold):
    code, out, complaint = sold("report", *asked)
    assert (code, out) == (2, "")
    assert told in complaint
    assert len(complaint.splitlines()) in (1, 4)  # with the usage above it, where options do not go together


@pytest.mark.parametrize(
    "asked", [("--from", "9999-12-31"), ("--to", "0001-01-02"), ("--from", "0001-01-02", "--to", "9999-12-30")]
)
def test_a_period_at_the_ends_of_the_calendar_is_one(asked, sold):
    for more in ((), ("--by", "month"), ("--format", "json")):
        assert sold("report", *asked, *more)[::2] == (0, "")


def test_a_process_without_deals_has_a_report(procdef, tmp_path):
    from office import PROCESS

    (tmp_path / "office.yaml").write_text(PROCESS, "utf-8")
    assert procdef("publish", "office.yaml")[0] == 0
    for more in ((), ("--by", "month"), ("--by", "price"), ("--last", "quarter", "--format", "csv"), ("--format", "json")):
        assert procdef("report", *more)[::2] == (0, "")
    _, shown, _ = procdef("report")
    assert "hit rate  n/a" in shown
    assert "won value n/a (EUR)" in shown


def reading(name, tmp_path):
    """The address of a log of an earlier layout that may only be read."""
    earlier = Path(__file__).parents[1] / "logs" / "0.1.0" / f"{name}.sqlite"
    (tmp_path / "old.db").write_bytes(earlier.read_bytes())
    return f"sqlite:///{tmp_path / 'old.db'}?read_only=yes"


def test_a_log_of_an_earlier_layout_that_may_only_be_read_has_a_report(procdef, tmp_path):
    db = reading("sealed", tmp_path)
    for asked in ((), ("--by", "month"), ("--by", "owner", "--format", "json"), ("--deals", "deals.idle"), ("--format", "csv")):
        code, out, complaint = procdef("--db", db, "report", *asked)
        assert (code, complaint) == (0, "")
        assert out


def test_a_log_without_a_tree_has_a_report_too(procdef, tmp_path):
    db = reading("deals", tmp_path)
    for asked in ((), ("--by", "owner"), ("--deals", "deals.started"), ("--html", str(tmp_path / "report.html"))):
        code, out, complaint = procdef("--db", db, "report", *asked)
        assert (code, complaint) == (0, "")
        assert out
    checkpoint = json.loads(procdef("--db", db, "report", "--format", "json")[1])["about"]["checkpoint"]
    assert checkpoint["size"] > 0
    assert checkpoint["root"] is None
