"""Conditions in words: titles in the place of names, in the order in which they are written."""

from __future__ import annotations

import pytest

from procdef.language import load
from procdef.pages.conditions import Conditions
from procdef.pages.definition_words import WORDS as DEFINITION_WORDS
from procdef.pages.field_types import field_type
from procdef.pages.passages import Words
from procdef.pages.words import WORDS

PROCESS = """\
procdef: 1
id: sales
version: 1
title: {{en: Sales, fi: Myynti}}
languages: [en, fi]
currency: EUR
calendar: {{timezone: Europe/Helsinki}}
roles: {{seller: {{title: Seller}}}}
fields:
  budget:   {{type: money, title: {{en: Budget, fi: Budjetti}}, min: 0.5}}
  discount: {{type: percent, title: {{en: Discount, fi: Alennus}}, max: 40}}
  budget_kind:
    type: choice
    title: {{en: Kind, fi: Laji}}
    options: {{budget: {{title: {{en: Planned, fi: Suunniteltu}}}}, free: {{title: {{en: Free, fi: Vapaa}}}}}}
  rivals:   {{type: choice, many: true, options: [acme, globex]}}
  agreed:   {{type: boolean, title: {{en: Agreed, fi: Sovittu}}}}
  close:    {{type: date, title: {{en: Close, fi: Kauppapäivä}}, min: 2026-01-31}}
  call:     {{type: datetime, min: "2026-01-31T09:00+02:00"}}
  contacts:
    type: list
    title: {{en: Contacts, fi: Yhteydet}}
    items: {{part: {{type: choice, options: [user, decider]}}, fee: {{type: money, required: true}}}}
  mail:     {{type: email}}
scores:
  fit: {{title: {{en: Fit, fi: Sopivuus}}, points: {{a: {{when: agreed, points: 5}}}}}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions: {{send: {{title: {{en: Send it, fi: Lähetä}}}}}}
    exit_criteria: {{c: {{check: {check}}}}}
    next: {{end: null}}
  end: {{title: End, owner: seller, outcome: won}}
"""  # fmt: skip

TABLE = [
    ("budget >= 5000", "Budget ≥ 5 000", "Budjetti ≥ 5 000"),
    ("budget == 0.75", "Budget = 0.75", "Budjetti = 0,75"),
    ("not agreed", "not: Agreed", "ei: Sovittu"),
    ("agreed == false", "Agreed = no", "Sovittu = ei"),
    ("budget_kind == budget", "Kind = Planned", "Laji = Suunniteltu"),
    ("budget_kind in [budget, free]", "Kind is one of (Planned, Free)", "Laji on jokin näistä (Suunniteltu, Vapaa)"),
    ("budget_kind not in [free]", "Kind is none of (Free)", "Laji ei ole mikään näistä (Vapaa)"),
    ("budget_kind == free and budget > 1", "Kind = Free and Budget > 1", "Laji = Vapaa ja Budjetti > 1"),
    ("rivals contains acme", "rivals contains acme", "rivals sisältää: acme"),
    (
        "discount between 5 % and 10 % and agreed",
        "Discount between 5 % and 10 % and Agreed",
        "Alennus on välillä 5 % – 10 % ja Sovittu",
    ),
    ("offer.send is done", "Send it is done", "Lähetä on tehty"),
    (
        "offer.send is not done or close is set",
        "Send it is not done or Close is filled in",
        "Lähetä ei ole tehty tai Kauppapäivä on täytetty",
    ),
    ("close - today <= 14 days", "Close − today ≤ 14 days", "Kauppapäivä − tänään ≤ 14 päivää"),
    ("deal.stage_age < 2 weeks", "time in the stage < 2 weeks", "aika vaiheessa < 2 viikkoa"),
    ("fit >= 5", "Fit ≥ 5", "Sopivuus ≥ 5"),
    (
        "any(contacts where part == decider)",
        "at least one of (Contacts where part = decider)",
        "ainakin yksi: (Yhteydet joista part = decider)",
    ),
    ("sum(contacts.fee) * 2 > budget", "sum of (fee) × 2 > Budget", "summa: (fee) × 2 > Budjetti"),
    (
        "at least 2 of (agreed, budget > 1, close is set)",
        "at least 2 of (Agreed, Budget > 1, Close is filled in)",
        "vähintään 2 näistä: (Sovittu, Budjetti > 1, Kauppapäivä on täytetty)",
    ),
    ("mail contains \"<b>\"", "mail contains \"<b>\"", "mail sisältää: \"<b>\""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "english", "finnish"), TABLE, ids=[each[0] for each in TABLE])
def test_a_condition_in_words(written: str, english: str, finnish: str) -> None:
    quoted = "'" + written.replace("'", "''") + "'"
    definition = load(PROCESS.format(check=quoted))
    check = definition.stages["offer"].exit_criteria["c"].check
    assert check is not None
    for language, said in (("en", english), ("fi", finnish)):
        shown = Conditions(definition, Words(language, WORDS, DEFINITION_WORDS)).say(check)
        assert shown.unescape().replace("\u202f", " ").strip() == said
        assert "<b>" not in shown


TYPES = [
    ("budget", "amount in EUR, 0.5 or more", "rahamäärä (EUR), vähintään 0,5"),
    ("discount", "per cent, 40 or less", "prosenttia, enintään 40"),
    ("budget_kind", "one of: Planned or Free", "jokin näistä: Suunniteltu tai Vapaa"),
    ("rivals", "one or more of: acme or globex", "yksi tai useampi näistä: acme tai globex"),
    ("close", "date, 2026-01-31 or later", "päivämäärä, aikaisintaan 2026-01-31"),
    ("call", "date and time, 2026-01-31 09:00 or later", "päivämäärä ja kellonaika, aikaisintaan 2026-01-31 09:00"),
    (
        "contacts",
        "list: part (one of: user or decider); fee (amount in EUR, always filled in)",
        "luettelo: part (jokin näistä: user tai decider); fee (rahamäärä (EUR), aina täytettävä)",
    ),
    ("mail", "e-mail address, personal data", "sähköpostiosoite, henkilötieto"),
]


@pytest.mark.parametrize(("field", "english", "finnish"), TYPES, ids=[each[0] for each in TYPES])
def test_what_a_field_takes(field: str, english: str, finnish: str) -> None:
    definition = load(PROCESS.format(check="agreed"))
    for language, said in (("en", english), ("fi", finnish)):
        words = Words(language, WORDS, DEFINITION_WORDS)
        assert field_type(definition.fields[field], definition, words).unescape() == said
