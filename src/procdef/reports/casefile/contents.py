"""What a case file holds: frozen parts whose fields are the keys of its JSON. Times are UTC text as in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from procdef.results.options import ScoreSum, Todo, Way
from procdef.results.result import Result, json_key

FORMAT = 1
"""The version of the keys: a new key leaves it as it is, any other change makes it one larger."""


@dataclass(frozen=True, slots=True)
class Process(Result):
    """The version of the process that the deal is pinned to, with its title in the language of the case file."""

    id: str
    version: int
    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """Where the deal stood. ``stage_title`` and ``reason_title`` are in the language of the case file; ``overdue``: it should
    have left its stage before that time. ``origin`` is the deal that it grew from, by its name, ``amount`` decimal text."""

    name: str
    title: str | None
    stream: str
    stage: str
    stage_title: str
    mode: str
    outcome: str
    owner: str
    path: tuple[str, ...]
    started: str
    entered: str
    due: str | None
    overdue: bool
    amount: str | None = field(metadata=json_key("value"))
    currency: str | None
    expected: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    reason_title: str | None
    contacted: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Ownership(Result):
    """A time for which somebody owned the deal; ``until`` is ``None`` where they still did."""

    since: str = field(metadata=json_key("from"))
    until: str | None


@dataclass(frozen=True, slots=True)
class Person(Result):
    """Somebody who acted, or was handed the deal. ``roles`` are all that they acted in; ``steps`` those that were applied,
    ``entered`` how many events they typed in for others."""

    id: str
    roles: tuple[str, ...]
    steps: int
    refused: int
    entered: int
    first: str
    last: str
    owned: tuple[Ownership, ...]


@dataclass(frozen=True, slots=True)
class SetValue(Result):
    """A field that is filled in, or was until that was erased: then the value reads ``(erased)``. ``by``, ``happened`` and
    ``n`` are who set it so, when, and with which event, ``how`` one of ``start``, ``record``, ``correct`` and
    ``migrate``; ``times`` counts how often it was set to something new. The value is in the log's form."""

    field: str
    title: str | None
    type: str
    value: Any
    erased: bool
    by: str
    happened: str
    n: int
    how: Literal["start", "record", "correct", "migrate"]
    times: int


@dataclass(frozen=True, slots=True)
class Change(Result):
    """A field before and after; ``None`` is empty."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Moment(Result):
    """An event of the time line. ``type`` and ``data`` are those of the log, but for the facts of decisions, and for values,
    which are ``changes``. ``stage`` is the one in which the step was taken, ``lapsed`` the criteria whose waivers it ended
    early. ``late`` is by when an action was due that was done after that. ``entered_by`` typed it in, where that was another
    than the person it is of."""

    n: int
    id: str
    hash: str
    type: str
    applied: bool
    stage: str
    by: str
    roles: tuple[str, ...]
    entered_by: str | None
    via: str
    happened: str
    recorded: str
    changes: tuple[Change, ...]
    lapsed: tuple[str, ...]
    late: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said(Result):
    """Something that was said or written: a note, of a ``kind`` where it tells of a contact, or what was noted with an action,
    then named by its full path. ``objection`` is the id of the one that was met."""

    n: int
    happened: str
    recorded: str
    by: str
    kind: str | None
    action: str | None
    action_title: str | None
    text: str
    objection: str | None


@dataclass(frozen=True, slots=True)
class Approval(Result):
    """A decision. ``ended_by`` is the event after which an approval no longer stood: a value changed, or it was rejected.
    ``row`` is that of the table by which the person was asked, from 1, and ``where`` the row's condition, where it has one.
    ``until`` is when it lapses, where it does, and ``lapsed`` whether it has, without having ended before."""

    n: int
    happened: str
    by: str
    roles: tuple[str, ...]
    action: str
    title: str
    decision: str
    note: str | None
    ended_by: int | None
    row: int | None = None
    where: str | None = None
    until: str | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class CaseWaiver(Result):
    """A criterion that was let pass, by its full path and with what it tells when it is not met. ``state``: ``standing``,
    ``used`` by the move of event ``ended_by``, or ``lapsed``: with that event, or without one as an action lapsed that the
    criterion reads."""

    n: int
    happened: str
    by: str
    roles: tuple[str, ...]
    criterion: str
    message: str | None
    reason: str
    state: Literal["standing", "used", "lapsed"]
    ended_by: int | None


@dataclass(frozen=True, slots=True)
class Correction(Result):
    """Values that were set right past the gate."""

    n: int
    happened: str
    by: str
    roles: tuple[str, ...]
    changes: tuple[Change, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence(Result):
    """What was given as evidence: a ``document`` by its ``name`` and SHA-256 (hex), or a ``link`` by its ``url``."""

    n: int
    happened: str
    by: str
    action: str
    title: str
    kind: Literal["document", "link"]
    name: str | None
    sha256: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class MetObjection(Result):
    """An objection that was met, with the playbook's answer; ``met`` are the numbers of the notes that tell of it."""

    id: str
    stage: str
    concern: str
    answer: str | None
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenWork(Result):
    """What was open: the actions of the present stage and every way on with what stands in its way, as ``status`` has them,
    when people are reminded, and what each score comes to."""

    actions: tuple[Todo, ...]
    ways: tuple[Way, ...]
    reminders: tuple[str, ...]
    scores: Mapping[str, ScoreSum]


@dataclass(frozen=True, slots=True)
class Link(Result):
    """A material: what it is called, and where it lies."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Answered(Result):
    """An objection of the playbook with its answer."""

    id: str
    concern: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class StageGuide(Result):
    """How a stage is worked: the present one (``here``) or one that it leads to. It is to be left ``within`` a time, or
    ``until`` the time in a field. ``guide`` is Markdown; ``to_do`` are the titles of what must be done there."""

    stage: str
    title: str
    here: bool
    owner: tuple[str, ...]
    within: str | None
    until: str | None
    goal: str | None
    guide: str | None
    to_do: tuple[str, ...]
    questions: tuple[str, ...]
    objections: tuple[Answered, ...]
    materials: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Check(Result):
    """A command that checks something of a case file, and ``shows`` what it has to show, as an id of what pages say of it."""

    shows: str
    command: str


@dataclass(frozen=True, slots=True)
class Proof(Result):
    """What proves it: the log, the deal's stream with the number of its last event told here (``events``) and the hash of that,
    which stands for all before it; ``size`` and ``root`` of the smallest tree over the log that holds it. ``checkpoint`` is the
    newest note that was signed before that event, over ``checkpoint_size`` events; a later one proves the event itself."""

    log: str
    stream: str
    events: int
    head: str
    size: int
    root: str
    checkpoint_size: int | None
    checkpoint: str | None
    verify: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class CaseFile(Result):
    """All that was known of a deal at ``as_of``, for the person who takes it over: nothing that was recorded later is told.
    It holds personal values in their places. ``simulated``: the deal is made up, as all of its log is."""

    format: int
    simulated: bool
    as_of: str
    language: str
    time_zone: str
    process: Process
    deal: Standing
    people: tuple[Person, ...]
    values: tuple[SetValue, ...]
    open: OpenWork
    conversations: tuple[Said, ...]
    objections: tuple[MetObjection, ...]
    approvals: tuple[Approval, ...]
    waivers: tuple[CaseWaiver, ...]
    corrections: tuple[Correction, ...]
    documents: tuple[Evidence, ...]
    playbooks: tuple[StageGuide, ...]
    timeline: tuple[Moment, ...]
    proof: Proof
