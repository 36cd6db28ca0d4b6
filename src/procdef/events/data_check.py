"""Whether the data of an event holds the kinds of values that its type declares, once its personal values are back in their
places. Which keys there are, ``known_keys`` tells; what the values may be, the meaning."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from procdef.events.known_keys import unknown_data
from procdef.events.types import EVENT_TYPES
from procdef.events.value_kinds import Fit
from procdef.log.envelope import faults, well_formed
from procdef.log.format import FORMAT


class Form(NamedTuple):
    """``needed`` are the keys that are never absent: what is personal may have been erased, so none of that is among them."""

    needed: tuple[str, ...]
    fits: Mapping[str, Fit]


FORMS: Mapping[str, Form] = {
    kind.name: Form(
        tuple(key.name for key in kind.keys if key.needed and not key.private),
        {key.name: key.kind.fits for key in kind.keys},
    )
    for kind in EVENT_TYPES
}
"""By type of event."""


def is_shaped(event: Mapping[str, Any]) -> bool:
    """Whether an event, with its personal values in place, has the envelope of one and the data of its type, or something that
    only a later procdef reads."""
    kind, stream = event.get("type"), event.get("stream")
    if type(kind) is not str or type(stream) is not str or not (well_formed(event) or next(faults(event), None) is None):
        return event.get("v") != FORMAT
    return misshapen(kind, event["data"], event.get("private", ())) is None or unknown_data(event) is not None


def misshapen(kind: str, data: Mapping[str, Any], sealed: Container[str] = ()) -> str | None:
    """The first key of the data of an event of this type that is missing, or holds another kind of value; types and keys
    that are not known are passed over. What is said to be a personal value, at the pointers ``sealed``, may be gone."""
    form = FORMS.get(kind)
    if form is None:
        return None
    needed, fits = form
    for key in needed:
        if key not in data and f"/{key}" not in sealed:
            return key
    for key in data:
        value, wanted = data[key], fits.get(key)
        if value.__class__ is not wanted and wanted is not None and (wanted.__class__ is type or not wanted(value)):
            return key
    return None
