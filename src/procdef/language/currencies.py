"""The ISO 4217 codes of currencies."""

from __future__ import annotations

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""

CURRENCIES = frozenset(_CODES.split())
"""ISO 4217, list one: the active codes, without those of funds (but Chile's CLF), metals and tests."""

_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
WHOLE = frozenset(_WHOLE.split())
"""The currencies without decimals."""
_DECIMALS = {**dict.fromkeys(WHOLE, 0), **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3), "CLF": 4}


def decimals_of(currency: str) -> int:
    """How many decimals amounts of a currency have (ISO 4217, minor unit), two where the code is not known."""
    return _DECIMALS.get(currency, 2)

_NOW_EUROS = "ATS BEF BGN CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK XEU"
_REPLACED = {
    **dict.fromkeys(_NOW_EUROS.split(), "EUR"),
    **{"ANG": "XCG", "BYR": "BYN", "CUC": "CUP", "GHC": "GHS", "MRO": "MRU", "ROL": "RON", "RUR": "RUB", "SLL": "SLE"},
    **{"STD": "STN", "TRL": "TRY", "VEF": "VES", "ZWL": "ZWG", "AZM": "AZN", "MZM": "MZN", "SDD": "SDG", "ZMK": "ZMW"},
}
_CALLED = {
    **dict.fromkeys(["\u20ac", "EURO", "EUROS"], "EUR"),
    **dict.fromkeys(["$", "US$", "DOLLAR", "DOLLARS", "US DOLLAR"], "USD"),
    **dict.fromkeys(["\u00a3", "POUND", "POUNDS", "STERLING"], "GBP"),
    **dict.fromkeys(["YEN"], "JPY"),
}


def currency_meant(written: str) -> str | None:
    """The code of the currency that was likely meant, or that has replaced an older one; None where that is not certain."""
    code = written.strip().upper()
    found = _REPLACED.get(code) or _CALLED.get(code) or (code if code in CURRENCIES else None)
    if found is not None or len(code) != 3:
        return found
    swapped = [known for known in sorted(CURRENCIES) if sorted(known) == sorted(code) and known[0] == code[0]]
    return swapped[0] if swapped else None
