"""Whatever a steps file holds, each line comes to something, nothing escapes, and the log stays sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Actor, Engine, InvalidArgument, load
from procdef.commands import Record
from procdef.engine.idempotency import command_bytes
from procdef.log.canonical import canonical_bytes
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

SMALL = Path(__file__).parents[2] / "golden" / "ok" / "syntax.yaml"
DEEP = json.loads("[" * 900 + "]" * 900)
HOSTILE: list[Any] = [
    *("", " ", "\ud800", "a\udfff", "\x00", "a\nb", "é" * 300, "x" * 10_000, "{0}", "%s", "deal:x", "\u202e", "١٢"),
    *("1" * 200, 10**400, 10**5000, 5, 1.5, -0.0, Decimal("1E+400"), Decimal("NaN"), None, True),
    *(DEEP, [], {}, ["a"], [{}], [{"\ud800": 1}], {"\ud800": "x"}, {"a": float("nan")}, [[[[]]]]),
]
STEPS: dict[str, dict[str, Any]] = {
    "start": {"stage": "lead", "from": "D", "values": {}},
    "record": {"values": {"amount": "1"}, "correct": True, "reason": "r"},
    "do": {"action": "send", "values": {}, "way": "mail", "evidence": "e", "note": "n", "decision": "approve"},
    "advance": {"to": "delivery", "reason": "r"},
    "back": {"to": "lead", "reason": "r"},
    "waive": {"criterion": "enough", "reason": "x"},
    "lose": {"reason": "price", "note": "n"},
    "reopen": {"reason": "r"},
    "finish": {},
    "assign": {"person": "p"},
    "note": {"note": "n", "kind": "call", "objection": "too_dear"},
}
FIELDS = ("company", "email", "amount", "discount", "small", "nothing", "\ud800")


def spoiled(verb: str, hostile: Any) -> Iterator[dict[str, Any]]:
    """The step with the hostile value in the place of each argument, and of each value."""
    arguments = STEPS[verb]
    for name in (*arguments, "by", "roles", "deal", "do", "request", "happened", "colour"):
        yield {"by": "maija", "roles": ["seller"], "deal": "D", "do": verb, **arguments, name: hostile}
    for number, field in enumerate(FIELDS if "values" in arguments else ()):
        given = {**arguments, "values": {field: hostile}, "request": f"r-{verb}-{number}"}
        yield {"by": "maija", "roles": ["seller"], "deal": "D", "do": verb, **given}


@pytest.mark.parametrize("verb", STEPS)
def test_nothing_in_a_step_breaks_the_run_or_the_log(desk: Desk, verb: str) -> None:
    desk.offered()
    steps = [step for hostile in HOSTILE for step in spoiled(verb, hostile)]
    results = list(desk.engine.run("small", steps, by=desk.manager))
    assert {result.status for result in results} <= {"applied", "refused", "repeated", "error"}
    assert len(results) == len(steps)
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    for item in desk.engine.feed():
        assert canonical_bytes(json.loads(json.dumps(item.event))) == canonical_bytes(item.event)


@pytest.mark.parametrize("number", ["1e9999999", "-1e-9999999", "0e9999999"])
def test_a_number_with_a_huge_exponent_is_never_written_out(number: str) -> None:
    given = command_bytes(Record({"offer": Decimal(number)}), "maija", None, load(SMALL))
    assert len(given) < 200


@pytest.mark.parametrize(
    "who",
    [
        *(
            {"id": text}
            for text in ("", "a" * 201, "a\nb", " maija", "maija ", "Rene\u0301", "\ud800", None, 7, b"maija")
        ),
        *({"id": "maija", "roles": roles} for roles in ({" seller"}, {""}, "seller", None, 7, [["seller"]])),
        *({"id": "maija", "source": source} for source in ("\x00", 7)),
        *({"id": "maija", "auth": auth} for auth in ("guessed", None, ["app"])),
        {"id": "op", "behalf": "maija"},
    ],
)
def test_who_cannot_be_told_apart_is_nobody(who: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        Actor(**who)


@pytest.mark.parametrize("who", [None, "maija", 7])
def test_only_an_actor_takes_a_step(desk: Desk, who: Any) -> None:
    with pytest.raises(InvalidArgument):
        desk.engine.start("small", "D", by=who, stage="lead")


def test_a_step_comes_through_a_known_door(desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="via"):
        Engine(desk.store, via="backdoor")
