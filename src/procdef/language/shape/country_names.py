"""Names of countries for the ISO code that stands in a calendar, for those who write the name instead."""

from __future__ import annotations

from procdef.diagnostics import nearest
from procdef.language.shape.suggested_forms import identifier

_AT_HOME = {
    **dict.fromkeys(("suomi", "finnland", "finlande"), "FI"),
    **dict.fromkeys(("espana", "spanien", "espagne"), "ES"),
    **dict.fromkeys(("deutschland", "alemania", "allemagne"), "DE"),
    **dict.fromkeys(("sverige", "ruotsi", "schweden"), "SE"),
    **dict.fromkeys(("norge", "norja", "norwegen"), "NO"),
    **dict.fromkeys(("danmark", "tanska"), "DK"),
    **dict.fromkeys(("nederland", "holland", "the_netherlands"), "NL"),
    **dict.fromkeys(("osterreich", "oesterreich"), "AT"),
    **dict.fromkeys(("schweiz", "suisse", "svizzera"), "CH"),
    **dict.fromkeys(("belgie", "belgique", "belgien"), "BE"),
    **dict.fromkeys(("italia", "italien", "italie"), "IT"),
    **dict.fromkeys(("frankreich", "francia", "frankrijk"), "FR"),
    **dict.fromkeys(("eesti", "viro"), "EE"),
    **dict.fromkeys(("polska", "polen"), "PL"),
    **dict.fromkeys(("brasil",), "BR"),
    **dict.fromkeys(("england", "great_britain", "britain", "scotland", "wales", "uk"), "GB"),
    **dict.fromkeys(("usa", "america", "u_s", "u_s_a"), "US"),
    **dict.fromkeys(("korea",), "KR"),
    **dict.fromkeys(("czech_republic",), "CZ"),
}
"""Names in languages of the countries and of their neighbours; the English ones are those of the package ``holidays``."""


def country_code(written: str) -> str | None:
    """The ISO 3166 code of a country by its name, in English or one of some other languages; None where none comes close."""
    from holidays.registry import COUNTRIES  # only a file with such a name needs it

    known = {name: codes[1] for name, codes in COUNTRIES.items() if len(codes) > 1}
    known |= {other.lower(): codes[1] for codes in COUNTRIES.values() for other in codes[2:]} | _AT_HOME
    bare = identifier(written)
    if len(bare) == 2 and bare.upper() in known.values():
        return bare.upper()
    meant = bare if bare in known else nearest(bare, known) if len(bare) > 3 else None
    return known[meant] if meant else None
