"""Finds e-mail addresses and phone numbers in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_EMAIL = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})\b")
_PHONE = re.compile(
    r"(?<![\w+.,/-])(?:\+\d|\(?0\d|\(\d{3}\) ?\d|\d{3}[-.]\d{3}[-.]\d{4}(?!\d))[\d ()./-]{0,20}(?<=\d)(?!\w)"
)
_DATE = re.compile(r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})")
_NOBODY = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|org|net))?|invalid|test)", re.IGNORECASE)
_DIGITS = range(8, 16)


SENTENCE = "this text holds what looks like {what}; a definition is kept for good, so name a role instead"
"""What a finding says of it."""


def personal_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind ("a phone number") of what looks like personal data in a text; example domains are left out."""
    for match in _EMAIL.finditer(text):
        if not _NOBODY.fullmatch(match[1]):
            yield match.start(), match.end(), "an e-mail address"
    for match in _PHONE.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        if digits in _DIGITS and not _DATE.match(match[0]):
            yield match.start(), match.end(), "a phone number"
