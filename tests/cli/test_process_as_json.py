"""``procdef show --format json``: what a picture is made of, so that others can draw it too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Procdef


def shown(office: Procdef, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office("show", "office.yaml", "--format", "json", *more)[1])
    return found


def test_stages_come_with_what_a_picture_shows_of_them(office: Procdef) -> None:
    told = shown(office)
    stages = {each["stage"]: each for each in told["stages"]}
    assert (told["title"], told["language"], told["roles"]["seller"]) == ("Office sales", "en", "Seller")
    assert [(each["number"], each["title"], each["won"], each["ends"]) for each in stages.values()] == [
        (1, "Lead", "before", False), (2, "Offer", "before", False), (3, "Parked", "before", False),
        (4, "Delivery", "here", True),
    ]  # fmt: skip
    assert stages["lead"]["within"] == "5 days"
    assert stages["offer"]["entry"] == [
        {
            "criterion": "fits", "check": "score >= 60", "require": [], "message": "The company does not fit",
            "waivable_by": ["manager"],
        },
        {"criterion": "reachable", "check": None, "require": ["email"], "message": None, "waivable_by": []},
    ]  # fmt: skip
    approve = next(each for each in stages["offer"]["actions"] if each["action"] == "approve")
    assert approve == {
        "action": "approve", "title": "Approve", "required": True, "by": ["manager"], "when": "discount > 10 %", "ways": {},
        "decision": True, "evidence": "none", "table": [], "valid_for": None, "within": None, "until": None,
    }  # fmt: skip


def test_ways_come_with_their_titles_and_conditions(office: Procdef) -> None:
    offer = next(each for each in shown(office)["stages"] if each["stage"] == "offer")
    assert offer["ways"] == [
        {"to": "delivery", "title": "They accept", "when": None, "by": [], "unfinished": False},
        {"to": "parked", "title": "Park", "when": "price < 1000", "by": [], "unfinished": True},
    ]
    assert offer["ways_back"] == [{"to": "lead", "title": None, "by": []}]
    assert (offer["next"], offer["back"]) == (["delivery", "parked"], ["lead"])


def test_losses_come_with_their_reasons_and_texts_in_the_language_asked_for(office: Procdef) -> None:
    told = shown(office, "--lang", "fi")
    assert told["lost"] == {"reasons": {"no_need": "Ei tarvetta", "price": "Too dear"}, "reopen": {"by": ["manager"]}}
    assert [each["title"] for each in told["stages"]] == ["Liidi", "Tarjous", "Parked", "Delivery"]
