"""procdef: write a sales process in YAML, check it, run deals through it, and keep a log of every step."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procdef.commands import Actor
    from procdef.deal import Deal
    from procdef.diagnostics import Diagnostic, Severity, Span
    from procdef.engine import Done, Engine, FeedItem, Options, StepResult, utc_now
    from procdef.errors import (
        AnchorFailed,
        ClockBehind,
        ConcurrentChange,
        DealExists,
        DefinitionInvalid,
        ExtraMissing,
        InvalidArgument,
        LogBroken,
        NewerLog,
        NoteInvalid,
        ProcdefError,
        RequestConflict,
        StepRefused,
        StoreError,
        UnknownDeal,
        UnknownProcess,
        Unmet,
        VersionExists,
    )
    from procdef.language import check, load
    from procdef.model import ProcessDefinition
    from procdef.store import open_store

_HOME = {
    "procdef.commands": ("Actor",),
    "procdef.deal": ("Deal",),
    "procdef.diagnostics": ("Diagnostic", "Severity", "Span"),
    "procdef.engine": ("Done", "Engine", "FeedItem", "Options", "StepResult", "utc_now"),
    "procdef.errors": (
        "AnchorFailed",
        "ClockBehind",
        "ConcurrentChange",
        "DealExists",
        "DefinitionInvalid",
        "ExtraMissing",
        "InvalidArgument",
        "LogBroken",
        "NewerLog",
        "NoteInvalid",
        "ProcdefError",
        "RequestConflict",
        "StepRefused",
        "StoreError",
        "UnknownDeal",
        "UnknownProcess",
        "Unmet",
        "VersionExists",
    ),
    "procdef.language": ("check", "load"),
    "procdef.model": ("ProcessDefinition",),
    "procdef.store": ("open_store",),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Actor",
    "AnchorFailed",
    "ClockBehind",
    "ConcurrentChange",
    "Deal",
    "DealExists",
    "DefinitionInvalid",
    "Diagnostic",
    "Done",
    "Engine",
    "ExtraMissing",
    "FeedItem",
    "InvalidArgument",
    "LogBroken",
    "NewerLog",
    "NoteInvalid",
    "Options",
    "ProcdefError",
    "ProcessDefinition",
    "RequestConflict",
    "Severity",
    "Span",
    "StepRefused",
    "StepResult",
    "StoreError",
    "UnknownDeal",
    "UnknownProcess",
    "Unmet",
    "VersionExists",
    "check",
    "load",
    "open_store",
    "utc_now",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that ``import procdef`` loads next to nothing (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module 'procdef' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
