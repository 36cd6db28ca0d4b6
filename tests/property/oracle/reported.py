"""The figures of a report in the plainest way: from the events of each deal, one figure after the other.

Nothing is shared with what makes reports: times are ``datetime``, amounts are fractions, and every figure looks through all
deals again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import NormalDist, median
from typing import Any

Event = dict[str, Any]
Figures = dict[str, Any]
Span = tuple[datetime, datetime]
"""A period; its second moment is not in it."""
ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
Z = NormalDist().inv_cdf(0.975)


def time_of(event: Event) -> datetime:
    """When it happened."""
    return datetime.fromisoformat(event.get("happened", event["at"]))


class Told:
    """A deal as its events tell it; ``values`` as they are now."""

    def __init__(self, events: Sequence[Event], values: dict[str, Any], owner: str, due: datetime | None) -> None:
        self.values, self.owner, self.due = values, owner, due
        self.visits: list[dict[str, Any]] = []
        self.won = self.lost = self.finished = self.offered = None
        self.reason, self.active = "", time_of(events[0])
        self.refused: list[tuple[datetime, str, str, str]] = []
        self.waived: list[tuple[datetime, str]] = []
        self.waivers: list[str] = []
        criteria: dict[int, str] = {}
        people: dict[int, str] = {}
        for event in events:
            data, when, kind = event["data"], time_of(event), event["type"]
            here = self.visits[-1]["stage"] if self.visits else data.get("stage")
            if kind == "step.refused":
                self.refused += [(when, here, (u["about"] or [""])[0], u["code"]) for u in data["unmet"]]
                continue
            self.active = max(self.active, when)
            if kind == "criterion.waived":
                people[event["n"]] = event.get("for", event["by"])["id"]
                criteria[event["n"]] = f"{data['criterion']['stage']}.{data['criterion']['id']}"
            if "milestone" in data and self.offered is None:
                self.offered = when
            self.waived += [(when, criteria[n]) for n in data.get("waivers", ())]
            self.waivers += [people[n] for n in data.get("waivers", ())]
            self.moved(kind, data, when, here)
        self.started = self.visits[0]["entered"]
        self.stage = self.visits[-1]["stage"]
        self.mode = "lost" if self.lost else "done" if self.finished else "open"
        self.outcome = "lost" if self.lost else "won" if self.won else "open"

    def moved(self, kind: str, data: dict[str, Any], when: datetime, here: str) -> None:
        """What the event did to the visits."""
        ends = {"stage.advanced": "advanced", "stage.returned": "returned", "deal.lost": "lost", "deal.finished": "finished"}
        if kind in ends:
            self.visits[-1] |= {"left": when, "how": ends[kind]}
        if kind in ("deal.started", "stage.advanced", "stage.returned", "deal.reopened"):
            stage = data.get("to", here)
            self.visits.append({"stage": stage, "entered": when, "left": None, "how": None})
        match kind:
            case "deal.won":
                self.won = when
            case "deal.lost":
                self.lost, self.reason = when, data["reason"]
            case "deal.reopened":
                self.lost = None
            case "deal.finished":
                self.finished = when

    def was_open(self, at: datetime) -> bool:
        """Whether it was neither won nor lost right before that moment."""
        if self.started >= at or (self.won and self.won < at):
            return False
        return not any(
            visit["how"] == "lost" and visit["left"] < at and all(later["entered"] >= at for later in self.visits[k + 1 :])
            for k, visit in enumerate(self.visits)
        )

    def idle(self, now: datetime) -> bool:
        """Whether it is neither won nor lost, and nobody did anything for two days."""
        return self.outcome == "open" and self.active < now - timedelta(days=2)



def within(moment: datetime | None, span: Span) -> bool:
    return moment is not None and span[0] <= moment < span[1]


def rounded(number: Fraction | float, digits: int = 2) -> Decimal:
    exact = Fraction(number)
    places = Decimal(exact.numerator * 10**digits) / Decimal(exact.denominator)
    return places.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-digits)


def share(met: int, n: int) -> Figures:
    if not n:
        return {"percent": None, "n": 0, "low": None, "high": None}
    p = met / n
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    low, high = max(0.0, 100 * (middle - half)), min(100.0, 100 * (middle + half))
    return {"percent": str(rounded(Fraction(100 * met, n))), "n": n, "low": low, "high": high}


def lengths(some: Iterable[timedelta], unit: timedelta, word: str) -> Figures:
    ordered = sorted(some)
    names = [f"median_{word}", f"mean_{word}", f"percentile_90_{word}", f"longest_{word}"]
    if not ordered:
        return {"n": 0, **dict.fromkeys(names)}
    rank = next(each for each in ordered if sum(other <= each for other in ordered) >= 0.9 * len(ordered))
    mean = sum(ordered, timedelta()) / len(ordered)
    found = (median(ordered), mean, rank, ordered[-1])
    return {"n": len(ordered), **{name: each / unit for name, each in zip(names, found, strict=True)}}


def days(found: Iterable[timedelta]) -> Figures:
    return lengths(found, timedelta(days=1), "days")


def worked(start: datetime, end: datetime) -> timedelta:
    """The time from 9 to 17 from Monday to Friday."""
    whole, day = timedelta(), start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        opens, closes = day + timedelta(hours=9), day + timedelta(hours=17)
        if day.weekday() < 5:
            whole += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return whole


def main(deals: Sequence[Told], span: Span, now: datetime, current: bool = True) -> Figures:
    """The main figures of some deals; all money is in euros."""
    won = [each for each in deals if each.outcome == "won" and within(each.won, span)]
    lost = [each for each in deals if each.outcome == "lost" and within(each.lost, span)]
    offers_won, offers_lost = ([each for each in some if each.offered] for some in (won, lost))
    still = [each for each in deals if (each.was_open(span[1]) if span[1] != ALWAYS[1] else each.outcome == "open")]
    values = [Fraction(each.values["amount"]) for each in won if "amount" in each.values]
    of_offers = [Fraction(each.values["amount"]) for each in offers_won if "amount" in each.values]
    under_way = [each for each in deals if each.mode == "open"] if current else None
    cycle = days(each.won - each.started for each in won if each.won)
    expected = velocity = None
    if offers_won or offers_lost:
        rate = Fraction(len(offers_won), len(offers_won) + len(offers_lost))
        if not offers_won:
            expected = Decimal(0)
        elif of_offers:
            expected = rounded(rate * sum(of_offers) / len(of_offers))
    if values and cycle["median_days"]:
        rate = Fraction(len(won), len(won) + len(lost))
        velocity = float(len(still) * rate * sum(values) / len(values)) / cycle["median_days"]
    return {
        "deals": {
            "started": sum(within(each.started, span) for each in deals), "open": len(still), "won": len(won),
            "lost": len(lost), "finished": sum(within(each.finished, span) for each in deals),
            "under_way": None if under_way is None else len(under_way),
            "overdue": None if under_way is None else sum(each.due is not None and each.due < now for each in under_way),
            "idle": None if under_way is None else sum(each.idle(now) for each in under_way),
        },
        "offers": {"made": sum(within(each.offered, span) for each in deals), "won": len(offers_won), "lost": len(offers_lost)},
        "hit_rate": share(len(offers_won), len(offers_won) + len(offers_lost)),
        "win_rate": share(len(won), len(won) + len(lost)),
        "cycle": cycle,
        "money": {
            "EUR": {
                "n": len(values), "won_value": sum(values) if values else None,
                "mean": rounded(sum(values) / len(values)) if values else None,
                "median": rounded(median(values)) if values else None, "expected": expected, "velocity": velocity,
            }
        },
    }  # fmt: skip


def stages(deals: Sequence[Told], span: Span, now: datetime, names: Iterable[str]) -> Figures:
    return {name: stage(deals, span, now, name) for name in names}


def stage(deals: Sequence[Told], span: Span, now: datetime, name: str) -> Figures:
    visits = [v for each in deals for v in each.visits if v["stage"] == name and within(v["entered"], span)]
    ended, going = [v for v in visits if v["how"]], [v for v in visits if not v["how"]]
    how = {word: sum(v["how"] == word for v in visits) for word in ("advanced", "returned", "lost", "finished")}
    cohort = [each for each in deals if within(each.started, span) and any(v["stage"] == name for v in each.visits)]
    on = [each for each in cohort if any(v["stage"] == name and v["how"] in ("advanced", "finished") for v in each.visits)]
    here = [each for each in deals if each.mode == "open" and each.stage == name]
    hour = timedelta(hours=1)
    return {
        "entered": len(visits), **how, "present": len(going),
        "forward": share(how["advanced"] + how["finished"], len(ended)),
        "time": days(v["left"] - v["entered"] for v in ended),
        "working_time": lengths((worked(v["entered"], v["left"]) for v in ended), hour, "hours"),
        "age": days(now - v["entered"] for v in going),
        "working_age": lengths((worked(v["entered"], now) for v in going), hour, "hours"),
        "cohort": {"entered": len(cohort), "went_on": len(on), "rate": share(len(on), len(cohort))},
        "under_way": len(here), "overdue": sum(each.due is not None and each.due < now for each in here),
        "idle": sum(each.idle(now) for each in here),
    }  # fmt: skip


def losses(deals: Sequence[Told], span: Span) -> Figures:
    lost = [each for each in deals if each.outcome == "lost" and within(each.lost, span)]

    def told(some: Sequence[Told]) -> Figures:
        values = [Fraction(each.values["amount"]) for each in some if "amount" in each.values]
        return {"deals": len(some), "value": {"EUR": sum(values)} if values else {}}

    return {
        reason: told(some := [each for each in lost if each.reason == reason])
        | {"stages": {name: told([e for e in some if e.stage == name]) for name in {e.stage for e in some}}}
        for reason in {each.reason for each in lost}
    }


def refusals(deals: Sequence[Told], span: Span) -> Figures:
    found: Figures = {}
    for item in {item for each in deals for when, _, item, _ in each.refused if within(when, span)}:
        codes: dict[str, int] = {}
        met, touched = [], 0
        for each in deals:
            mine = [row for row in each.refused if row[2] == item and within(row[0], span)]
            for row in mine:
                codes[row[3]] = codes.get(row[3], 0) + 1
            touched += bool(mine)
            first = min(mine, key=lambda row: row[0], default=None)
            past = first and passed(each, first)
            if first and past:
                met.append(past - first[0])
        found[item] = {
            "times": sum(codes.values()), "deals": touched, "codes": codes, "met_later": len(met), "days_to_success": days(met),
        }  # fmt: skip
    return found


def passed(deal: Told, refused: tuple[datetime, str, str, str]) -> datetime | None:
    """When it got past what was unmet, without a waiver of it."""
    when, here, item, _ = refused
    moments = []
    for before, visit in zip([None, *deal.visits], deal.visits, strict=False):
        if "." in item and item.split(".")[0] != here:
            if visit["stage"] == item.split(".")[0] and before and before["how"] == "advanced":
                moments.append(visit["entered"])
        elif visit["stage"] == here and visit["how"] in ("advanced", "finished"):
            moments.append(visit["left"])
    return next((each for each in moments if each >= when and (each, item) not in deal.waived), None)


def waivers(deals: Sequence[Told], span: Span) -> Figures:
    used = [
        (id(each), item, who)
        for each in deals
        for (when, item), who in zip(each.waived, each.waivers, strict=True)
        if within(when, span)
    ]
    found: Figures = {}
    for name in {item for _, item, _ in used}:
        mine = [(deal, who) for deal, item, who in used if item == name]
        people = {person: sum(who == person for _, who in mine) for person in {who for _, who in mine}}
        found[name] = {"times": len(mine), "deals": len({deal for deal, _ in mine}), "people": people}
    return found


def grouped(deals: Sequence[Told], span: Span, now: datetime, groups_of: Callable[[Told], Iterable[str]]) -> Figures:
    names = {name for each in deals for name in groups_of(each)}
    return {name: main([each for each in deals if name in groups_of(each)], span, now) for name in names}


def plain(value: Any) -> Any:
    """JSON with its numbers as numbers."""
    return json.loads(json.dumps(value, default=float))
