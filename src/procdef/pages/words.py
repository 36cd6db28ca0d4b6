"""The words that every page has, by language. What a page says beyond them stands beside that page, in a table like this."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the content",
        "contents": "Contents",
        "about_this_page": "About this page",
        "made_by": "Made by",
        "personal": "This page holds personal data. Handle it as such, and delete it when it is no longer needed.",
        "search": "Search this page",
        "found": "found",
        "nothing_found": "Nothing found",
        "done": "done",
        "table": "Table",
        "or": "or",
        "and": "and",
    },
    "fi": {
        "skip": "Siirry sisältöön",
        "contents": "Sisältö",
        "about_this_page": "Tietoja sivusta",
        "made_by": "Sivun teki",
        "personal": "Sivulla on henkilötietoja. Käsittele sitä sen mukaan ja poista se, kun sitä ei enää tarvita.",
        "search": "Hae sivulta",
        "found": "löytyi",
        "nothing_found": "Ei osumia",
        "done": "tehty",
        "table": "Taulukko",
        "or": "tai",
        "and": "ja",
    },
}
