#!/usr/bin/env python3
"""Write the demonstration deals, the same ones every time; steps that the process refuses are part of the story.

python3 tools/make_demo_steps.py > processes/demo.steps.jsonl
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Step = dict[str, Any]
SEED = 20240305
DEALS = 300
FIRST = datetime(2024, 3, 5, 7, tzinfo=UTC)
LAST = datetime(2025, 9, 9, 16, tzinfo=UTC)  # what would happen later is not told: those deals are open
FAIR = 120
"""Days from one trade fair to the next."""
TOWNS = ["Turku", "Oulu", "Lahti", "Vaasa", "Kuopio", "Pori", "Espoo", "Kotka"]
TRADES = {
    "Konepaja": "engineering", "Logistiikka": "logistics", "Kiinteistöt": "property", "Elintarvike": "food",
    "Energia": "energy", "Painotalo": "printing",
}  # fmt: skip
NEEDS = ["Fewer manual orders", "One list of stock for all sites", "Invoices without typing", "Quicker answers to customers"]
SELLERS = ["maija", "pekka", "aino"]
ROLES = {**dict.fromkeys(SELLERS, "seller"), "johanna": "manager", "kaisa": "manager", "timo": "delivery"}


class Story:
    """The steps of one deal, hours to days apart."""

    def __init__(self, number: int, at: datetime, origin: Story | None = None) -> None:
        self.chance = random.Random(SEED + number)
        self.number = number
        self.deal = f"B2B-{number:03}"
        self.seller = origin.seller if origin else self.chance.choice(SELLERS)
        self.origin = origin
        self.at = at
        self.steps: list[Step] = []
        name = f"{self.chance.choice(TOWNS)} {self.chance.choice(list(TRADES))} {number} Oy"
        self.company = origin.company if origin else name
        self.next: Story | None = None

    def step(self, do: str, by: str | None = None, **arguments: Any) -> None:
        """Add a step, by the deal's seller unless told otherwise."""
        person = by or self.seller
        self.steps.append({
            "happened": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": person, "roles": [ROLES[person]],
            "deal": self.deal, "do": do, **arguments, "request": f"{self.deal}-{len(self.steps) + 1:02}",
        })
        self.wait(timedelta(minutes=self.chance.randint(30, 4000)))

    def maybe(self, share: float, do: str, by: str | None = None, **arguments: Any) -> None:
        """A step in this share of the deals; most of these are mistakes, which the process refuses."""
        if self.often(share):
            self.step(do, by, **arguments)

    def wait(self, time: timedelta) -> None:
        """Go on that much later, in working hours."""
        self.at += time
        if not 6 <= self.at.hour < 15:
            self.at = self.at.replace(hour=self.chance.randint(6, 14)) + timedelta(days=1)
        while self.at.weekday() > 4:
            self.at += timedelta(days=1)

    def risk(self) -> float:
        """How likely an offer is lost: large ones are, and those whose price is said to be too high; discounts help little."""
        met = {step.get("objection") for step in self.steps}
        dear = 0.15 * ("too_expensive" in met) + 0.2 * ("better_offer" in met)
        large = 0.15 * (int(self.last("offer_value")) > 30000)
        return 0.4 + dear + large - 0.04 * (5 <= int(self.last("discount")) <= 12)

    def last(self, field: str) -> Any:
        """What was recorded last for a field."""
        return [step["values"][field] for step in self.steps if field in step.get("values", ())][-1]

    def often(self, share: float) -> bool:
        """True with this probability."""
        return self.chance.random() < share

    def day(self, days: int) -> str:
        """The date so many days from now."""
        return (self.at + timedelta(days=days)).strftime("%Y-%m-%d")

    def lose(self, note: str, *reasons: str) -> bool:
        """Lose the deal for one of these reasons; some are reopened. True when it stays lost."""
        reason = self.chance.choice(reasons)
        self.maybe(0.08, "lose", reason=reason)  # without a note
        self.maybe(0.04, "lose", reason="too_expensive", note=note)  # not a reason of this process
        self.step("lose", reason=reason, note=note)
        self.maybe(0.06, "advance")  # a lost deal goes nowhere
        if self.often(0.15):
            self.maybe(0.2, "reopen", reason="They called back")  # only the manager may
            self.step("reopen", by="johanna", reason="They called back")
            return False
        if self.often(0.04):
            self.wait(timedelta(days=100))
            self.step("reopen", by="johanna", reason="A new director")  # more than 90 days later
        return True

    def give_up(self) -> bool:
        """Let a deal lie; most are lost in the end, the others lie still. False, as nothing more comes of it."""
        self.wait(timedelta(days=self.chance.randint(35, 80)))
        if self.often(0.75):
            self.lose("No answer to three calls", "no_response")
        return False

    def hand_to_another(self) -> None:
        """Give the deal to another salesperson."""
        other = self.chance.choice([name for name in SELLERS if name != self.seller])
        self.step("assign", by="johanna", person=other)
        self.seller = other


def profile(story: Story, fits: bool) -> dict[str, Any]:
    """What the score of a company is made of: 60 points or more where it fits, fewer where it does not."""
    trade = TRADES[story.company.split()[1]]
    known = trade in ("engineering", "logistics", "food", "energy")
    able = fits if not known else story.often(0.7)  # where the trade brings no points, these make up for it
    return {
        "line_of_business": trade, "employees": story.chance.randint(20, 500) if fits else story.chance.randint(3, 19),
        "has_problem": fits, "can_buy": able,
    }  # fmt: skip


def find(story: Story) -> None:
    """Prospecting, or a ready lead; ends in booking."""
    fits = story.origin is not None or story.often(0.9)
    lead = {
        "company": story.company, "contact_name": f"Contact {story.number}",
        "contact_email": f"contact{story.number}@customer.example", **profile(story, fits),
        "source": "customer" if story.origin else story.chance.choice(["fair", "directory", "referral", "research"]),
    }
    if story.origin:
        story.step("start", stage="booking", values=lead, **{"from": story.origin.deal})
        return
    if fits and story.often(0.3):
        story.maybe(0.1, "start", values=lead)  # two stages to start in, none named
        story.step("start", stage="booking", values=lead)
        return
    if not fits:
        story.maybe(0.2, "start", stage="booking", values=lead)  # does not fit the profile
    story.step("start", stage="prospecting", values={"company": story.company})
    story.maybe(0.1, "advance", to="booking")  # nothing is known yet
    way = story.chance.choice(["market_research", "acquired_lead"])
    story.maybe(0.05, "do", action="research_company", values=lead)  # how, is not said
    story.maybe(0.04, "do", action="research_company", way=way, values={**lead, "employees": 0})
    story.maybe(0.03, "do", action="research_company", way=way, values={**lead, "contact_email": "customer.example"})
    story.maybe(0.03, "record", values={"contact_mail": lead["contact_email"]})  # no such field
    story.step("do", action="research_company", way=way, values=lead)
    if not fits:
        story.step("advance", to="booking")  # refused: does not fit
        story.maybe(0.2, "waive", criterion="booking.fits_profile", reason="I like them")  # not the seller's to waive
        if story.often(0.5):
            story.step("lose", reason="no_need", note="Too far from our profile")
            return
        story.maybe(0.2, "waive", by="johanna", criterion="booking.fits_profile")  # without a reason
        story.step("waive", by="johanna", criterion="booking.fits_profile", reason="Sister company of a good customer")
    else:
        story.maybe(0.04, "waive", by="johanna", criterion="booking.fits_profile", reason="To be sure")  # it is met
    story.step("advance", to="booking")


def book(story: Story) -> bool:
    """Agree on a meeting; True when there is one."""
    if story.steps[-1]["do"] == "lose":
        return False
    if story.often(0.06):
        story.hand_to_another()
    story.maybe(0.03, "note", note="They are busy this month", kind="call", objection="to_busy")  # misspelt
    for _ in range(story.chance.randint(0, 2)):
        story.step("note", note="Rang; call again on Thursday", kind="call")
    story.maybe(0.3, "note", note="They are busy this month", kind="call", objection="too_busy")
    story.maybe(0.1, "note", note="They want to read first", kind="call", objection="send_email")
    if story.often(0.22) and story.lose("No meeting to be had", "no_need", "no_response", "no_response"):
        return False
    meeting = {"meeting_at": (story.at + timedelta(days=story.chance.randint(3, 9))).strftime("%Y-%m-%dT09:00:00Z")}
    way = story.chance.choice(["cold_call", "email", "networking"])
    story.maybe(0.06, "do", action="first_contact", way=way, values=meeting)  # what was said, is not written down
    story.maybe(0.03, "do", action="hold_meeting", evidence="By phone")  # an action of the next stage
    story.step("do", action="first_contact", way=way, values=meeting, evidence="Agreed on a meeting")
    story.maybe(0.03, "advance", to="closing")  # no such way
    story.step("advance", to="sales_meeting")
    return True


def meet(story: Story) -> None:
    """The meeting."""
    story.maybe(0.05, "do", action="hold_meeting", evidence="Went well")  # unprepared, and nothing is recorded
    story.step("do", action="prepare", evidence="Read the log and their last report")
    if story.often(0.08):
        story.step("advance", to="follow_up")  # the meeting is still ahead
    story.wait(max(timedelta(), datetime.fromisoformat(story.last("meeting_at")) - story.at) + timedelta(hours=2))
    found = {"need": story.chance.choice(NEEDS), "requirements": "Works with their accounting; in use within a quarter",
             "decision_maker": story.often(0.6)}  # fmt: skip
    story.step("do", action="hold_meeting", values=found, evidence="They lose two days a week to it")
    story.maybe(0.25, "note", note="They have a supplier", kind="meeting", objection="has_supplier")
    story.maybe(0.08, "note", note="They want a bigger house", kind="meeting", objection="too_small")
    story.step("advance", to="follow_up")


def follow(story: Story) -> bool:
    """The follow-up; True when an offer is asked for."""
    if story.often(0.1):
        story.maybe(0.4, "back", to="sales_meeting")  # without a reason
        story.step("back", to="sales_meeting", reason="A second meeting with their production")
        story.step("advance", to="follow_up")
    story.step("do", action="thank_you", way=story.chance.choice(["message", "email", "call"]))
    if story.often(0.25):
        story.step("do", action="trial", values={"trial_until": story.day(days := story.chance.randint(7, 21))})
        story.maybe(0.3, "advance", to="closing")  # the trial is still running
        if story.often(0.1):
            story.step("waive", by="johanna", criterion="trial_over", reason="They have seen enough")
        else:
            story.wait(timedelta(days=days + 1))
    elif story.often(0.15):
        story.maybe(0.3, "do", action="demonstration", evidence="shown on Tuesday")  # a link is asked for
        story.step("do", action="demonstration", evidence=f"https://intra.example/demonstrations/{story.number}")
    story.wait(timedelta(days=story.chance.randint(2, 18)))  # here deals stall
    story.maybe(0.1, "note", note="Not before the budget of next year", kind="call", objection="not_now")
    if story.often(0.18) and story.lose("Cooled down after the meeting", "no_budget", "no_response", "no_need"):
        return False
    if not story.last("decision_maker"):
        story.step("advance", to="closing")  # nobody knows who decides
        story.maybe(0.3, "advance", to="closing")  # and still nobody does
        story.wait(timedelta(days=story.chance.randint(1, 12)))
        if story.often(0.15) and story.lose("Nobody there could decide", "no_response"):
            return False
        if story.often(0.12):
            story.step("waive", by="johanna", criterion="decision_maker_known", reason="The owner signs everything there")
        else:
            story.step("record", values={"decision_maker": True})
    story.maybe(0.2, "note", note="The board meets next week", kind="email", objection="think_about_it")
    if story.often(0.08):
        return story.give_up()
    story.step("advance", to="closing")
    return True


def offer(story: Story) -> None:
    """Price it, have the concession approved, send it."""
    discount = story.chance.choice([0, 0, 5, 5, 10, 12, 18, 25])
    concession = story.chance.choice(["gift", "special_price"]) if story.often(0.12) else "discount" if discount else "none"
    terms = {
        "offer_value": str(story.chance.randint(30, 600) * 100), "discount": str(discount), "concession": concession,
        "valid_until": story.day(45), "expected_close": story.day(21),
    }
    paper = f"{story.deal}.pdf sha256:{story.number:064x}"
    story.maybe(0.04, "advance", to="handover")  # nothing is done yet
    story.maybe(0.05, "do", action="send_offer", evidence=paper)  # not priced
    story.maybe(0.05, "do", action="price_offer", values={**terms, "discount": "55"})  # above all limits
    story.step("do", action="price_offer", values=terms)
    conceded, approver = discount > 15 or concession not in ("none", "discount"), "johanna"
    if conceded:
        story.maybe(0.3, "do", action="approve_concession", decision="approve")  # not by the seller
        story.maybe(0.2, "do", action="send_offer", evidence=paper)  # not approved
        if story.often(0.25):
            story.maybe(0.4, "do", by="johanna", action="approve_concession", decision="reject")  # without saying why
            story.step("do", by="johanna", action="approve_concession", decision="reject", note="What do we get for it?")
            story.step("do", action="price_offer", values={**terms, "discount": str(discount // 2)})
        if story.often(0.15):
            story.step("assign", by="johanna", person="johanna")
            story.step("do", by="johanna", action="approve_concession", decision="approve")  # not on a deal of her own
            approver = "kaisa"
        story.step("do", by=approver, action="approve_concession", decision="approve")
    else:
        story.maybe(0.05, "do", by="johanna", action="approve_concession", decision="approve")  # nothing to approve
    story.step("do", action="send_offer", evidence=paper)
    if story.often(0.12):  # they bargain: what was approved and sent is void
        story.step("record", values={"offer_value": str(int(terms["offer_value"]) * 9 // 10)})
        if conceded:
            story.step("do", by=approver, action="approve_concession", decision="approve")
        story.step("do", action="send_offer", evidence=paper)
    story.maybe(0.25, "note", note="They compare us with the price of doing nothing", kind="call", objection="too_expensive")
    story.maybe(0.12, "note", note="The other offer is 2,000 lower", kind="email", objection="better_offer")
    while story.often(0.28):  # it takes longer than was thought
        story.wait(timedelta(days=story.chance.randint(4, 9)))
        story.step("record", values={"expected_close": story.day(story.chance.randint(14, 35))})


def close(story: Story) -> bool:
    """From the offer to the signature; True when the deal is won."""
    offer(story)
    story.wait(timedelta(days=story.chance.randint(1, 8)))
    if story.often(story.risk()) and story.lose("The offer did not go through", "competitor", "competitor", "no_budget"):
        return False
    if story.often(0.06):
        return story.give_up()
    story.maybe(0.12, "advance", to="handover")  # not signed
    if story.often(0.1):
        story.step("back", to="follow_up", reason="Their new director wants to hear it too")
        story.step("advance", to="closing")
    if story.often(0.1):
        story.wait(timedelta(days=50))
        story.step("advance", to="handover")  # not signed, and the offer has run out
        if story.often(0.5):
            story.step("waive", by="johanna", criterion="offer_valid", reason="Their holidays; the price stands")
        else:
            story.step("record", values={"valid_until": story.day(14)})
    story.maybe(0.06, "do", action="sign_contract")  # no document
    story.step("do", action="sign_contract", evidence=f"{story.deal}-contract.pdf sha256:{story.number + 1000:064x}")
    story.step("advance", to="handover")
    return True


def hand_over(story: Story) -> bool:
    """Hand-over; True when delivery has accepted."""
    details = {"conversations_filed": True, "delivery_contact": f"Foreman {story.number}", "delivery_date": story.day(30)}
    details["delivery_info"] = "Deliver to gate 2, weekdays before noon"
    story.maybe(0.15, "advance", to="evaluation")  # nothing is filed
    if story.often(0.06):
        story.step("record", values={"offer_value": "1000"})  # the gate is shut behind the offer
        signed = {"offer_value": str(story.chance.randint(30, 600) * 100)}
        story.maybe(0.5, "record", by="johanna", values=signed, correct=True, reason="The contract says otherwise")
    if story.often(0.25):
        story.step("do", action="file_everything", values={**details, "conversations_filed": False}, evidence="Calls are filed")
        story.step("do", by="timo", action="accept_handover", decision="reject", note="The e-mails about the site are missing")
        story.maybe(0.5, "advance", to="evaluation")  # not accepted
    story.step("do", action="file_everything", values=details, evidence="All calls, e-mails and notes are filed")
    story.maybe(0.08, "do", action="accept_handover", decision="approve")  # delivery's to accept
    if story.often(0.04):
        story.step("lose", reason="withdrew", note="The works council stopped it")
        return False
    story.step("do", by="timo", action="accept_handover", decision="approve")
    story.step("advance", to="evaluation")
    return True


def evaluate(story: Story) -> bool:
    """Feedback and review; True when the deal goes on to after-marketing."""
    if story.often(0.1):
        return False
    satisfied = story.chance.choice([3, 5, 6, 7, 8, 8, 9, 9, 10, 10])
    answers = {"satisfaction": str(satisfied), "feedback": "Clear and quick" if satisfied > 5 else "The waiting was long"}
    story.maybe(0.08, "do", by="johanna", action="review", evidence="Went by the book")  # the customer was not asked
    story.wait(timedelta(days=story.chance.randint(5, 20)))
    story.step("do", action="ask_feedback", values=answers)
    if satisfied < 6:
        story.maybe(0.4, "advance", to="after_marketing")  # the manager has not called
        story.step("do", by="johanna", action="call_back", evidence="A person of their own to call from now on")
    story.step("do", by="johanna", action="review", evidence="Went by the book")
    story.step("advance", to="after_marketing")
    return True


def keep_in_touch(story: Story, number: int) -> None:
    """After-marketing; a new need starts the deal of that number."""
    if story.often(0.15):
        return
    story.wait(timedelta(days=story.chance.randint(10, 40)))
    story.maybe(0.1, "finish")  # nobody has asked the customer
    agreed, need = story.often(0.85), story.often(0.35)
    story.step("do", action="check_in", way="visit" if agreed else "call", values={"all_as_agreed": agreed, "new_need": need})
    if not agreed:
        story.step("do", by="timo", action="put_right", evidence="Delivered the missing part")
    if need:
        story.maybe(0.2, "finish")  # the new deal is not started
        story.next = Story(number, story.at, story)
        story.wait(timedelta(days=1))
        story.step("do", action="start_new_deal", evidence=story.next.deal)
    story.step("finish")
    story.maybe(0.05, "advance")  # it is over


def tell(story: Story, number: int) -> list[Step]:
    """What happens to one deal before the last day; ``number`` is free for one that grows out of it."""
    find(story)
    if book(story):
        meet(story)
        if follow(story) and close(story) and hand_over(story) and evaluate(story):
            keep_in_touch(story, number)
    last = LAST.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [step for step in story.steps if step["happened"] <= last]


def begins(number: int) -> int:
    """After how many days a deal begins: more of them as time goes by, and most in the weeks after a trade fair."""
    day = (22000 * number - 13 * number * number) // 10000
    return max(0, day - round(FAIR / 2 / 3.1416 * math.sin(2 * math.pi * day / FAIR)))


def stories() -> Iterator[Step]:
    """All steps, deal by deal."""
    number = DEALS + 1
    waiting = [Story(k, FIRST + timedelta(days=begins(k), hours=k % 7)) for k in range(1, DEALS + 1)]
    while waiting:
        story = waiting.pop(0)
        if story.at > LAST:
            continue
        yield from tell(story, number)
        if story.next is not None:
            waiting.append(story.next)
            number += 1


if __name__ == "__main__":
    for step in sorted(stories(), key=lambda step: step["happened"]):
        sys.stdout.write(json.dumps(step, ensure_ascii=False) + "\n")
