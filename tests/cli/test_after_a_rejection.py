"""After a rejection ``status`` says what to change, and once that has changed, whose turn it is."""

from __future__ import annotations


def test_once_the_offer_has_changed_it_is_for_the_manager_to_decide_again(office):
    manager = ("--as", "ida:manager")
    for step in (
        ("record", "A-1", "company=Acme", "email=a@acme.example", "size=small", "score=72"),
        ("do", "A-1", "research"),
        ("advance", "A-1", "offer"),
        ("do", "A-1", "quote", "price=1200", "discount=20", 'deciders:=[{"name": "Eva", "signs": true}]'),
        (*manager, "do", "A-1", "approve", "--reject", "--note", "too much"),
    ):
        assert office(*step)[0] == 0, office(*step)
    assert "then ask again" in office("status", "A-1")[1]
    assert office("record", "A-1", "discount=15")[0] == 0
    told = office("status", "A-1")[1]
    assert "discount changed since: it is for manager to decide again" in told
    assert "then ask again" not in told
