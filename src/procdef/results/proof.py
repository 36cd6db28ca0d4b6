"""What is proved of a process, as it is handed out: flaws, what holds for all deals, and what was not decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from procdef.errors import InvalidArgument
from procdef.language.rules import BY_CODE
from procdef.model import ProcessDefinition
from procdef.proof import QUESTIONS, Open
from procdef.proof.account import Account, account
from procdef.results.result import Result, json_key


@dataclass(frozen=True, slots=True)
class FlawFound(Result):
    """What is wrong, by the code of ``procdef explain``. ``about`` is a stage, a way or a condition; ``steps`` of a deal lead
    there, each with the keys of a file of steps, and are empty where its values alone show the flaw."""

    kind: Literal["flaw"] = field(default="flaw", init=False)
    code: str
    severity: Literal["error", "warning", "info"]
    about: str
    message: str
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Holds(Result):
    """What holds for every deal that there could be; ``instead_of`` is the code of the flaw that is not there."""

    kind: Literal["proved"] = field(default="proved", init=False)
    instead_of: str
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class NotDecided(Result):
    """What was asked and not answered, and what would make it decidable (``remedy``). It may hold or not."""

    kind: Literal["not_decided"] = field(default="not_decided", init=False)
    code: str
    about: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FollowsFrom(Result):
    """What is wrong too, by the cause of a flaw that is told elsewhere; ``code`` is that of the flaw that it would be."""

    kind: Literal["follows"] = field(default="follows", init=False)
    code: str
    about: str


@dataclass(frozen=True, slots=True)
class Proof(Result):
    """All that was found out about a process. ``questions`` were asked of its conditions in so many ``steps``, and ``states``
    of deals played."""

    id: str
    version: int
    sha256: str
    flaws: tuple[FlawFound, ...]
    proved: tuple[Holds, ...]
    open: tuple[NotDecided, ...] = field(metadata=json_key("not_decided"))
    follows: tuple[FollowsFrom, ...]
    questions: int
    steps: int
    states: int


def prove(process: ProcessDefinition) -> Proof:
    """What holds for all deals that there could be under a process, what does not, and what was not decided, as
    ``procdef prove`` prints it. Nothing is stored, and no engine is needed. It has nothing to do with proofs of a log
    (``Engine.prove``)."""
    if not isinstance(process, ProcessDefinition):
        raise InvalidArgument("what is proved is proved of a ProcessDefinition, as load() returns", "process")
    return proof_of(process, account(process))


def proof_of(process: ProcessDefinition, found: Account) -> Proof:
    """What was found out, as it is handed out."""
    return Proof(
        id=process.id,
        version=process.version,
        sha256=process.sha256,
        flaws=tuple(
            FlawFound(
                flaw.finding.code,
                BY_CODE[flaw.finding.code].severity.value,
                str(flaw.finding.subject),
                flaw.said,
                tuple({"by": step.by, "do": step.do, "at": step.at, **step.given} for step in flaw.steps),
            )
            for flaw in found.flaws
        ),
        proved=tuple(Holds(each.code, each.about, each.sentence) for each in found.proved),
        open=tuple(NotDecided(each.code, each.about, not_decided(each), each.remedy) for each in found.open),
        follows=tuple(FollowsFrom(each.code, each.about) for each in found.follows),
        questions=found.questions,
        steps=found.steps,
        states=found.states,
    )


def not_decided(answer: Open) -> str:
    """What was asked, and not answered."""
    return "whether " + QUESTIONS[answer.code].replace("{subject}", answer.about)
