"""What held deals up: criteria that were not met, actions that were not done, and what was waived."""

from __future__ import annotations

from procdef.advice.refusal_sentences import logged_sentence
from procdef.pages.charts import Bar, Key, Row, Rows
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, pictures_first
from procdef.pages.report.view import View

_MOST_BARS, _MOST_MISTAKES = 10, 12


def obstacles(view: View) -> Section:
    """What blocks deals, and what was waived."""
    said = view.said
    blocking = view.blocking()
    rows = tuple(
        Row(
            said.text("item_in", what=what(view, item), stage=view.named.place(item).text),
            said.text("blocks_row", deals=said.of(of.deals, "deal"), met=said.number(of.met_later)),
            (Bar(of.deals), Bar(of.met_later, True)),
        )
        for item in blocking[:_MOST_BARS]
        for of in (view.report.refusals[item],)
    )
    chart = Rows(
        said.text("blocks_chart"), said.text("deals"), rows,
        (Key("bar", said.text("held_up")), Key("other", said.text("met_later"))),
        view.foot(said.text("items_n", shown=said.number(len(rows)), all=said.of(len(blocking), "item"))), said.language,
    )  # fmt: skip
    return Section(
        "blocks", said("blocks"), (said("blocks_intro"),), ("refusals", "met_later", "waivers"),
        pictures_first(Picture(chart, "blocks") if rows else None, [_blocking(view), _waived(view), _mistakes(view)]),
        said("no_refusals"),
    )  # fmt: skip


def what(view: View, item: str) -> str:
    """What held deals up, in plain words: a criterion's message, or that an action was not done."""
    name = view.named.item(item).text
    return view.said.text("not_done", action=name) if view.named.is_action(item) else name


def who(view: View, item: str) -> str:
    """Who may waive a criterion, or do an action."""
    said, named = view.said, view.named
    if named.is_action(item):
        return said.text("can_do", who=said.joined(named.helpers(item)))
    waivers = named.waivers(item)
    return said.text("can_waive", who=said.joined(waivers)) if waivers else said.text("nobody_waives")


def _blocking(view: View) -> Table:
    said = view.said
    columns = [Column(said("what_blocks")), Column(said("stage"))] + [
        Column(said(key), True) for key in ("times_head", "deals_head", "met_later", "median_to_success")
    ] + [Column(said("who_helps"))]  # fmt: skip
    rows = []
    for item in view.blocking():
        of = view.report.refusals[item]
        success = of.days_to_success.median_days
        rows.append((
            Cell(what(view, item)), Cell(view.named.place(item)), Cell(said.number(of.times), of.times),
            Cell(said.number(of.deals), of.deals), Cell(said.number(of.met_later), of.met_later),
            Cell(said.days(success), success), Cell(who(view, item)),
        ))  # fmt: skip
    return Table(said("blocks_caption"), tuple(columns), tuple(rows))


def _waived(view: View) -> Table:
    said = view.said
    names = Column(said("criterion")), Column(said("stage"))
    columns = (*names, Column(said("times_head"), True), Column(said("deals_head"), True))
    rows = tuple(
        (Cell(view.named.item(item)), Cell(view.named.place(item)), Cell(said.number(of.times), of.times),
         Cell(said.number(of.deals), of.deals))
        for item, of in view.report.waivers.items()
    )  # fmt: skip
    return Table(said("waived_caption"), columns, rows)


def _called(view: View, item: str) -> str:
    """A criterion or an action, quoted as the tables above have it; whatever else somebody typed, as it stands in the log."""
    return f"“{view.named.item(item)}”" if view.named.gates(item) and view.named.item(item).text != item else item


def _mistakes(view: View) -> Table:
    """Refusals for other causes, most frequent first, in the words of the log."""
    said = view.said
    counted: list[tuple[str, str, int]] = [
        (item, code, times)
        for item, refusal in view.report.refusals.items()
        for code, times in refusal.codes.items()
        if not (view.named.gates(item) and code in {"criterion-unmet", "action-open"})
    ]
    counted.sort(key=lambda each: (-each[2], each[0], each[1]))
    columns = (Column(said("other_refusal")), Column(said("times_head"), True))
    rows = tuple(
        (Cell(said.english(logged_sentence(code, (_called(view, item),) if item else ()))), Cell(said.number(times), times))
        for item, code, times in counted[:_MOST_MISTAKES]
    )
    shown = said("mistakes_caption", shown=said.number(len(rows)), all=said.number(len(counted)))
    return Table(shown, columns, rows)
