"""What to look at: sentences that follow from figures by rules that the page states.

No rule speaks of fewer than ten deals, visits or offers, goals excepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from procdef.pages.report.goals import RATES, reached, title
from procdef.pages.report.obstacles import what
from procdef.pages.report.outcomes import NONE, by_name, group_name
from procdef.pages.report.outlook import missed, misses
from procdef.pages.report.parts import Advice
from procdef.pages.report.short import LEAST, asked_earlier, before_the_win, stalling
from procdef.pages.report.view import View
from procdef.reports.forecast.results import Forecast

_LEAST_WAIVED, _LEAST_PUT_OFF = 0.25, 0.25
_LEAST_REASONS = 2
"""Of one reason nothing can be said that is not said of all losses."""


def advice(view: View, forecast: Forecast | None) -> tuple[Advice, ...]:
    """What follows, in the order of the rules."""
    return (*(each for rule in _RULES for each in rule(view)), *_forecast(view, forecast))


def _goals(view: View) -> Iterator[Advice]:
    said = view.said
    for name, goal in view.report.goals.items():
        if goal.on_track is False:
            over = goal.standing == "missed"
            gone = "" if name in RATES else said.text("share_then" if over else "gone", share=said.percent(goal.share),
                                                      gone=said.percent(goal.time_gone))  # fmt: skip
            yield Advice(
                said("advice_goal_over" if over else "advice_goal", title=title(view, name), reached=reached(view, name),
                     gone=gone, n=said.number(goal.n)),
                said("ask_goal_over" if over else f"ask_goal_{name}"), said("rule_goal"), "goals",
            )  # fmt: skip


def _blocks(view: View) -> Iterator[Advice]:
    """Of what holds deals up, the first that is met later by most, and the first that is often waived."""
    said, found = view.said, view.report.refusals
    held = [item for item in view.blocking() if found[item].deals >= LEAST and not view.named.is_action(item)]
    for item in held:
        of, before = found[item], asked_earlier(view, item)
        if before is not None:
            yield Advice(
                said("advice_met_later", what=what(view, item), stage=view.named.place(item).text,
                     deals=said.of(of.deals, "deal"), met=said.number(of.met_later),
                     days=said.days(of.days_to_success.median_days)),
                said("ask_met_later", stage=before.text), said("rule_met_later"), "blocks",
            )  # fmt: skip
            break
    for item in held:
        waived = view.report.waivers.get(item)
        if waived is not None and waived.deals >= _LEAST_WAIVED * found[item].deals:
            yield Advice(
                said("advice_waived", what=what(view, item), stage=view.named.place(item).text,
                     deals=said.of(found[item].deals, "deal"), waived=said.number(waived.deals)),
                said("ask_waived"), said("rule_waived"), "blocks",
            )  # fmt: skip
            break


def _quiet(view: View) -> Iterator[Advice]:
    """That nothing happened to any open deal: the log ended, or nobody writes into it."""
    said, found = view.said, view.report.stages
    stages = [found[name] for name in before_the_win(view)]
    there, idle = sum(of.under_way for of in stages), sum(of.idle for of in stages)
    if there >= LEAST and idle == there:
        yield Advice(
            said("advice_quiet", n=said.of(there, "open_deal"), days=said.of(view.report.idle_days, "idle_day")),
            said("ask_quiet"), said("rule_quiet"), "times",
        )  # fmt: skip


def _stall(view: View) -> Iterator[Advice]:
    said, name = view.said, stalling(view)
    if name is not None and view.report.stages[name].overdue and view.report.stages[name].under_way >= LEAST:
        of = view.report.stages[name]
        yield Advice(
            said("advice_overdue", stage=view.named.stage(name).text, overdue=said.number(of.overdue),
                 n=said.of(of.under_way, "deal_there"), idle=said.number(of.idle),
                 days=said.of(view.report.idle_days, "idle_day")),
            said("ask_overdue", process=view.report.process, figure=f"stages.{name}.overdue"), said("rule_overdue"), "times",
        )  # fmt: skip


def _leak(view: View) -> Iterator[Advice]:
    """The stage that the smallest share of visits leaves forward."""
    said = view.said
    shares = [
        (of.forward.percent, name)
        for name in before_the_win(view)
        for of in (view.report.stages[name],)
        if of.forward.percent is not None and of.forward.n >= LEAST
    ]
    if len(shares) > 1:
        share, name = min(shares)
        of = view.report.stages[name]
        ends = (("leak_lost", of.lost), ("leak_back", of.returned))
        rest = [said.text(key, n=said.number(n)) for key, n in ends if n] or [said.text("leak_none")]
        yield Advice(
            said("advice_leak", stage=view.named.stage(name).text, share=said.percent(share), n=said.of(of.forward.n, "visit"),
                 rest=said.joined(rest, "and")),
            said("ask_leak"), said("rule_leak"), "funnel",
        )  # fmt: skip


def _losses(view: View) -> Iterator[Advice]:
    said, losses, lost = view.said, view.report.losses, view.report.main.deals.lost
    if lost < LEAST or len(losses) < _LEAST_REASONS:
        return
    reason, most = max(losses.items(), key=lambda each: each[1].deals)
    if not most.stages:
        return
    stage, there = max(most.stages.items(), key=lambda each: each[1].deals)
    yield Advice(
        said("advice_loss", reason=view.named.reason(reason).text, deals=said.of(most.deals, "deal"), lost=said.number(lost),
             stage=view.named.stage(stage).text, there=said.number(there.deals)),
        said("ask_loss"), said("rule_loss"), "losses",
    )  # fmt: skip


def _bands(view: View) -> Iterator[Advice]:
    """Whether the hit rates of the lowest and the highest band with enough offers tell them apart."""
    said, report = view.said, view.report
    enough = [(name, of.hit_rate) for name, of in report.groups.items() if of.hit_rate.n >= LEAST and name != NONE]
    if report.kind != "bands" or len(enough) < 2:
        return
    (low, first), (high, last) = enough[0], enough[-1]
    if first.low is None or first.high is None or last.low is None or last.high is None:
        return
    key = "higher" if last.low > first.high else "lower" if first.low > last.high else "alike"
    yield Advice(
        said(f"advice_bands_{key}", by=by_name(view), low=group_name(view, low), high=group_name(view, high),
             first=said.rate(first), last=said.rate(last), n=said.number(first.n), m=said.number(last.n)),
        said(f"ask_bands_{key}"), said("rule_bands"), "offers",
    )  # fmt: skip


def _objections(view: View) -> Iterator[Advice]:
    """The objection of which it shows most that deals that met it are won less often than all that were in its stages."""
    said = view.said
    worse = [
        (of.beside.win_rate.percent - of.met.win_rate.percent, name)
        for name, of in (view.report.objections or {}).items()
        if of.met.closed >= LEAST and of.met.win_rate.percent is not None and of.met.win_rate.high is not None
        and of.beside.win_rate.percent is not None and of.met.win_rate.high < of.beside.win_rate.percent
    ]  # fmt: skip
    if worse:
        _, name = max(worse)
        of = (view.report.objections or {})[name]
        yield Advice(
            said("advice_objection", objection=view.named.objection(name).text, met=said.rate(of.met.win_rate),
                 n=said.number(of.met.closed), beside=said.percent(of.beside.win_rate.percent),
                 m=said.number(of.beside.closed)),
            said("ask_objection"), said("rule_objection"), "objections",
        )  # fmt: skip


def _slippage(view: View) -> Iterator[Advice]:
    said, of = view.said, view.report.slippage
    if of is not None and of.close.deals >= LEAST and of.close.later >= _LEAST_PUT_OFF * of.close.deals:
        yield Advice(
            said("advice_slippage", later=said.number(of.close.later), n=said.of(of.close.deals, "deal_with_a_day"),
                 days=said.days(of.close.days.median_days)),
            said("ask_slippage"), said("rule_slippage"), "slippage",
        )  # fmt: skip


def _forecast(view: View, forecast: Forecast | None) -> Iterator[Advice]:
    said = view.said
    for each in forecast.currencies if forecast else ():
        in_money = each.back_test.value is not None
        found, currency = misses(each.back_test, in_money), each.currency if in_money else None
        if found is not None and found.naive_was_better:
            yield Advice(
                said("advice_naive", months=said.of(len(each.back_test.months), "month"),
                     forecast=missed(view, found.forecast, currency), naive=missed(view, found.naive, currency)),
                said("ask_naive"), said("rule_naive"), "forecast",
            )  # fmt: skip


_RULES: tuple[Callable[[View], Iterator[Advice]], ...] = (
    _quiet, _goals, _blocks, _stall, _leak, _losses, _bands, _objections, _slippage,
)  # fmt: skip
