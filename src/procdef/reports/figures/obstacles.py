"""What stood in the way of steps, how often it was met later, and what was waived."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from procdef.reports.figures.arithmetic import days, seconds
from procdef.reports.history import History
from procdef.reports.report import Refusal, Waived
from procdef.reports.scope import Scope
from procdef.store.rows import GateRow

_ON = ("advanced", "finished")


class _Item:
    """What is counted of one thing that was unmet."""

    __slots__ = ("codes", "deals", "met", "starts", "times")

    def __init__(self) -> None:
        self.times = self.deals = self.starts = 0
        self.codes: Counter[str] = Counter()
        self.met = array("d")

    def merge(self, other: _Item) -> None:
        """Count what the other has counted."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def figures(self) -> Refusal:
        """What it comes to."""
        codes = dict(sorted(self.codes.items(), key=lambda item: (-item[1], item[0])))
        return Refusal(self.times, self.deals, self.starts, codes, len(self.met), days(self.met))


class RefusalsTally:
    """What was unmet in steps of the period, by item."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.items: dict[str, _Item] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        if not history.gates:
            return
        first: dict[str, GateRow] = {}
        since, until = self._scope.window
        for gate in history.gates:
            if gate.result == "unmet" and since <= gate.occurred < until:
                item = self.items.setdefault(gate.item, _Item())
                item.times += 1
                item.codes[gate.code] += 1
                if gate.item not in first or gate.occurred < first[gate.item].occurred:
                    first[gate.item] = gate
        for name, gate in first.items():
            item = self.items[name]
            item.deals += 1
            met = met_later(history, gate)
            if met is not None:
                stream = history.deal.stream
                item.met.append(seconds(met, stream) - seconds(gate.occurred, stream))

    def add_starts(self, gates: Iterable[GateRow]) -> None:
        """Count starts that were refused."""
        since, until = self._scope.window
        for gate in gates:
            if gate.result == "unmet" and since <= gate.occurred < until:
                self.items.setdefault(gate.item, _Item()).starts += 1

    def merge(self, other: RefusalsTally) -> None:
        """Count what the other has counted, of other deals."""
        for name, item in other.items.items():
            self.items.setdefault(name, _Item()).merge(item)

    def figures(self) -> Mapping[str, Refusal]:
        """What they come to: what stopped most deals first."""
        found = {name: item.figures() for name, item in self.items.items()}
        return dict(sorted(found.items(), key=lambda item: (-item[1].deals, -item[1].times, -item[1].starts, item[0])))


def met_later(history: History, gate: GateRow) -> str | None:
    """When the deal got past what was unmet without a waiver of it, at the refusal or later; ``None`` where it has not.

    What belongs to another stage is past once the deal came forward into that one, all else once it left the stage forward.
    """
    stage, dot, name = gate.item.partition(".")
    here, before = _refused_in(history, gate), None
    elsewhere = dot and stage != gate.stage
    items = (gate.item,) if elsewhere else (gate.item, f"{here}.{name}")
    for stay in history.stays:
        if elsewhere:
            moment = stay.entered if stay.stage == stage and before == "advanced" else None
        else:
            moment = stay.left_at if stay.stage == here and stay.how in _ON else None
        before = stay.how
        if moment is not None and moment >= gate.occurred and not _waived(history, items, moment):
            return moment
    return None


def _refused_in(history: History, gate: GateRow) -> str:
    """The stage of the refusal as visits name it: a migration that gives stages other ids leaves refusals as they are."""
    if any(stay.stage == gate.stage for stay in history.stays):
        return gate.stage
    return next((stay.stage for stay in reversed(history.stays) if stay.entered <= gate.occurred), gate.stage)


def _waived(history: History, items: Sequence[str], moment: str) -> bool:
    return any(gate.result == "waived" and gate.item in items and gate.occurred == moment for gate in history.gates)


class WaiversTally:
    """Criteria that were waived for moves of the period."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.times: Counter[str] = Counter()
        self.deals: Counter[str] = Counter()
        self.people: dict[str, Counter[str]] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        if not history.gates:
            return
        since, until = self._scope.window
        used = [gate for gate in history.gates if gate.result == "waived" and since <= gate.occurred < until]
        self.times.update(gate.item for gate in used)
        self.deals.update({gate.item for gate in used})
        for gate in used:
            person = _waived_by(history, gate)
            if person is not None:
                self.people.setdefault(gate.item, Counter())[person] += 1

    def merge(self, other: WaiversTally) -> None:
        """Count what the other has counted, of other deals."""
        self.times.update(other.times)
        self.deals.update(other.deals)
        for item, people in other.people.items():
            self.people.setdefault(item, Counter()).update(people)

    def figures(self) -> Mapping[str, Waived]:
        """What they come to, the most frequent first."""
        order = sorted(self.times, key=lambda item: (-self.times[item], item))
        return {item: Waived(self.times[item], self.deals[item], self._people(item)) for item in order}

    def _people(self, item: str) -> Mapping[str, int]:
        found = self.people.get(item, Counter())
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _waived_by(history: History, gate: GateRow) -> str | None:
    """Who had waived what a move passed: the last waiver of it before."""
    found = None
    for each in history.activities:
        if each.kind == "waived" and each.item == gate.item and each.n < gate.n:
            found = each.detail
    return found
