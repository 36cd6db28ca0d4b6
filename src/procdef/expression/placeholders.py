"""Placeholders: what people type into a field so that it is filled in, before they know what belongs there."""

from __future__ import annotations

import unicodedata

from procdef.unsafe_characters import alike


def bare(text: str) -> str:
    """What is left of a text without case, and without spaces and punctuation at its ends; two placeholders are one where
    this is the same.

    Of a text that is nothing but punctuation each sign counts once: ``--`` is ``-``, and ``?`` is another.
    """
    whole = alike(text)
    marks = "".join({sign for sign in whole if sign.isspace() or unicodedata.category(sign)[0] in "PS"})
    return whole.strip(marks) or "".join(sorted({*whole} - {" "}))
