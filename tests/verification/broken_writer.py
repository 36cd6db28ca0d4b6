"""A writer that is broken in one place, tells the small story, and is mended again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from small_story import findings, fresh, last_words, tell

from procdef import Engine
from procdef.store import LogOrder, Store

Change = Callable[[Any], Any]
Story = Callable[[Engine], object]


def whole(engine: Engine) -> None:
    """The story and its last words."""
    tell(engine)
    last_words(engine)


def codes_of(store: Store) -> set[str]:
    """The codes of everything wrong with a log."""
    return {found.code for found in findings(store)}


def events_of(store: Store) -> list[dict[str, Any]]:
    """All events as they are stored, in the order of the log."""
    with store.transaction(write=False) as tx:
        return [json.loads(leaf.event.body) for leaf in tx.scan(LogOrder())]


def told(place: Any, name: str, stand_in: Callable[..., Any], story: Story = whole, before: Story | None = None) -> set[str]:
    """What is found in a log while whose ``story`` ``stand_in`` stood for the function ``name`` of that place."""
    store, engine = fresh()
    if before is not None:
        before(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, stand_in)
        story(engine)
    return codes_of(store)


class Changed:
    """A function whose answers are changed; it counts how often that made a difference."""

    def __init__(self, place: Any, name: str, change: Change) -> None:
        self.real, self.change, self.times = getattr(place, name), change, 0

    def __call__(self, *given: Any, **named: Any) -> Any:
        answer = self.real(*given, **named)
        changed = self.change(answer)
        self.times += changed != answer
        return changed


def changed(place: Any, name: str, change: Change, story: Story = whole, before: Story | None = None) -> set[str]:
    """As ``told``, where each answer of the function is changed."""
    stand_in = Changed(place, name, change)
    found = told(place, name, stand_in, story, before)
    assert stand_in.times, "nothing was broken"
    return found


def other(value: Any) -> Any:
    """Another value of the same kind, for a column or a key."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case bytes():
            return value[1:]
        case None:
            return "other"
        case str() if len(value) == 64 and set(value) <= set("0123456789abcdef"):
            return value[:-1] + ("1" if value[-1] == "0" else "0")
        case str():
            return f"{value}x"
        case [{**row}, *rest]:
            return [{**row, "other": "x"}, *rest]
        case list():
            return value[1:] if value else ["other"]
        case dict():
            return {key: other(each) for key, each in value.items()} or {"other": "x"}
    return value
