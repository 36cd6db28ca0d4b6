"""The report as a page: it answers what a sales manager asks, with the figures of the report and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, ProcessDefinition, load, open_store
from procdef.pages.report import report_page
from procdef.pages.report.parts import Cell
from procdef.pages.report.words import GLOSSARY, WORDS
from procdef.provenance import Provenance
from procdef.reports import asked, report_in
from procdef.reports.figures.arithmetic import rate as counted_rate
from procdef.reports.forecast import forecast_in
from procdef.reports.report import Decided, Money, ObjectionFigures, Rate, Report

ROOT = Path(__file__).parents[3]
NOW = datetime(2025, 9, 10, 7, tzinfo=UTC)
STEPS = [json.loads(line) for line in (ROOT / "processes" / "demo.steps.jsonl").read_text("utf-8").splitlines()]
SELLER = Actor("ann", roles={"seller"})


class Found(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute))]


@cache
def told() -> tuple[Report, ProcessDefinition, dict[str, Any]]:
    """The report of the demonstration's last quarter."""
    engine = Engine(open_store("memory:"))
    for _ in engine.run(load(ROOT / "processes" / "b2b-sales.yaml"), STEPS, by=Actor("demo")):
        pass
    return counted(engine, since="2025-07-01", by="discount", bands=("0", "5", "10", "15"))


def counted(engine: Engine, **options: Any) -> tuple[Report, ProcessDefinition, dict[str, Any]]:
    what = asked(engine, now=NOW, **options)
    with engine.store.transaction(write=False) as tx:
        found, sheet = report_in(tx, what), Provenance(tx, "report", what.filter, lambda: NOW)
    sheet.line(found)
    return found, what.scope.newest, sheet.about


def made(report: Report | None = None, language: str = "en", **more: Any) -> str:
    usual, definition, about = told()
    return report_page(report or usual, definition, about, command="procdef report", language=language, **more)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_link_leads_somewhere_and_every_id_is_there_once(language: str) -> None:
    found = Found(made(language=language))
    ids = found.all("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in found.all("href")} <= set(ids)
    assert {name for names in found.all("aria-labelledby") for name in names.split()} <= set(ids)
    assert [tag for tag, _ in found.tags].count("h1") == 1


def test_the_first_screen_answers_what_a_manager_asks() -> None:
    report, definition, _ = told()
    first = made().partition('id="look"')[0]
    text = Found(first).text
    on_track = sum(goal.on_track is True for goal in report.goals.values())
    assert f"{on_track} of {len(report.goals)} goals on track" in text
    assert report.main.hit_rate.percent is not None
    assert f"{report.main.hit_rate.percent:.0f}\u00a0%" in first
    late = max(report.stages, key=lambda name: report.stages[name].overdue)
    assert f"Where do deals stall? {definition.stages[late].title}" in text
    assert f"{report.stages[late].overdue} of {report.stages[late].under_way} deals there are past their due time" in text
    blocking = definition.criteria["follow_up.decision_maker_known"]
    assert f"What blocks most deals? {blocking.message}" in text
    of = report.refusals[blocking.path]
    assert f"Held up {of.deals} deals in Follow-up, {of.times} times" in text
    assert f"{of.met_later} deals met it later" in text
    assert "Can waive it: Sales manager." in text
    assert "To change: ask for it earlier, in Sales meeting?" in text


def test_every_chart_says_its_numbers_in_words_and_is_small() -> None:
    report, _, _ = told()
    page = made()
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(pictures) == 2 * 7
    assert max(map(len, pictures)) < 30_000
    told_of_funnel = next(each for each in pictures if "funnel-w" in each).partition("<desc")[2].partition("</desc>")[0]
    for stage in report.stages.values():
        assert f"{stage.cohort.entered} entered, {stage.cohort.went_on} went on" in told_of_funnel
    assert f"n: {report.main.deals.started} deals" in told_of_funnel


def test_the_glossary_explains_each_figure_of_the_page_once() -> None:
    page = made()
    used = set(re.findall(r'href="#means-(\w+)"', page))
    assert used == set(re.findall(r'<dt id="means-(\w+)"', page))
    assert used <= set(GLOSSARY)
    assert {"hit_rate", "funnel", "time_in_stage", "refusals", "losses", "goals"} <= used


def test_the_foot_says_which_log_as_of_when_and_the_hash_of_the_rows() -> None:
    report, _, about = told()
    foot = made().partition("<footer>")[2]
    for shown in (about["log"], about["checkpoint"]["root"], report.now, about["sha256"], "procdef report"):
        assert str(shown) in foot


def test_the_same_report_gives_the_same_bytes() -> None:
    assert made() == made()


@pytest.mark.parametrize("language", ["en", "fi"])
def test_no_personal_value_is_on_the_page(language: str) -> None:
    _, definition, _ = told()
    private = {name for name, field in definition.fields.items() if field.type.private}
    values = {str(value) for step in STEPS for name, value in step.get("values", {}).items() if name in private}
    values |= {step[name] for step in STEPS for name in ("note", "evidence") if len(step.get(name, "")) > 8}
    values |= {step["reason"] for step in STEPS if "reason" in step and step["do"] != "lose"}
    assert len(values) > 300
    text = Found(made(language=language)).text
    assert [value for value in values if value in text and not value.isdigit() and value not in ("True", "False")] == []


def test_words_are_there_in_both_languages_with_the_same_blanks() -> None:
    english, finnish = WORDS["en"], WORDS["fi"]
    assert english.keys() == finnish.keys()
    blanks = re.compile(r"\{(\w+)\}").findall
    assert {key for key, text in english.items() if sorted(blanks(text)) != sorted(blanks(finnish[key]))} == set()
    assert {f"means_{name}" for name in GLOSSARY} <= english.keys()


def test_another_language_has_the_english_words_marked_as_such() -> None:
    page = made(language="sv")
    assert '<html lang="sv"' in page
    assert '<span lang="en">In short</span>' in page


def small(**texts: str) -> Engine:
    """A process with two stages, whose texts are those given, and no deal."""
    title = json.dumps(texts.get("title", "Sales"), ensure_ascii=False)
    engine = Engine(open_store("memory:"), clock=lambda: datetime(2025, 9, 1, tzinfo=UTC))
    engine.publish(
        load(
            f"""procdef: 1
id: small
version: 1
title: {title}
languages: [en]
currency: EUR
roles: {{seller: {{title: {title}}}}}
fields:
  price: {{type: money, title: {title}}}
  size: {{type: choice, title: {title}, options: {{big: {{title: {title}}}}}}}
deal: {{value: price}}
lost: {{reasons: {{none: {{title: {title}}}}}}}
goals: {{hit_rate: 50, won_value: {{amount: 1000, per: month}}}}
measures: {{mean: {{field: price, aggregate: mean, title: {title}}}}}
stages:
  opening:
    title: {title}
    start: true
    owner: seller
    sla: {{within: 1 days}}
    required_actions: {{call: {{title: {title}, milestone: offer}}}}
    exit_criteria: {{priced: {{check: price > 10, message: {title}, waivable_by: seller}}}}
    next: ending
  ending: {{title: {title}, owner: seller, outcome: won}}
"""
        ),
        by=SELLER,
    )
    return engine


def page_of(engine: Engine, **options: Any) -> str:
    found, definition, about = counted(engine, **options)
    return report_page(found, definition, about, command="procdef report small")


def test_where_nothing_has_happened_the_page_says_so() -> None:
    text = Found(page_of(small())).text
    nothing = ("Nowhere yet", "Nothing was refused", "No deal was lost", "No visit to a stage",
               "The goal “Won value in 2025-09” is behind")  # fmt: skip
    for said in nothing:
        assert said in text


def test_refusals_name_actions_by_their_titles() -> None:
    text = Found(made()).text
    assert "“Approve the discount, gift or special price” had to be done first" in text
    assert "closing.approve_concession" not in text


def imported() -> Engine:
    """A log that ended two years ago: deals without offers, goals or due times, all of them lost to one reason."""
    source = """
procdef: 1
id: small
version: 1
title: An export
fields: {need: {type: text}}
languages: [en]
roles: {seller: {title: Seller}}
lost: {reasons: {unknown: Nobody knows}}
stages:
  lead: {title: Lead, start: true, owner: seller, next: talks}
  talks: {title: Talks, owner: seller, next: ending}
  ending: {title: Won, owner: seller, outcome: won}
"""
    engine = Engine(open_store("memory:"), clock=lambda: datetime(2023, 9, 1, tzinfo=UTC))
    engine.publish(load(source), by=SELLER)
    for number in range(60):
        deal = f"D-{number}"
        engine.start("small", deal, by=SELLER)
        if number < 20:
            engine.advance(deal, by=SELLER)
            engine.advance(deal, by=SELLER)
        elif number < 30:
            engine.lose(deal, "unknown", by=SELLER)
    return engine


def test_a_forecast_of_which_nothing_can_be_told_is_no_empty_chart() -> None:
    engine = imported()
    found, definition, about = counted(engine)
    with engine.store.transaction(write=False) as tx:
        forecast = forecast_in(tx, engine.definitions(), NOW)
    page = report_page(found, definition, about, command="procdef report small", forecast=forecast)
    section = page.partition('<section id="forecast"')[2].partition("</section>")[0]
    text = Found(section).text
    assert "Nothing can be told of 30 open deals" in text
    assert "Nothing was won in the 12 months that were looked at, and nothing was expected." in text
    assert "<svg" not in section
    assert "10th percentile" not in text


def test_a_log_that_has_ended_without_offers_goals_and_due_times_reads_sensibly() -> None:
    text = Found(page_of(imported())).text
    assert "What share of our deals is won? 67 % No offer was won or lost" in text
    assert "Where do deals stall? Lead 30 of 30 deals there had no step for 30 days" in text
    assert "Of 30 open deals, none had a step for 30 days. Is everything written down?" in text
    for nonsense in ("past their due time", "Most losses were for", "n/a than", "by n/a"):
        assert nonsense not in text, nonsense


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({}, "▲ Won value in 2025-09: 0 EUR, target 1 000 EUR; behind: 0 % of it"),
        ({"since": "2025-08-01", "until": "2025-08-31"}, "▲ Won value in this time: 0 EUR, target 1 000 EUR; missed"),
    ],
)
def test_a_goal_names_the_time_in_which_it_is_to_be_reached(period: dict[str, str], said: str) -> None:
    assert said in Found(page_of(small(), **period)).text


HOSTILE = (
    "<script>alert(1)</script>", "{{ 7*7 }} {x} {0}", "</title></style>", "שלום", "x" * 300, "🚀", "%s %(a)s",
    '" onload="alert(1)',
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_every_text_of_a_process_is_text(text: str) -> None:
    engine = small(title=text)
    for number in range(12):
        deal = f"D-{number}"
        engine.start("small", deal, by=SELLER, values={"price": str(number), "size": "big"})
        with pytest.raises(Exception, match="advance"):
            engine.advance(deal, by=SELLER)
        engine.do(deal, "call", by=SELLER)
        if number % 3:
            engine.record(deal, {"price": "50"}, by=SELLER)
            engine.advance(deal, by=SELLER)
        else:
            engine.lose(deal, "none", by=SELLER)
    found = Found(page_of(engine, by="size"))
    assert [tag for tag, _ in found.tags].count("script") == 1
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert " ".join(text.split()) in found.text


def with_rates(report: Report, low: tuple[int, int], high: tuple[int, int]) -> Report:
    """The report with two bands, in each so many offers that were won, of so many."""

    def group(won: int, n: int) -> Any:
        share, part = Decimal(100 * won) / n, Decimal(100) / Decimal(n).sqrt()
        rate = Rate(share, n, max(Decimal(0), share - part), min(Decimal(100), share + part))
        return replace(report.main, hit_rate=rate)

    return replace(report, by="discount", kind="bands", groups={"0 to 5": group(*low), "15 and up": group(*high)})


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ((90, 100), (10, 100), "were won less often"),
        ((10, 100), (90, 100), "were won more often"),
        ((50, 100), (52, 100), "were won about as often"),
        ((9, 9), (1, 100), None),
    ],
)
def test_bands_are_compared_where_there_are_enough_offers(
    low: tuple[int, int], high: tuple[int, int], said: str | None
) -> None:
    text = Found(made(with_rates(told()[0], low, high))).text
    assert (said in text) if said else "offers in the band" not in text


def test_what_most_met_later_is_to_be_asked_for_earlier_and_what_is_often_waived_is_doubted() -> None:
    report, _, _ = told()
    name = "follow_up.decision_maker_known"
    of = report.refusals[name]
    often = replace(report, refusals={name: replace(of, deals=20, met_later=15)}, waivers={})
    text = Found(made(often)).text
    assert "“Nobody knows who decides” held up 20 deals in Follow-up; 15 met it later" in text
    assert "ask for it earlier, in Sales meeting?" in text
    seldom = replace(report, refusals={name: replace(of, deals=9, met_later=9)}, waivers={})
    assert "ask for it earlier" not in Found(made(seldom)).text
    waived = replace(report.waivers[next(iter(report.waivers))], deals=5)
    doubted = replace(report, refusals={name: replace(of, deals=20, met_later=3)}, waivers={name: waived})
    assert "was waived for 5 of the 20 deals that it held up" in Found(made(doubted)).text


def decided(won: int, closed: int) -> Decided:
    rate = counted_rate(won, closed)
    return Decided(closed + 2, closed, won, rate)


@pytest.mark.parametrize(
    ("met", "beside", "said"),
    [((1, 30), (60, 100), True), ((1, 9), (60, 100), False), ((14, 30), (60, 100), False), ((0, 0), (60, 100), False)],
)
def test_an_objection_is_named_where_deals_that_meet_it_are_won_less_often_than_chance_tells(
    met: tuple[int, int], beside: tuple[int, int], said: bool
) -> None:
    report = replace(told()[0], objections={"too_expensive": ObjectionFigures(met[1], decided(*met), decided(*beside))})
    text = Found(made(report)).text
    assert ("that met “It is too expensive”" in text) is said
    drawn = f"{beside[0]}\u00a0% (n = {beside[1]}) of all there" in made(report)
    assert drawn is (met[1] > 0), "no line is drawn for what no decided deal met"


def test_what_slipped_is_told_where_a_quarter_of_the_days_was_moved() -> None:
    report, _, _ = told()
    assert report.slippage is not None
    close = report.slippage.close
    for later, said in ((5, False), (10, True)):
        slippage = replace(report.slippage, close=replace(close, deals=40, later=later))
        text = Found(made(replace(report, slippage=slippage))).text
        assert (f"Closing was put off in {later} of 40 deals" in text) is said


def test_the_page_of_a_log_without_activities_leaves_them_out() -> None:
    text = Found(made(replace(told()[0], activity=None, objections=None, slippage=None))).text
    for said in ("Nothing was done", "No objection was noted", "No deal had a day of closing"):
        assert said in text


def test_a_period_that_was_told_otherwise_when_it_ended_shows_both() -> None:
    report, _, _ = told()
    then = replace(report.main, deals=replace(report.main.deals, won=report.main.deals.won + 1))
    page = made(replace(report, reported=then))
    assert "This period as it was told when it ended" in page
    assert "This period as it was told" not in made()


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["below 2.5\u00a0%", "2.5 to 10\u00a0%", "at least 10\u00a0%", "7", "(no value)"]),
        ("fi", ["alle 2,5\u00a0%", "2,5 – 10\u00a0%", "vähintään 10\u00a0%", "7", "(ei arvoa)"]),
    ],
)
def test_bands_are_called_in_the_words_of_the_page_with_their_unit(language: str, shown: list[str]) -> None:
    main = told()[0].main
    names = ["below 2.5", "2.5 to 10", "10 and up", "7", "(none)"]
    report = replace(told()[0], by="discount", kind="bands", groups=dict.fromkeys(names, main))
    table = made(report, language).partition('<section id="offers"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)', table) == shown


def test_every_word_is_used() -> None:
    pages = ROOT / "src" / "procdef" / "pages"
    files = [*pages.glob("report/*.py"), pages / "templates" / "report.html"]
    used = "".join(file.read_text("utf-8") for file in files)
    made_up = ("goal_", "ask_goal_", "per_", "by_", "aggregate_", "over_", "category_", "kind_", "lacking_", "fact_",
               "decision_", "advice_bands_", "ask_bands_", "term_", "means_")  # fmt: skip
    counted = re.compile(r"_(one|many)$")
    alone = {key for key in WORDS["en"] if not key.startswith(made_up) and not counted.search(key)}
    assert {key for key in alone if key not in used} == set()


def test_a_goal_whose_time_is_over_is_asked_about_otherwise() -> None:
    report, _, _ = told()
    goal = replace(report.goals["won_value"], on_track=False, actual=Decimal(160_000), share=Decimal(40))
    for gone, said in ((Decimal(80), "Which open deals can still be won"), (Decimal(100), "The time is over")):
        goals = {"won_value": replace(goal, time_gone=gone)}
        assert said in Found(made(replace(report, goals=goals))).text


@pytest.mark.parametrize(
    ("language", "told_of_one"),
    [
        ("en", (
            "1 of 1 goal on track", "Held up 1 deal in Follow-up, 1 time", "1 of 1 deal there is past its due time",
            "1 of 1 deal there had no step for 1 day", "came a median of 1 day ago", "1 visit that ended, 1 going on",
            "1 of 1 item",
        )),
        ("fi", (
            "1 / 1 tavoitteesta aikataulussa", "Pysäytti 1 kaupan vaiheessa Seuranta, yhteensä 1 kerran",
            "1 / 1 siellä olevasta kaupasta on myöhässä", "ilman askelta 1 päivään", "1 käynti päättyi, 1 jatkuu",
            "1 / 1 kohdasta",
        )),
    ],
)  # fmt: skip
def test_one_of_a_thing_is_told_in_the_singular(language: str, told_of_one: tuple[str, ...]) -> None:
    report, _, _ = told()
    stage, item = "follow_up", "follow_up.decision_maker_known"
    here = replace(
        report.stages[stage], under_way=1, overdue=1, idle=1, time=replace(report.stages[stage].time, n=1),
        age=replace(report.stages[stage].age, n=1, median_days=0.96),
    )  # fmt: skip
    held = replace(report.refusals[item], deals=1, times=1, met_later=1)
    goals = {"won_value": replace(report.goals["won_value"], on_track=True)}
    page = made(replace(report, goals=goals, stages={stage: here}, refusals={item: held}, idle_days=1), language)
    text = Found(page).text.replace("\u00a0", " ")
    assert [each for each in told_of_one if each not in text] == []


def test_amounts_that_differ_by_little_are_told_apart_where_a_table_is_sorted() -> None:
    amounts = [Decimal("12345678.10"), Decimal("12345678.20"), 0.1, 7]
    assert [Cell("", amount).sorted_by for amount in amounts] == ["12345678.1", "12345678.2", "0.1", "7"]


def test_a_velocity_stands_with_the_open_deals_only_where_they_are_of_one_currency_and_is_n_a_without_a_win() -> None:
    report, _, _ = told()
    euros = report.main.money["EUR"]

    def row(**money: Money) -> str:
        page = made(replace(report, main=replace(report.main, money=money)))
        return Found(page.partition("Sales velocity</th>")[2].partition("</tr>")[0]).text

    assert row(EUR=euros).endswith(f"EUR a day {report.main.deals.open}")
    assert row(EUR=euros, USD=euros).endswith("EUR a day n/a")
    assert row(EUR=replace(euros, velocity=None)).startswith("n/a ")
    assert "a day" not in row(EUR=replace(euros, velocity=None))


@pytest.mark.parametrize(
    ("by", "kind", "names", "shown"),
    [
        ("decision_maker", "options", ("true", "false", "(none)"), ("kyllä", "ei", "(ei arvoa)")),
        ("need", "texts", ("Invoices", "(others)"), ("Invoices", "(muut)")),
    ],
)
def test_groups_that_are_no_words_of_the_process_are_named_in_the_language_of_the_page(
    by: str, kind: Any, names: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    report, _, _ = told()
    page = made(replace(report, by=by, kind=kind, groups=dict.fromkeys(names, report.main)), "fi")
    section = page.partition('<section id="offers"')[2].partition("</section>")[0]
    assert tuple(re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', section)) == shown
