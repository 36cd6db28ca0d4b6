"""The screen of a deal: what was said, what leads on, and values as what they mean."""

import shlex

import pytest

STEPS = [
    ("maija:seller", "do A-1 research company=Acme email=a@acme.example size=small"),
    ("jaana:manager", "waive A-1 fits --reason strategic"),
    ("maija:seller", "advance A-1 offer"),
    ("maija:seller", 'do A-1 quote price=900 discount=12% \'deciders:=[{"name": "Ann", "signs": false}]\''),
    ("jaana:manager", "do A-1 approve --reject --note 'Too much'"),
]


@pytest.fixture
def rejected(office):
    """The office with the discount of A-1 rejected."""
    for who, step in STEPS:
        code, _, complaint = office("--as", who, *shlex.split(step))
        assert code == 0, complaint
    return office


def test_a_rejection_says_why_and_what_leads_on(rejected):
    screen = rejected("status", "A-1")[1]
    assert "Approve (approve): rejected by jaana: Too much" in screen
    assert "rejected: change discount or price, then ask again (manager decides)" in screen
    assert "seller (you): procdef record A-1 discount=... price=..." in screen
    assert "offer.approve rejected: Too much" in rejected("log", "A-1")[1]


def test_another_approval_ends_what_was_said_of_the_rejection(rejected):
    assert rejected("--as", "jaana:manager", "do", "A-1", "approve", "--approve")[0] == 0
    assert "rejected" not in rejected("status", "A-1")[1]


def test_what_an_action_depends_on_is_a_sentence(office):
    for who, step in STEPS[:3]:
        assert office("--as", who, *shlex.split(step))[0] == 0
    assert "depends on discount, which is not filled in" in office("status", "A-1")[1]


def test_values_are_shown_with_unit_and_on_the_clocks_of_the_process(office):
    _, told, _ = office("record", "A-1", "discount=0.2", "price=15", "meeting=2026-11-27T10:00:00+01:00")
    assert told == "A-1: recorded discount=0.2 %, meeting=2026-11-27 11:00 Europe/Helsinki, price=15 EUR\n"
    screen = office("status", "A-1")[1]
    assert "  price     15 EUR\n" in screen
    assert "  discount  0.2 %\n" in screen
    assert "  meeting   2026-11-27 11:00 Europe/Helsinki\n" in screen


def test_a_deal_says_from_which_deal_it_grew(office):
    assert office("start", "office", "B 2", "--from", "A-1")[1] == "B 2: started in lead, grown from A-1\n"
    assert "grew from  A-1" in office("status", "B 2")[1]
    assert "started in lead, grown from A-1" in office("log", "B 2")[1]
