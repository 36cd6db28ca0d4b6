"""Four eyes that too few people of a directory can give, today or on a day on which the directory changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from procdef.diagnostics import Finding, Place, listed
from procdef.directory import MOST_NAMED, Directory, Period
from procdef.expression import Situation
from procdef.graph import reachable
from procdef.model import Action, ApproverRow, ProcessDefinition

Roles = frozenset[str]
_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Needed:
    """What an action asks of people: ``times`` different ones with one of the ``roles``, who neither own the deal nor set a
    field that voids the action.

    ``starters`` are the roles that may own a deal by having started it. ``setters`` are, by field, those that may set it, of
    the fields that voids the action and that hold a value whenever it is done. ``row`` is that of its table, 0 without one.
    """

    process: ProcessDefinition
    action: Action
    row: int
    roles: Roles
    times: int
    starters: Roles
    setters: Mapping[str, Roles]


@dataclass(frozen=True, slots=True)
class _Shortage:
    """``able`` have the role; of deals of these ``owners`` too few of them may (of every deal: ``None``), by ``lacking``."""

    able: tuple[str, ...]
    owners: tuple[str, ...] | None
    lacking: int


def too_few_people(
    directory: Directory, processes: Iterable[ProcessDefinition], on: date | None = None
) -> Iterator[Finding]:
    """Actions with ``four_eyes`` that nobody could complete on some day from ``on`` on (``None``: from today), each with the
    first stretch of such days; of a process the newest version counts.

    A day is looked at for each deal that somebody could have started who has the role for it on that day. Whoever sets what
    voids the action is chosen so that most people are left: what is told holds however the work is shared out.
    """
    newest: dict[str, ProcessDefinition] = {}
    for process in processes:
        if process.id not in newest or newest[process.id].version < process.version:
            newest[process.id] = process
    held = _Held(directory)
    for process in newest.values():
        today = on or datetime.now(UTC).astimezone(process.calendar.zone).date()
        for action in process.actions.values():
            if action.four_eyes and _holds_a_deal(process, action):
                for needed in _asked(process, action):
                    yield from _found(directory, held, needed, today)


def _holds_a_deal(process: ProcessDefinition, action: Action) -> bool:
    """Whether a deal can be held by it: no optional action that nothing waits for, and none that every way may pass over."""
    if action.required:
        onward = process.stages[action.stage].next.values()
        return not onward or not all(way.unfinished_allowed for way in onward)
    ways = [way for stage in process.stages.values() for way in stage.next.values()]
    waiting = {path for each in process.actions.values() if each.required for path in each.needs}
    waiting.update(path for way in ways if way.when is not None for path in way.when.actions)
    for criterion in process.criteria.values():
        if criterion.check is not None and not criterion.waivable_by:
            waiting |= criterion.check.actions
    return action.path in waiting


def _asked(process: ProcessDefinition, action: Action) -> Iterator[_Needed]:
    everybody = frozenset(process.roles)
    stages = process.stages
    graph = {stage.id: tuple(stage.next) for stage in stages.values()}
    starts = [
        stage for stage in stages.values() if stage.start and action.stage in reachable(graph, stage.id) | {stage.id}
    ]
    starters = frozenset[str]().union(*(stage.owner or everybody for stage in starts))
    recorders = frozenset[str]().union(
        *(stage.owner or everybody for stage in stages.values()), process.deal.correct_by
    )
    setters = {}
    for name in sorted(_filled_in(process, action) & set(action.voided_by)):
        doing = (each.roles for each in process.actions.values() if name in each.records)
        setters[name] = recorders.union(*doing)
    rows = action.table or (ApproverRow(None, action.by, action.at_least),)
    for number, row in enumerate(rows, 1 if action.table else 0):
        roles = frozenset(row.roles or stages[action.stage].owner or everybody)
        yield _Needed(process, action, number, roles, row.at_least, starters, setters)


def _filled_in(process: ProcessDefinition, action: Action) -> set[str]:
    """Fields that certainly hold a value when the action is done: those that it records, or an action that always comes before
    it, and one that its ``when`` is about."""
    found, waiting, seen = set[str](), [action.path], set[str]()
    while waiting:
        each = process.actions[waiting.pop()]
        seen.add(each.path)
        found.update(each.records)
        waiting += [path for path in each.needs if path not in seen and process.actions[path].when is None]
    when = action.when
    if when is not None and len(when.fields) == 1 and not when.clock and not when.actions:
        empty = Situation({}, frozenset(), datetime(2000, 1, 1, tzinfo=UTC), date(2000, 1, 1), _NO_TIME, _NO_TIME)
        if when.evaluate(empty) is not True:
            found |= when.fields
    return found


class _Held:
    """Who has one of some roles, and when: their own, and those of whom they stand in for."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[Roles, tuple[tuple[str, Period], ...]] = {}

    def of(self, roles: Roles) -> tuple[tuple[str, Period], ...]:
        """People with the periods of one of these roles; several of one person may overlap."""
        if roles not in self._known:
            self._known[roles] = tuple(self._found(roles))
        return self._known[roles]

    def _found(self, roles: Roles) -> Iterator[tuple[str, Period]]:
        for person in self._directory.people.values():
            own = [period for role, periods in person.roles.items() if role in roles for period in periods]
            for period in filter(_has_days, own):
                yield person.id, period
                for deputy, days in person.deputies.items():
                    for one in days if deputy in self._directory.people else ():
                        common = period.common(one)
                        if common is not None and _has_days(common):
                            yield deputy, common


def _has_days(period: Period) -> bool:
    """Whether it does not end before it begins."""
    return period.meets(period)


def _found(directory: Directory, held: _Held, needed: _Needed, today: date) -> Iterator[Finding]:
    enough = needed.times + len(needed.setters) + 1
    groups = [held.of(needed.roles), held.of(needed.starters), *map(held.of, needed.setters.values())]
    always = {person for person, period in groups[0] if period.has(today) and period.last is None}
    if len(always) >= enough:
        return
    first, short = None, None
    for day, (able, starters, *setters) in _days(groups, today):
        found = None if len(able) >= enough else _shortage(needed, able, starters, setters)
        if short is None and found is not None:
            first, short = day, found
        elif short is not None and found is None:
            assert first is not None
            yield _told(directory, needed, short, (today, first, day - timedelta(1)))
            return
    if short is not None and first is not None:
        yield _told(directory, needed, short, (today, first, None))


def _days(groups: list[tuple[tuple[str, Period], ...]], today: date) -> Iterator[tuple[date, list[Mapping[str, int]]]]:
    """Today and every later day on which one of the groups changes, with who is in each then."""
    changes: dict[date, list[tuple[int, str, int]]] = defaultdict(list)
    changes[today] = []
    for number, group in enumerate(groups):
        for person, (first, last) in group:
            if last is None or last >= today:
                changes[today if first is None or first < today else first].append((number, person, 1))
                if last is not None and last < date.max:
                    changes[last + timedelta(1)].append((number, person, -1))
    there: list[dict[str, int]] = [{} for _ in groups]
    for day in sorted(changes):
        for number, person, more in changes[day]:
            times = there[number].get(person, 0) + more
            if times:
                there[number][person] = times
            else:
                del there[number][person]
        yield day, [*there]


def _shortage(
    needed: _Needed, able: Mapping[str, int], starters: Mapping[str, int], setters: list[Mapping[str, int]]
) -> _Shortage | None:
    """Of which deals too few people may do it, if of any."""

    def lacking(owner: str | None) -> int:
        left = [person for person in able if person != owner]
        forced = [each for each in setters if each and owner not in each and all(person in able for person in each)]
        return needed.times - (len(left) - _fewest(left, forced))

    outside = [person for person in starters if person not in able]
    if not setters:
        outside = outside[:1]  # they are all alike
    lacks = {person: lacking(person) for person in (*outside, *(person for person in starters if person in able))}
    bad = {person: lacks[person] for person in lacks if lacks[person] > 0}
    if not starters:
        bad = {"": lacking(None)} if lacking(None) > 0 else {}
    if not bad:
        return None
    everybody = len(bad) == len(lacks) or not starters
    return _Shortage(tuple(sorted(able)), None if everybody else tuple(sorted(bad)), max(bad.values()))


def _fewest(people: list[str], groups: list[Mapping[str, int]]) -> int:
    """The fewest people of whom each group has one; every group has one of ``people``, of whom there are few."""
    for size in range(len(groups)):
        for chosen in combinations(people, size):
            if all(any(person in group for person in chosen) for group in groups):
                return size
    return len(groups)


def _told(directory: Directory, needed: _Needed, short: _Shortage, days: tuple[date, date, date | None]) -> Finding:
    sentence = (
        'where "{subject}" of {process} is due{row}, it takes {times} with the role {roles} beside {others}; '
        "{able} it{when}, too few for {deals}; give it to {lacking}"
    )
    today, first, last = days
    begins = f" from {first}" if first > today else ""
    when = begins + (f" until {last}" if last is not None else " on" if begins else "")
    fields = list(needed.setters)
    details = {
        "process": needed.process.id,
        "row": f" by row {needed.row} of its table" if needed.row else "",
        "times": _people(needed.times),
        "roles": _joined([role for role in needed.process.roles if role in needed.roles], "or"),
        "others": "the deal's owner" + (f" and whoever last set {_joined(fields, 'and')}" if fields else ""),
        "able": f"only {_joined(short.able, 'and')} {'has' if len(short.able) == 1 else 'have'}"
        if short.able
        else "nobody has",
        "when": when,
        "deals": "any deal" if short.owners is None else f"a deal of {_joined(short.owners, 'or')}",
        "lacking": _people(short.lacking, "more "),
    }
    place, related = _places(directory, needed.roles, first, first > today)
    return Finding(
        "too-few-people", place, sentence, related, subject=needed.action.path, kind="action", details=details
    )


def _joined(names: Sequence[str], word: str) -> str:
    """Names as a sentence has them; of very many only the first."""
    if not 1 < len(names) <= MOST_NAMED:
        return listed(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def _people(count: int, more: str = "") -> str:
    return f"{count} {more}{'person' if count == 1 else 'people'}"


def _places(directory: Directory, roles: Roles, day: date, later: bool) -> tuple[Place, tuple[tuple[Place, str], ...]]:
    """Where the role of somebody ends, if that day is why; else where somebody has it."""

    def holding(has: Callable[[Period], bool]) -> Iterator[Place]:
        for person in directory.people.values():
            for role, periods in person.roles.items():
                if role in roles and any(has(period) for period in periods):
                    yield Place(("people", person.id, "roles", role), "key")

    ended = list(holding(lambda period: later and period.last == day - timedelta(1)))
    there = list(holding(lambda period: period.has(day)))
    if ended:
        return ended[0], tuple((place, "has it still") for place in there[:1])
    return (there or [Place(("people",), "key")])[0], ()
