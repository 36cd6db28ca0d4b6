"""procdef: write a sales process in YAML, check it, run deals through it, and keep a log of every step."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `as` says that a name is handed on; what is imported here stands in _HOME too
    from procdef.checking import check as check
    from procdef.commands import Actor as Actor
    from procdef.diagnostics import Diagnostic as Diagnostic
    from procdef.diagnostics import Severity as Severity
    from procdef.diagnostics import Span as Span
    from procdef.directory import Directory as Directory
    from procdef.directory import HeldRoles as HeldRoles
    from procdef.engine import Engine as Engine
    from procdef.engine import utc_now as utc_now
    from procdef.engine.migrating import MigrationRun as MigrationRun
    from procdef.errors import AnchorFailed as AnchorFailed
    from procdef.errors import CalendarDataMissing as CalendarDataMissing
    from procdef.errors import CalendarUnknown as CalendarUnknown
    from procdef.errors import ClockBehind as ClockBehind
    from procdef.errors import ConcurrentChange as ConcurrentChange
    from procdef.errors import DealExists as DealExists
    from procdef.errors import DefinitionInvalid as DefinitionInvalid
    from procdef.errors import ExtraMissing as ExtraMissing
    from procdef.errors import HistoryDiffers as HistoryDiffers
    from procdef.errors import InvalidArgument as InvalidArgument
    from procdef.errors import LogBroken as LogBroken
    from procdef.errors import MigrationIncomplete as MigrationIncomplete
    from procdef.errors import NewerLog as NewerLog
    from procdef.errors import NoteInvalid as NoteInvalid
    from procdef.errors import ProcdefError as ProcdefError
    from procdef.errors import RequestConflict as RequestConflict
    from procdef.errors import StoreBusy as StoreBusy
    from procdef.errors import StoreDetached as StoreDetached
    from procdef.errors import StoreError as StoreError
    from procdef.errors import UnknownDeal as UnknownDeal
    from procdef.errors import UnknownPerson as UnknownPerson
    from procdef.errors import UnknownProcess as UnknownProcess
    from procdef.errors import VersionExists as VersionExists
    from procdef.language import load as load
    from procdef.language.people.check import check_people as check_people
    from procdef.language.people.check import load_people as load_people
    from procdef.language.plans import Plan as Plan
    from procdef.language.plans import load_plan as load_plan
    from procdef.model import ProcessDefinition as ProcessDefinition
    from procdef.results.agenda_item import AgendaItem as AgendaItem
    from procdef.results.ahead_of_clock import AheadOfClock as AheadOfClock
    from procdef.results.candidate import Candidate as Candidate
    from procdef.results.deal_view import Deal as Deal
    from procdef.results.deal_view import StandingWaiver as StandingWaiver
    from procdef.results.done import Done as Done
    from procdef.results.event import Event as Event
    from procdef.results.event import FeedItem as FeedItem
    from procdef.results.listed_deal import DealRow as DealRow
    from procdef.results.migrated_deal import AgainstMigration as AgainstMigration
    from procdef.results.migrated_deal import MigratedDeal as MigratedDeal
    from procdef.results.migrated_deal import OtherRow as OtherRow
    from procdef.results.migrated_deal import WorkAfterMigration as WorkAfterMigration
    from procdef.results.options import Completion as Completion
    from procdef.results.options import Options as Options
    from procdef.results.options import ScoreSum as ScoreSum
    from procdef.results.options import Todo as Todo
    from procdef.results.options import Way as Way
    from procdef.results.personal_data import Erased as Erased
    from procdef.results.personal_data import Held as Held
    from procdef.results.personal_data import HeldCopy as HeldCopy
    from procdef.results.personal_data import HeldRequest as HeldRequest
    from procdef.results.proof import Proof as Proof
    from procdef.results.proof import prove as prove
    from procdef.results.refusal import StepRefused as StepRefused
    from procdef.results.refusal import Unmet as Unmet
    from procdef.results.step_result import StepResult as StepResult
    from procdef.results.suggestion import Blank as Blank
    from procdef.results.suggestion import Suggestion as Suggestion
    from procdef.results.timer_told import TimerTold as TimerTold
    from procdef.store import Deals as Deals
    from procdef.store import Store as Store
    from procdef.store import open_store as open_store
    from procdef.version import __version__ as __version__

_HOME = {
    "procdef.checking": ("check",),
    "procdef.commands": ("Actor",),
    "procdef.diagnostics": ("Diagnostic", "Severity", "Span"),
    "procdef.directory": ("Directory", "HeldRoles"),
    "procdef.engine": ("Engine", "utc_now"),
    "procdef.engine.migrating": ("MigrationRun",),
    "procdef.errors": (
        "AnchorFailed",
        "CalendarDataMissing",
        "CalendarUnknown",
        "ClockBehind",
        "ConcurrentChange",
        "DealExists",
        "DefinitionInvalid",
        "ExtraMissing",
        "HistoryDiffers",
        "InvalidArgument",
        "LogBroken",
        "MigrationIncomplete",
        "NewerLog",
        "NoteInvalid",
        "ProcdefError",
        "RequestConflict",
        "StoreBusy",
        "StoreDetached",
        "StoreError",
        "UnknownDeal",
        "UnknownPerson",
        "UnknownProcess",
        "VersionExists",
    ),
    "procdef.language": ("load",),
    "procdef.language.plans": ("Plan", "load_plan"),
    "procdef.language.people.check": ("check_people", "load_people"),
    "procdef.model": ("ProcessDefinition",),
    "procdef.results.agenda_item": ("AgendaItem",),
    "procdef.results.ahead_of_clock": ("AheadOfClock",),
    "procdef.results.candidate": ("Candidate",),
    "procdef.results.deal_view": ("Deal", "StandingWaiver"),
    "procdef.results.done": ("Done",),
    "procdef.results.event": ("Event", "FeedItem"),
    "procdef.results.listed_deal": ("DealRow",),
    "procdef.results.migrated_deal": ("AgainstMigration", "MigratedDeal", "OtherRow", "WorkAfterMigration"),
    "procdef.results.options": ("Completion", "Options", "ScoreSum", "Todo", "Way"),
    "procdef.results.personal_data": ("Erased", "Held", "HeldCopy", "HeldRequest"),
    "procdef.results.proof": ("Proof", "prove"),
    "procdef.results.refusal": ("StepRefused", "Unmet"),
    "procdef.results.step_result": ("StepResult",),
    "procdef.results.suggestion": ("Blank", "Suggestion"),
    "procdef.results.timer_told": ("TimerTold",),
    "procdef.store": ("Deals", "Store", "open_store"),
    "procdef.version": ("__version__",),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = list(_WHERE)

if not TYPE_CHECKING:  # or a type checker would take any name for one that is there

    def __getattr__(name: str) -> Any:
        """Import what is asked for when it is asked for, so that ``import procdef`` loads next to nothing (PEP 562)."""
        if name not in _WHERE:
            raise AttributeError(f"module 'procdef' has no attribute {name!r}")
        return getattr(import_module(_WHERE[name]), name)

    def __dir__() -> list[str]:
        """All names that there are, imported or not."""
        return sorted({*globals(), *__all__})
