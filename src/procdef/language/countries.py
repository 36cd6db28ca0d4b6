"""Countries whose holidays are certainly known, so that checking a file need not import ``holidays``."""

from __future__ import annotations

_CODES = """
AD AE AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BN BO BR BS BW BY BZ CA CG CH CL CM CN CO CR CU CW CY CZ DE
DJ DK DM DO DZ EC EE EG ES ET FI FR GA GB GE GH GL GR GT GU HK HN HR HT HU ID IE IL IM IN IR IS IT JE JM JO JP KE KG
KH KN KR KW KZ LA LI LS LT LU LV MA MC MD ME MG MH MK MP MR MT MV MW MX MY MZ NA NG NI NL NO NZ PA PE PG PH PK PL PR
PT PW PY RO RS RU SA SC SE SG SI SK SM SV SZ TD TH TL TN TO TR TW TZ UA UM US UY UZ VA VE VI VN VU WS ZA ZM ZW
"""

COUNTRIES = frozenset(_CODES.split())
"""ISO 3166 codes that the package ``holidays`` knows since the oldest release in use here (0.60); newer ones know more."""
