"""Deals taken over to another version of their process: judged one by one, written a batch at a time, never by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from procdef.changes.comparison import compared
from procdef.commands import Actor, Finish
from procdef.deal import Deal
from procdef.decide.input_values import loggable
from procdef.decide.migration import Mapped, Migration, Move, Stay
from procdef.decide.under_new_version import NewVersion
from procdef.decide.what_clashes import Clash
from procdef.engine.arguments import actor, count, deal_name, flag, instance_of, moment, optional
from procdef.engine.deal_queries import can_match, well_formed_query
from procdef.engine.definition_cache import Volume, unknown_process
from procdef.engine.projected_rows import migrated_stay
from procdef.engine.queries import UNREADABLE, awake
from procdef.engine.steps import Step
from procdef.engine.transactions import Transactions
from procdef.engine.trial_migration import as_if, brought_rows, judged, mapped, other_rows
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, LogBroken, MigrationIncomplete, ProcdefError, UnknownDeal
from procdef.expression.given_values import BadValue
from procdef.language.plans import Plan, Versions, given_plan, refuse_wrong
from procdef.log.event import instant, timestamp
from procdef.results.migrated_deal import AgainstMigration, MigratedDeal, OtherRow, WorkAfterMigration
from procdef.store.port import Tx
from procdef.store.queries import Deals, Definitions, Stays
from procdef.store.rows import DealRow

_MOST_NAMED = 5


class Route:
    """The way from one version to the one that is meant: what decides, and what tells of what comes after."""

    def __init__(self, old: Volume, new: Volume, plan: Mapped) -> None:
        found = compared(old.definition, new.definition)
        self.new = new
        self.migration = Migration(old.definition, new.definition, plan, found)
        self.change = NewVersion(old.definition, new.definition, found, self.migration)
        self._rows = dict(other_rows(old.definition, new.definition, self.migration))

    def other_rows(self, deal: Deal) -> tuple[OtherRow, ...]:
        """The approvals of a deal that has gone over which were given under a row that says otherwise now."""
        return brought_rows(deal, self._rows)


class MigrationRun:
    """Iterate over it for what becomes of each deal, by its name. What is to be written is written meanwhile, a batch in each
    transaction, and told of once it is durable; nothing happens before that, and nothing more once nobody asks.

    ``plan`` is the hash by which events name the plan, ``to`` the version. Of the deals that are asked for, ``left_alone`` are
    lost or finished, ``already`` in that version; these counts are there once all were seen.
    """

    def __init__(self, engine: Migrating, query: Deals, new: Volume, routes: Mapping[int, Route], names: Sequence[str] | None,
                 plan: str, apply: bool, by: Actor, reason: str | None, batch: int) -> None:  # fmt: skip
        self.plan, self.to = plan, new.definition.version
        self.left_alone = self.already = 0
        self._engine, self._query, self._routes, self._names = engine, query, routes, names
        self._apply, self._by, self._reason, self._batch = apply, by, reason, batch

    def __iter__(self) -> Iterator[MigratedDeal]:
        if self._apply:
            self._refuse_gaps()
        yield from self._pages(self._apply)

    def _pages(self, apply: bool) -> Iterator[MigratedDeal]:
        self.left_alone = self.already = 0
        after: str | None = None
        names = None if self._names is None else [*self._names]
        while True:
            part = None if names is None else names[: self._batch]
            page = partial(self._page, after=after, names=part)
            found, after, left, already = self._engine._transact(page, dry_run=not apply)
            self.left_alone += left
            self.already += already
            yield from found
            names = None if names is None else names[self._batch :]
            if (after is None) if names is None else not names:
                return

    def _refuse_gaps(self) -> None:
        """Raise ``MigrationIncomplete`` where the plan does not say what becomes of something in use."""
        gaps, first = Counter[Clash](), dict[Clash, list[str]]()
        for found in self._engine._read(lambda tx: list(self._gaps(tx))):
            name, clash = found
            gaps[clash] += 1
            if len(first.setdefault(clash, [])) < _MOST_NAMED:
                first[clash].append(name)
        if gaps:
            raise _incomplete(tuple((*clash, gaps[clash], tuple(first[clash])) for clash in sorted(gaps)))

    def _gaps(self, tx: Tx) -> Iterator[tuple[str, Clash]]:
        for row in self._rows(tx, None, self._names, None):
            route = self._routes.get(row.version)
            if row.mode != "open" or route is None:
                continue
            try:
                deal = awake(tx, row)
            except (ProcdefError, *UNREADABLE, LookupError, AttributeError):
                continue  # which is told when it comes to this deal
            yield from ((row.key, clash) for clash in route.migration.answers(deal))

    def _rows(self, tx: Tx, after: str | None, names: Sequence[str] | None, limit: int | None) -> Iterator[DealRow]:
        if names is None:
            yield from tx.scan(replace(self._query, after=after, limit=limit))
            return
        found = tx.load(names).deals
        there = (found[name] for name in names if name in found and found[name].process == self._query.process)
        yield from {row.stream: row for row in there}.values()  # some may be named twice, by key and by stream

    def _page(
        self, unit: UnitOfWork, after: str | None, names: Sequence[str] | None
    ) -> tuple[list[MigratedDeal], str | None, int, int]:
        """The deals behind a name: what becomes of them, the last name (nothing at the end), and how many are left alone."""
        found: list[MigratedDeal] = []
        left = already = 0
        rows = list(self._rows(unit.tx, after, names, self._batch))
        now = timestamp(moment(unit.clock()))
        for row in rows:
            route = self._routes.get(row.version)
            if row.version == self.to:
                already += 1
            elif route is None:
                continue
            elif row.mode != "open":
                left += 1
            else:
                found.append(self._taken(unit, row, route, now))
        return found, rows[-1].key if len(rows) == self._batch else None, left, already

    def _taken(self, unit: UnitOfWork, row: DealRow, route: Route, now: str) -> MigratedDeal:
        told = MigratedDeal(row.key, row.version, row.stage, row.owner, "error")
        try:
            deal = awake(unit.tx, row)
            verdict = judged(unit.tx, deal, route.migration, self._reason)
            if isinstance(verdict, Stay):
                against = tuple(AgainstMigration(*clash) for clash in (*verdict.answers, *verdict.against))
                return replace(told, status="refused", against=against)
            if self._apply:
                after = self._written(unit, row, deal, route, verdict)
            else:
                after = as_if(deal, route.new.definition, verdict, now, self._by)
            return self._outlook(told, deal, after, route, now)
        except ProcdefError as error:
            return replace(told, message=str(error))
        except (*UNREADABLE, LookupError, AttributeError):
            return replace(told, message=str(LogBroken(f"{row.stream}: what is stored of the deal was changed or damaged")))

    def _written(self, unit: UnitOfWork, row: DealRow, deal: Deal, route: Route, verdict: Move) -> Deal:
        step = Step(row.key, Finish(), self._by)
        moment = unit.moment_of(step, deal)
        if unit.via == "import":
            step = step._replace(happened=moment)
        unit.stored[deal.stream] = row.n
        _, after = unit.write(step, deal, route.new, (verdict.entry,), moment)
        if verdict.renamed_stages:
            for stay in unit.tx.scan(Stays(deal.stream)):
                if stay.stage in verdict.renamed_stages:
                    unit.stays[deal.stream, stay.k] = stay._replace(stage=verdict.renamed_stages[stay.stage])
        unit.stays[deal.stream, deal.visit] = migrated_stay(after)
        return after

    def _outlook(self, told: MigratedDeal, deal: Deal, after: Deal, route: Route, now: str) -> MigratedDeal:
        outlook = route.change.after(deal, after, instant(now))
        return replace(
            told,
            status="migrated" if self._apply else "moves",
            stage_after=after.stage,
            new_work=tuple(WorkAfterMigration(*item) for item in outlook.new_work),
            behind=tuple(WorkAfterMigration(*item) for item in outlook.behind),
            overdue=outlook.overdue,
            late=dict(outlook.late),
            other_rows=route.other_rows(after),
        )


class Migrating(Transactions):
    """An engine as far as it takes deals over to other versions."""

    def migrate(
        self,
        process: str,
        *,
        to: int,
        by: Actor,
        versions: Sequence[int] | None = None,
        plan: Plan | Mapping[str, Any] | None = None,
        deals: Deals | Sequence[str] | None = None,
        apply: bool = False,
        reason: str | None = None,
        batch: int = 500,
    ) -> MigrationRun:
        """Take open deals of these ``versions`` over to the version ``to``, by a plan; without ``apply`` only tell of it.

        ``versions`` are those of the plan where none are named, and without a plan all that are earlier than ``to``. ``deals``:
        a query that leaves some out, or their names. Lost and finished deals are left alone, and so are those that are there
        already: to do it again after an interruption goes on where it ended. There is no rule about who may: whoever can
        publish may. Raises ``DefinitionInvalid`` with what is wrong in the plan, ``UnknownProcess`` and ``InvalidArgument`` at
        once; when what is returned is iterated ``MigrationIncomplete`` before anything is written, where the plan does not say
        what becomes of something that a deal has in use.
        """
        instance_of(str, process, "process", "a process is named by its id, a text")
        by, to, batch = actor(by), count(to, "to", 1), count(batch, "batch", 1)
        given = None if plan is None else given_plan(plan)
        told = _numbers(versions)
        said = _reason(optional(str, reason, "reason", "a reason is a text"))
        query, names = _query(process, deals)
        flag(apply, "apply")

        def prepared(tx: Tx) -> tuple[Volume, dict[int, Route], str]:
            published = {row.version: row.sha256 for row in tx.scan(Definitions(id=process))}
            if not published:
                raise unknown_process(process, {row.id for row in tx.scan(Definitions())})
            meant = told or (given.versions if given is not None else tuple(each for each in published if each < to))
            _refuse_other(process, published, meant, to, given)
            volumes = {each: self._library.known(tx, published[each]) for each in (*meant, to)}
            new = volumes[to]
            if given is not None:
                known = [self._library.known(tx, published[each]).definition for each in given.versions if each in published]
                refuse_wrong(given, Versions(process, tuple(published), known, new.definition))
            whole = given or Plan(process, meant, to)
            meaning = mapped(whole, new.definition)
            can_match(tx, query, self._library)
            if names is not None:
                _refuse_unknown(tx, names, process)
            return new, {each: Route(volumes[each], new, meaning) for each in meant}, whole.sha256

        new, routes, sha = self._read(prepared)
        return MigrationRun(self, query, new, routes, names, sha, apply, by, said, batch)


def _incomplete(gaps: tuple[tuple[str, str, str, int, tuple[str, ...]], ...]) -> MigrationIncomplete:
    named = [
        f"{'stage' if what == 'path' else what} {name} ({count} deal{'s' * (count != 1)})" for what, name, _, count, _ in gaps
    ]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    said = ", ".join(named[:_MOST_NAMED])
    return MigrationIncomplete(f"the plan does not say what becomes of the {said}{more}; nothing was migrated", gaps)


def _numbers(given: Sequence[int] | None) -> tuple[int, ...]:
    if given is None:
        return ()
    if not isinstance(given, list | tuple | set | frozenset) or not given:
        raise InvalidArgument("`versions` are numbers of versions, as [2, 3]", "versions")
    return tuple(sorted({count(each, "versions", 1) for each in given}))


def _reason(given: str | None) -> str | None:
    try:
        return loggable(given)
    except BadValue as bad:
        raise InvalidArgument(f"reason: {bad}", "reason") from None


def _query(process: str, given: Deals | Sequence[str] | None) -> tuple[Deals, tuple[str, ...] | None]:
    if given is None:
        return Deals(process), None
    if isinstance(given, Deals):
        if given.process not in (None, process) or given.limit is not None or given.after is not None:
            raise InvalidArgument("the deals to migrate are chosen by stage, owner, outcome and overdue alone", "deals")
        return well_formed_query(replace(given, process=process)), None
    if isinstance(given, str) or not isinstance(given, list | tuple | set | frozenset) or not given:
        raise InvalidArgument("the deals to migrate are a query, or a list of their names", "deals")
    return Deals(process), tuple(dict.fromkeys(deal_name(each, "deals") for each in given))


def _refuse_other(
    process: str, published: Mapping[int, str], meant: Sequence[int], to: int, plan: Plan | None
) -> None:
    """Raise ``InvalidArgument`` for versions that are not published, or that the plan is not for."""
    if plan is not None and (plan.process != process or any(each not in published for each in (*plan.versions, plan.to))):
        refuse_wrong(plan, Versions(process, tuple(published), (), None))
    for each in (to, *meant):
        if each not in published:
            there = ", ".join(str(each) for each in sorted(published))
            raise unknown_version(process, each, there)
    if to in meant:
        raise InvalidArgument(f"deals of version {to} are in version {to} already; leave it out of `versions`", "versions")
    if not meant:
        raise InvalidArgument(f"no version of {process} is earlier than {to}; name the versions of the deals", "versions")
    if plan is not None and plan.to != to:
        raise InvalidArgument(f"the plan leads to version {plan.to}, and not to {to}", "to")
    if plan is not None and (others := [each for each in meant if each not in plan.versions]):
        raise InvalidArgument(f"the plan is not for deals of version {others[0]}; add it to its `from`", "versions")


def unknown_version(process: str, version: int, there: str) -> InvalidArgument:
    """What to raise for a version that is not published."""
    return InvalidArgument(f"version {version} of {process} is not published here; there are {there}", "to")


def _refuse_unknown(tx: Tx, names: Sequence[str], process: str) -> None:
    found = tx.load(names).deals
    for name in names:
        if name not in found:
            raise UnknownDeal(f"there is no deal {name!r}", name)
        if found[name].process != process:
            raise InvalidArgument(f"the deal {name} is one of {found[name].process}, and not of {process}", "deals")
