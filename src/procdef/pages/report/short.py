"""The first screen: how we are doing against goals, what share of offers is won, where deals stall, and what blocks them."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.pages.passages import Passage
from procdef.pages.report.goals import reached, state, title
from procdef.pages.report.obstacles import what, who
from procdef.pages.report.parts import Card, Words
from procdef.pages.report.view import View


def cards(view: View) -> tuple[Card, ...]:
    """The four answers."""
    return (_goals(view), _hit_rate(view), _stall(view), _block(view))


def _goals(view: View) -> Card:
    said, goals = view.said, view.report.goals
    counted = [goal for goal in goals.values() if goal.on_track is not None]
    reached_ones = sum(goal.on_track is True for goal in counted)
    details = tuple(
        said.text("goal_line", mark=_MARKS[goal.on_track], title=title(view, name), reached=reached(view, name),
                  state=state(view, goal))
        for name, goal in goals.items()
    )  # fmt: skip
    of = said.of(len(counted), "goal")
    answer = said("goals_answer", n=said.number(reached_ones), all=of) if counted else said("no_goals")
    mixed = not counted or reached_ones < len(counted) < 2 * reached_ones
    return Card(said("goals_question"), answer, details, "goals", None if mixed else reached_ones == len(counted))


_MARKS = {True: "✓", False: "▲", None: "–"}


def _hit_rate(view: View) -> Card:
    """What share of offers is won; of deals, where they were won or lost without one."""
    said, main = view.said, view.report.main
    of_deals = main.win_rate.n > 0 == main.hit_rate.n
    rate, won, question, key = main.hit_rate, main.offers.won, "hit_rate_question", "hit_rate"
    if of_deals:
        rate, won, question, key = main.win_rate, main.deals.won, "win_rate_question", "win_rate"
    details: list[Words] = [said("no_offers")] if not main.hit_rate.n else []
    if rate.n:
        details.append(
            said("hit_rate_detail", won=said.number(won), n=said.of(rate.n, "deal_decided" if of_deals else "offer_decided"),
                 low=said.percent(rate.low), high=said.percent(rate.high))
        )  # fmt: skip
    if main.win_rate.n and not of_deals:
        n = said.of(main.win_rate.n, "deal_decided")
        details.append(said("win_rate_detail", rate=said.percent(main.win_rate.percent), n=n))
    details += [said("won_detail", deals=said.of(of.n, "deal"), value=said.money(of.won_value, currency))
                for currency, of in main.money.items() if of.n]  # fmt: skip
    goal = view.report.goals.get(key)
    well = goal.on_track if goal else None
    return Card(said(question), said.percent(rate.percent), tuple(details), "offers", well)


def before_the_win(view: View) -> list[str]:
    """The stages up to the win, in order; all of them in a process that knows no win."""
    stages = view.named.definition.stages
    won = view.named.definition.won_side
    found = [name for name in view.report.stages if name in stages and name not in won]
    return found or list(view.report.stages)


def stalling(view: View) -> str | None:
    """The stage in which deals stall: the most deals overdue now, among equals the most that are idle, then the longest median
    age of those there.

    Where no deal is late or idle, the longest median time of the visits that ended. Only stages up to the win count.
    """
    found, names = view.report.stages, before_the_win(view)
    late = [name for name in names if found[name].overdue or found[name].idle]
    if late:
        return max(late, key=lambda name: (found[name].overdue, found[name].idle, found[name].age.median_days or 0.0))
    slow = [name for name in names if found[name].time.n]
    return max(slow, key=lambda name: found[name].time.median_days or 0.0) if slow else None


def _stall(view: View) -> Card:
    said, name = view.said, stalling(view)
    if name is None:
        return Card(said("stall_question"), said("nothing_stalls"), (), "times")
    of = view.report.stages[name]
    well = False if of.overdue or of.idle else None
    return Card(said("stall_question"), view.named.stage(name), tuple(_stall_details(view, name)), "times", well)


def _stall_details(view: View, name: str) -> Iterator[Words]:
    said, of = view.said, view.report.stages[name]
    if of.overdue or (of.under_way and not of.idle):
        yield said.counted(of.under_way, "overdue_detail", overdue=said.number(of.overdue))
    if of.idle:
        yield said("idle_detail", idle=said.number(of.idle), n=said.of(of.under_way, "deal_there"),
                   days=said.of(view.report.idle_days, "idle_day"))  # fmt: skip
    if of.age.n:
        yield said("age_detail", median=said.days(of.age.median_days))
    if of.time.n:
        yield said("time_detail", median=said.days(of.time.median_days), most=said.days(of.time.percentile_90_days),
                   n=said.of(of.time.n, "visit"))  # fmt: skip


LEAST = 10
"""No sentence about what to change speaks of fewer deals, visits or offers."""
_LEAST_MET = 0.4


def asked_earlier(view: View, item: str) -> Passage | None:
    """The stage in which a criterion might be asked for already, where at least 40 % of ten deals or more met it later."""
    of = view.report.refusals[item]
    often = of.deals >= LEAST and of.met_later >= _LEAST_MET * of.deals
    return view.named.before(item) if often and not view.named.is_action(item) else None


def _block(view: View) -> Card:
    said, blocking = view.said, view.blocking()
    if not blocking:
        return Card(said("block_question"), said("nothing_blocks"), (), "blocks")
    item = blocking[0]
    of, waived = view.report.refusals[item], view.report.waivers.get(item)
    details: list[Words] = [said("block_detail", deals=said.of(of.deals, "held_deal"), stage=view.named.place(item).text,
                                 times=said.of(of.times, "time"))]  # fmt: skip
    if of.met_later:
        details.append(said("met_detail", met=said.of(of.met_later, "deal"), days=said.days(of.days_to_success.median_days)))
    earlier = asked_earlier(view, item)
    if earlier is not None:
        details.append(said("ask_earlier", stage=earlier.text))
    waived_in = said.text("waived_detail", deals=said.of(waived.deals, "deal")) if waived else ""
    details.append(" ".join(filter(None, (who(view, item), waived_in))))
    return Card(said("block_question"), what(view, item), tuple(details), "blocks", False)


