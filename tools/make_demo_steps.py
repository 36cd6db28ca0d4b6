#!/usr/bin/env python3
"""Write the demonstration deals: 220 deals through processes/b2b-sales.yaml, the same ones every time.

python3 tools/make_demo_steps.py > processes/demo.steps.jsonl
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Step = dict[str, Any]
SEED = 20260105
DEALS = 220
FIRST = datetime(2026, 1, 5, 7, tzinfo=UTC)
TOWNS = ["Turku", "Oulu", "Lahti", "Vaasa", "Kuopio", "Pori", "Espoo", "Kotka"]
TRADES = ["Konepaja", "Logistiikka", "Kiinteistöt", "Elintarvike", "Energia", "Painotalo"]
ROLES = {"maija": "seller", "pekka": "seller", "aino": "seller", "johanna": "manager", "timo": "delivery"}


class Story:
    """The steps of one deal, hours to days apart."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(SEED + number)
        self.number = number
        self.deal = f"B2B-{number:03}"
        self.seller = self.chance.choice(["maija", "pekka", "aino"])
        self.at = FIRST + timedelta(days=number * 0.75 // 1, hours=number % 7)
        self.steps: list[Step] = []

    def step(self, do: str, by: str | None = None, **arguments: Any) -> None:
        """Add a step, by the deal's seller unless told otherwise."""
        person = by or self.seller
        self.steps.append({
            "happened": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": person, "roles": [ROLES[person]],
            "deal": self.deal, "do": do, **arguments, "request": f"{self.deal}-{len(self.steps) + 1:02}",
        })
        self.at += timedelta(minutes=self.chance.randint(30, 4000))
        if not 6 <= self.at.hour < 15:
            self.at = self.at.replace(hour=self.chance.randint(6, 14)) + timedelta(days=1)
        while self.at.weekday() > 4:
            self.at += timedelta(days=1)

    def often(self, share: float) -> bool:
        """True with this probability."""
        return self.chance.random() < share

    def lose(self, note: str) -> bool:
        """Lose the deal; some are reopened. True when it stays lost."""
        self.step("lose", reason=self.chance.choice(["no_need", "no_budget", "competitor", "no_response"]), note=note)
        if self.often(0.15):
            self.step("reopen", by="johanna", reason="They called back")
            return False
        return True


def find(story: Story) -> bool:
    """Prospecting and booking, or a ready lead; True when the deal goes on to a meeting."""
    town, trade = story.chance.choice(TOWNS), story.chance.choice(TRADES)
    score = story.chance.randint(62, 95) if story.often(0.8) else story.chance.randint(45, 59)
    lead = {
        "company": f"{town} {trade} {story.number} Oy", "contact_name": f"Contact {story.number}",
        "contact_email": f"contact{story.number}@customer.example", "fit_score": score,
        "source": story.chance.choice(["fair", "directory", "referral", "research"]),
    }
    if score >= 60 and story.often(0.3):
        story.step("start", stage="booking", values=lead)
    else:
        story.step("start", stage="prospecting", values={"company": lead["company"]})
        if story.often(0.1):
            story.step("advance", to="booking")
        story.step("do", action="research_company", way=story.chance.choice(["market_research", "acquired_lead"]), values=lead)
        story.step("advance", to="booking")
        if score < 60:
            if story.often(0.5):
                story.step("lose", reason="no_need", note="Too far from our profile")
                return False
            story.step("waive", by="johanna", criterion="booking.fits_profile", reason="Sister company of a good customer")
            story.step("advance", to="booking")
    if story.often(0.35):
        story.step("note", note="They are busy this month", kind="call", objection="too_busy")
    if story.often(0.22) and story.lose("No meeting to be had"):
        return False
    meeting = (story.at + timedelta(days=6)).strftime("%Y-%m-%dT09:00:00Z")
    story.step("do", action="first_contact", way=story.chance.choice(["cold_call", "email", "networking"]),
               values={"meeting_at": meeting}, evidence="Agreed on a meeting")
    story.step("advance", to="sales_meeting")
    return True


def meet(story: Story) -> bool:
    """The meeting and its follow-up; True when an offer is asked for."""
    story.step("do", action="prepare", evidence="Read the log and their last report")
    known = story.often(0.8)
    story.step("do", action="hold_meeting", values={"need": "Fewer manual orders", "decision_maker": known},
               evidence="They lose two days a week to manual orders")
    story.step("advance", to="follow_up")
    if story.often(0.1):
        story.step("back", to="sales_meeting", reason="A second meeting with their production")
        story.step("advance", to="follow_up")
    story.step("do", action="thank_you", way=story.chance.choice(["message", "email", "call"]))
    if story.often(0.3):
        story.step("do", action="trial")
    if story.often(0.2) and story.lose("Cooled down after the meeting"):
        return False
    if not known:
        story.step("advance", to="closing")
        story.step("record", values={"decision_maker": True})
    if story.often(0.05):
        return False
    story.step("advance", to="closing")
    return True


def close(story: Story) -> bool:
    """The offer; True when it is won."""
    discount, gift = story.chance.choice([0, 0, 5, 10, 18, 25]), story.often(0.1)
    concession = "gift" if gift else "discount" if discount else "none"
    story.step("do", action="price_offer", values={
        "offer_value": str(story.chance.randint(30, 600) * 100), "discount": str(discount), "concession": concession,
        "expected_close": (story.at + timedelta(days=21)).strftime("%Y-%m-%d"),
    })
    if discount > 15 or gift:
        if story.often(0.3):
            story.step("do", action="approve_concession", decision="approve")
        story.step("do", by="johanna", action="approve_concession", decision="approve")
    paper = f"{story.deal}.pdf sha256:{story.number:064x}"
    story.step("do", action="send_offer", evidence=paper)
    if story.often(0.45) and story.lose("The offer did not go through"):
        return False
    if story.often(0.08):
        return False
    if story.often(0.15):
        story.step("advance", to="handover")
    if story.often(0.1):
        story.step("back", to="follow_up", reason="Their new director wants to hear it too")
        story.step("advance", to="closing")
    story.step("do", action="sign_contract", evidence=paper)
    story.step("advance", to="handover")
    return True


def deliver(story: Story) -> None:
    """Hand-over, evaluation and after-marketing."""
    story.step("do", action="file_everything", values={"delivery_info": "Deliver to gate 2"}, evidence="All calls are filed")
    if story.often(0.1):
        story.step("advance", to="evaluation")
    story.step("do", by="timo", action="accept_handover", decision="approve")
    story.step("advance", to="evaluation")
    if story.often(0.2):
        return
    answers = {"satisfaction": str(story.chance.randint(6, 10)), "feedback": "Clear and quick"}
    story.step("do", action="ask_feedback", values=answers)
    story.step("do", by="johanna", action="review", evidence="Went by the book")
    story.step("advance", to="after_marketing")
    if story.often(0.25):
        return
    story.step("do", action="check_in", way=story.chance.choice(["call", "visit"]), values={"new_need": story.often(0.3)})
    story.step("finish")


def stories() -> Iterator[Step]:
    """All steps, deal by deal."""
    for number in range(1, DEALS + 1):
        story = Story(number)
        if find(story) and meet(story) and close(story):
            deliver(story)
        yield from story.steps


def main() -> None:
    """Print the steps, oldest first."""
    for step in sorted(stories(), key=lambda step: step["happened"]):
        sys.stdout.write(json.dumps(step, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
