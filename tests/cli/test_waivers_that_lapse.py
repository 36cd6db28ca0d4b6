"""A waiver that ends because a value changed is told with the step that changed it, at once and in the log."""

from __future__ import annotations


def test_a_waiver_that_lapses_is_told_in_the_answer_and_in_the_log(office):
    for step in (
        ("record", "A-1", "company=Acme", "email=a@acme.example", "size=small", "score=40"),
        ("--as", "ida:manager", "waive", "A-1", "offer.fits", "--reason", "they grow"),
    ):
        assert office(*step)[0] == 0
    assert office("record", "A-1", "size=big")[1] == "A-1: recorded size=big\n"
    told = "recorded score=41; the waiver of offer.fits has lapsed"
    assert office("record", "A-1", "score=41")[1] == f"A-1: {told}\n"
    assert told in " ".join(office("log", "A-1")[1].split())
    assert office("record", "A-1", "score=42")[1] == "A-1: recorded score=42\n"
