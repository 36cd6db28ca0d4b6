"""After a rejection ``status`` says what to change, and once that has changed, whose turn it is."""

from __future__ import annotations

OFFERED = (
    ("record", "A-1", "company=Acme", "email=a@acme.example", "size=small", "score=72"),
    ("do", "A-1", "research"),
    ("advance", "A-1", "offer"),
    ("do", "A-1", "quote", "price=1200", "discount=20", 'deciders:=[{"name": "Eva", "signs": true}]'),
)
REJECTED = ("--as", "ida:manager", "do", "A-1", "approve", "--reject", "--note", "too much")


def test_whoever_rejects_is_told_the_way_back(office):
    for step in OFFERED:
        assert office(*step)[0] == 0
    code, told, _ = office(*REJECTED)
    assert (code, told.splitlines()[1]) == (0, "to return it to lead: seller: procdef back A-1 lead --reason ...")
    assert "to return it" not in office("--as", "ida:manager", "do", "A-1", "approve", "--approve")[1]


def test_the_form_of_a_list_shows_all_its_columns(office):
    for step in OFFERED[:3]:
        assert office(*step)[0] == 0
    told = " ".join(office("status", "A-1")[1].split())
    assert 'deciders= rows, as "name ; signs", with a | between them' in told


def test_once_the_offer_has_changed_it_is_for_the_manager_to_decide_again(office):
    for step in (*OFFERED, REJECTED):
        assert office(*step)[0] == 0, office(*step)
    assert "then ask again" in office("status", "A-1")[1]
    assert office("record", "A-1", "discount=15")[0] == 0
    told = office("status", "A-1")[1]
    assert "discount changed since: it is for manager to decide again" in told
    assert "then ask again" not in told
