"""A single fault in a sound process gives a single finding, at the very character where the fault is (marked « below)."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check

PROCESSES = Path(__file__).parent / "sound"
B2B_SALES = [
    (
        "approval-not-voided",
        "        voided_by: [discount, concession, offer_value]\n      send_offer",
        "        «voided_by: [discount, offer_value]\n      send_offer",
    ),
    ("back-not-earlier", "back: [sales_meeting]", "back: [«closing]"),
    ("back-over-won", "    next: evaluation\n", "    next: evaluation\n    back: [«closing]\n"),
    ("bad-calendar", '{mon-fri: "09:00-17:00"}', '{mon-fri: «"9-17"}'),
    ("bad-calendar", '{mon-fri: "09:00-17:00"}', '{mon-fri: «"17:00-09:00"}'),
    ("bad-calendar", '{mon-fri: "09:00-17:00"}', '{«fri-mon: "09:00-17:00"}'),
    ("bad-duration", "within: 60 days", "within: «3 months"),
    ("bad-duration", "within: 60 days", "within: «three days"),
    ("bad-duration", "within: 60 days", "within: «10 Business days"),
    ("bad-id", "id: b2b-sales\n", "id: «B2B Sales\n"),
    ("bad-id", "id: b2b-sales\n", "id: «2b\n"),
    ("bad-id", "id: b2b-sales\n", "id: «b2b_sales\n"),
    ("check-or-require", "      fits_profile:\n        check: fit_score >= 60\n", "      «fits_profile:\n"),
    (
        "check-or-require",
        "      fits_profile:\n        check: fit_score >= 60\n",
        "      «fits_profile:\n        check: fit_score >= 60\n        require: [fit_score]\n",
    ),
    ("cut-by-yaml", "check: fit_score >= 60", "check: «>= 60"),
    (
        "cut-by-yaml",
        'en: "Research the company again, or ask the manager to waive this"',
        "en: «Research the company again, or ask the manager to waive this",
    ),
    ("cut-by-yaml", '- {en: "Who else is affected by this?", fi:', "- {en: «Who, really?, fi:"),
    ("cut-by-yaml", "fair:      {title: {en: Trade fair, fi: Messut}}", "fair:      {en: «Fair, or show, fi: Messut}"),
    ("cut-by-yaml", "email:      {title: {en: E-mail, fi: Sähköposti}}", "email:      {en: «E-mail, post, fi: Posti}"),
    ("duplicate-id", "trial: {title: {en: Free trial,", "«thank_you: {title: {en: Free trial,"),
    ("duplicate-item", "needs: [prepare]", "needs: [prepare, «prepare]"),
    ("duplicate-item", "require: [company, contact_email]", "require: [company, contact_email, «company]"),
    ("duplicate-item", "languages: [en, fi]", "languages: [en, fi, «en]"),
    (
        "duplicate-key",
        "    owner: seller\n    probability: 5\n",
        "    owner: seller\n    probability: 5\n    «owner: manager\n",
    ),
    (
        "duplicate-key",
        "  seller:   {title: {en: Salesperson, fi: Myyjä}}\n",
        "  seller:   {title: {en: Salesperson, fi: Myyjä}}\n  «seller: {title: {en: Again, fi: Taas}}\n",
    ),
    (
        "duplicate-key",
        "sla: {within: 60 days, escalate_to: manager}",
        'sla: {within: 60 days, «"within": 2 days, escalate_to: manager}',
    ),
    ("empty", "needs: [prepare]", "needs: «[]"),
    ("empty", "title: {en: Follow-up, fi: Seuranta}", 'title: «""'),
    ("empty", "fair:      {title: {en: Trade fair, fi: Messut}}", "fair:      {title: {en: Trade fair, fi: «''}}"),
    ("empty", "title: {en: Follow-up, fi: Seuranta}", "title: {en: Follow-up, fi: «''}"),
    ("encoding", "title: {en: B2B sales, fi: B2B-myynti}", "title: {en: B2B«\u202e sales, fi: B2B-myynti}"),
    ("encoding", "title: {en: B2B sales, fi: B2B-myynti}", "title: {en: B2B«\x07 sales, fi: B2B-myynti}"),
    ("encoding", "# A business-to-business", "# A «\u2066business-to-business"),
    ("expression-syntax", "check: fit_score >= 60", "check: fit_score «= 60"),
    ("expression-syntax", "check: fit_score >= 60", "check: fit_score >= 60 «)"),
    ("expression-syntax", "check: fit_score >= 60", "check: fit_score «/ 2 > 3"),
    (
        "merge-key",
        "    owner: seller\n    probability: 5\n",
        "    «<<: {owner: seller}\n    probability: 5\n    owner: seller\n",
    ),
    (
        "min-over-max",
        "fit_score:      {type: integer, min: 0, max: 100,",
        "fit_score:      {type: integer, min: «101, max: 100,",
    ),
    ("min-over-max", "expected_close: {type: date,", "expected_close: {type: date, min: «2026-12-31, max: 2026-01-01,"),
    ("missing-default-text", "title: {en: Follow-up, fi: Seuranta}", "«title: {fi: Seuranta}"),
    (
        "missing-default-text",
        "prepare: {title: {en: Prepare for the meeting, fi: Valmistaudu tapaamiseen},",
        "prepare: {«title: {fi: Valmistaudu tapaamiseen},",
    ),
    ("missing-default-text", '- {en: "Who else is affected by this?", fi:', "- «{fi:"),
    ("missing-key", "sla: {within: 60 days, escalate_to: manager}", "«sla: {escalate_to: manager}"),
    ("missing-key", "reopen: {by: manager, within: 90 days}", "«reopen: {by: manager}"),
    ("missing-key", "reopen: {by: manager, within: 90 days}", "«reopen: {within: 90 days}"),
    ("missing-unit", "check: fit_score >= 60", "check: discount > «15"),
    ("missing-unit", "check: fit_score >= 60", "check: deal.age > «5"),
    ("missing-unit", "check: fit_score >= 60", "check: expected_close - today < «14"),
    ("mixed-and-or", "check: fit_score >= 60", "check: fit_score >= 60 and decision_maker «or new_need"),
    ("needs-cycle", "prepare: {title:", "prepare: {needs: «prepare, title:"),
    ("needs-deadlock", "needs: [prepare]", "needs: [prepare, «closing.send_offer]"),
    ("newer-language", "procdef: 1\n", "procdef: «2\n"),
    (
        "no-owner",
        "  after_marketing:\n    title: {en: After-marketing, fi: Jälkimarkkinointi}\n    owner: seller\n",
        "  «after_marketing:\n    title: {en: After-marketing, fi: Jälkimarkkinointi}\n",
    ),
    ("not-text-key", "  note: required\n", "  note: required\n  «1: x\n"),
    (
        "not-text-key",
        "    no_need:     {title: {en: No need, fi: Ei tarvetta}}",
        "    «true:     {title: {en: No need, fi: Ei tarvetta}}\n    no_need: {title: {en: No need, fi: Ei tarvetta}}",
    ),
    ("out-of-range", "probability: 60", "probability: «160"),
    ("out-of-range", "probability: 60", "probability: «-1"),
    ("out-of-range", "hit_rate: 30", "hit_rate: «130"),
    ("personal-data", "# A business-to-business sales process", "# Questions: «matti.meikalainen@firma.fi. A process"),
    ("personal-data", "roles:\n", "roles:   # call «+358 40 123 4567\n"),
    (
        "reason-overruled",
        "handover: {title: {en: The customer accepts, fi: Asiakas hyväksyy}}",
        "handover: {«reason: optional, unfinished: allowed, title: {en: The customer accepts, fi: Asiakas hyväksyy}}",
    ),
    (
        "reason-overruled",
        "handover: {title: {en: The customer accepts, fi: Asiakas hyväksyy}}",
        "handover:\n        unfinished: allowed\n        «reason: optional",
    ),
    ("reserved-id", "      review: {title", "      «done: {title"),
    ("self-transition", "next: follow_up", "next: [follow_up, «sales_meeting]"),
    ("self-transition", "back: [follow_up]", "back: [follow_up, «closing]"),
    ("cut-by-yaml", "title: {en: Booking the meeting,", 'title: {en: "Booking «\\: the meeting",'),
    ("cut-by-yaml", "check: fit_score >= 60", 'check: "need contains «\\d"'),
    ("syntax", "roles:\n", "roles:\n «\tx: 1\n"),
    ("type-mismatch", "check: fit_score >= 60", "check: «company >= 60"),
    ("type-mismatch", "check: fit_score >= 60", "check: «discount >= fit_score"),
    ("type-mismatch", "check: fit_score >= 60", "check: «fit_score"),
    ("unknown-action", "needs: [prepare]", "needs: [«prep]"),
    ("unknown-action", "needs: [send_offer]", "needs: [«closing.send_ofer]"),
    ("unknown-action", "needs: [send_offer]", "needs: [send_offer, «price_it]"),
    ("unknown-country", "holidays: FI", "holidays: «XX"),
    ("unknown-country", "holidays: FI", "holidays: «Finland"),
    ("unknown-country", "holidays: FI", "holidays: «fi"),
    ("unknown-currency", "currency: EUR", "currency: «EURO"),
    ("unknown-currency", "currency: EUR", "currency: «EUX"),
    ("unknown-currency", "currency: EUR", "currency: «eur"),
    ("unknown-field", "records: [new_need]", "records: [«new_needs]"),
    (
        "unknown-field",
        "voided_by: [discount, concession, offer_value]\n        evidence",
        "voided_by: [discount, «conces, offer_value]\n        evidence",
    ),
    (
        "unknown-field",
        "voided_by: [discount, concession, offer_value]\n      send_offer",
        "voided_by: [«discont, concession, offer_value]\n      send_offer",
    ),
    ("unknown-field", "require: [company, contact_email]", "require: [company, «email]"),
    ("unknown-key", "    entry_criteria:\n      fits_profile", "    «entry_critera:\n      fits_profile"),
    ("unknown-key", "lost:\n  reasons", "«loss:\n  reasons"),
    ("unknown-key", "evidence: document\n        milestone: offer", "evidence: document\n        «milestones: offer"),
    ("unknown-key", "fair:      {title: {", "fair:      {«help: Where, title: {"),
    ("unknown-key", "no_need:     {title: {", "no_need:     {«titel: None, title: {"),
    ("unknown-key", "goals:\n  hit_rate", "«gaols:\n  hit_rate"),
    ("unknown-key", "deal: {value: offer_value,", "«deel: {value: offer_value,"),
    ("unknown-key", "currency: EUR", "«curency: EUR"),
    ("unknown-key", "calendar: {timezone", "«calender: {timezone"),
    ("unknown-key", "next: follow_up", "«nxt: follow_up"),
    (
        "unknown-key",
        "call:    {title: {en: Phone call, fi: Puhelu}}\n    optional_actions:\n",
        "call:    {title: {en: Phone call, fi: Puhelu}}\n        needs: trial\n    «optional_action:\n",
    ),
    ("unknown-key", "    outcome: won\n", "    «outcom: won\n"),
    (
        "unknown-language",
        "title: {en: Follow-up, fi: Seuranta}",
        "title: {en: Follow-up, fi: Seuranta, «sv: Uppföljning}",
    ),
    ("unknown-language", "title: {en: Follow-up, fi: Seuranta}", "title: {en: Follow-up, fi: Seuranta, «Finnish: x}"),
    ("unknown-language", "languages: [en, fi]", "languages: [en, fi, «English]"),
    ("unknown-name", "check: fit_score >= 60", "check: «fitscore >= 60"),
    ("unknown-name", "check: fit_score >= 60", "check: fit_score >= 60 and «x is set"),
    ("unknown-name", "check: fit_score >= 60", "check: '«fitscore >= 60'"),
    ("unknown-option", "check: fit_score >= 60", "check: source == «fairs"),
    ("unknown-option", "check: fit_score >= 60", "check: source in [fair, «web]"),
    ("unknown-option", "check: fit_score >= 60", 'check: source == «"Trade fair"'),
    ("unknown-role", "by: manager\n        when", "by: «boss\n        when"),
    ("unknown-role", "assign_by: manager", "assign_by: «managers"),
    ("unknown-role", "correct_by: manager", "correct_by: [manager, «admin]"),
    ("unknown-stage", "next: booking", "next: «bookings"),
    ("unknown-stage", "back: [sales_meeting]", "back: [«sales]"),
    ("unknown-time-zone", "Europe/Helsinki", "«Europe/Helsinky"),
    ("unknown-time-zone", "Europe/Helsinki", "«../../etc/passwd"),
    ("unknown-time-zone", "Europe/Helsinki", "«EET+2"),
    ("unknown-word", "note: required\n", "note: «yes\n"),
    ("unknown-word", "type: choice\n    title: {en: Where", "type: «enum\n    title: {en: Where"),
    ("unknown-word", "contact_email:  {type: email,", "contact_email:  {type: «mail,"),
    ("unused-field", "  new_need:  ", "  «newer_need: {type: boolean, title: {en: x, fi: y}}\n  new_need:  "),
    ("unused-ignore", "    owner: [seller, manager]\n", "    owner: [seller, manager]  «# procdef: ignore[no-owner]\n"),
    ("unused-role", "  delivery: {title", "  «clerk: {title: {en: x, fi: y}}\n  delivery: {title"),
    ("wrong-field-type", "deal: {value: offer_value,", "deal: {value: «discount,"),
    ("wrong-field-type", "close: expected_close,", "close: «meeting_at,"),
    ("wrong-field-type", "median_offer: {field: offer_value,", "median_offer: {field: «source,"),
    ("wrong-type", "version: 1\n", "version: «one\n"),
    ("wrong-type", "version: 1\n", "version: «1.0\n"),
    ("wrong-type", "email:      {title: {en: E-mail, fi: Sähköposti}}", "email:      {title: «5}"),
    ("wrong-type", "languages: [en, fi]", "languages: [en, «7]"),
    ("unknown-language", "languages: [en, fi]", "languages: [«EN, fi]"),
    ("wrong-type", "currency: EUR", "currency: «[EUR]"),
    (
        "wrong-type",
        'calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}',
        "calendar: «Europe/Helsinki",
    ),
    ("wrong-type", "next: booking", "next: {booking: {}, nowhere: «Nowhere}"),
    ("unknown-key", "next: booking", "next: {booking: {}, nowhere: {«titel: Nowhere}}"),
    ("wrong-type", "version: 1\n", "version: «'1'\n"),
]
SAAS_INBOUND = [
    ("cut-by-yaml", "when: discount > 20 %", 'when: «"x" == account'),
    ("duplicate-id", "has_champion:\n        check:", "«reachable:\n        check:"),
    ("merge-key", "sla: {within: 4 business hours,", "sla: {«<<: {x: 1}, within: 4 business hours,"),
    ("min-over-max", "part: {type: choice,", "age: {type: integer, min: «9, max: 2}\n      part: {type: choice,"),
    ("not-text-key", "goals:\n", "goals:\n  «null: 3\n"),
    ("reserved-id", "name: {type: text}", "«count: {type: text}"),
    ("unknown-key", "part: {type: choice", "part: {«typ: choice"),
    ("unknown-stage", "back: trial\n", "back: «tiral\n"),
    ("unknown-tag", "hit_rate: 35", "hit_rate: «!percent 35"),
    ("unknown-tag", "hit_rate: 35", "hit_rate: «!!python/object:os.system 35"),
    ("unknown-tag", "close: close_date", "close: «!field close_date"),
]
CRM_OPPORTUNITIES = [
    ("needs-calendar", "    start: true\n", "    start: true\n    sla: {within: «2 business days}\n"),
    ("needs-calendar", "    start: true\n", "    start: true\n    sla: {within: 2 days, remind: «3 business hours}\n"),
    ("reserved-id", "choose_product: {title", "«first: {title"),
]
FAULTS = [
    (name, *fault)
    for name, faults in [
        ("b2b-sales", B2B_SALES),
        ("saas-inbound", SAAS_INBOUND),
        ("crm-opportunities", CRM_OPPORTUNITIES),
    ]
    for fault in faults
]


@pytest.mark.parametrize(
    ("name", "code", "sound", "faulty"), FAULTS, ids=[f"{fault[1]}-{fault[3]}" for fault in FAULTS]
)
def test_a_single_fault_gives_a_single_finding_at_its_place(name: str, code: str, sound: str, faulty: str) -> None:
    text = (PROCESSES / f"{name}.yaml").read_text("utf-8")
    assert text.count(sound) == 1
    marked = text.replace(sound, faulty)
    before = marked[: marked.index("«")]
    found = [(finding.code, finding.span.line, finding.span.column) for finding in check(marked.replace("«", ""))]
    assert [(code, before.count("\n") + 1, len(before) - before.rfind("\n"))] == found
