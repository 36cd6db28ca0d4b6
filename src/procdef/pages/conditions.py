"""Conditions of a definition in words: titles in the place of names, and signs that people know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from procdef.expression.checking import ELSE
from procdef.expression.evaluation.scores import Condition
from procdef.expression.syntax.tokens import Token, tokenize
from procdef.model import Field, ProcessDefinition
from procdef.pages.charts.numbers import Numbers
from procdef.pages.field_types import option
from procdef.pages.passages import Passage, Words, passage

if TYPE_CHECKING:
    from markupsafe import Markup

Linked = Callable[[str, str, Passage], object]
"""How a name is shown: its kind (``field``, ``score`` or ``action``), the name, and its title."""

_SIGNS: Mapping[str, str] = {
    ">=": "≥", "<=": "≤", "==": "=", "!=": "≠", "*": "×", "-": "−", "[": "(", "]": ")",
}  # fmt: skip
_PAIRS: Mapping[tuple[str, ...], str] = {
    ("is", "not", "set"): "is not set", ("is", "not", "done"): "is not done", ("is", "set"): "is set",
    ("is", "done"): "is done", ("is", "not"): "is not", ("not", "in"): "not in",
}  # fmt: skip
"""Words that are said together."""
_DECIMALS = 9


def plain(_kind: str, _name: str, title: Passage) -> object:
    """A name shown by its title alone."""
    return title


class Conditions:
    """Says the conditions of one definition in the language of ``words`` (with ``definition_words.WORDS`` in it)."""

    def __init__(self, definition: ProcessDefinition, words: Words, linked: Linked = plain) -> None:
        self._definition, self._words, self._linked = definition, words, linked
        self._numbers = Numbers(words.language)

    def say(self, expression: Condition) -> Markup:
        """The condition as markup. It says what the expression says, in its order."""
        from markupsafe import Markup, escape

        if expression.text.strip() == ELSE:
            return escape(self._words["c_else"])
        parts = list(self._parts(tokenize(expression.text)[:-1], expression))
        said = Markup("")
        for place, (text, glued) in enumerate(parts):
            said += (Markup("") if glued or place == 0 else Markup(" ")) + escape(text)
        return said

    def filled(self, fields: Sequence[str]) -> Markup:
        """That these fields are filled in."""
        return self._words.say("c_filled", fields=self._words.listed(map(self.field, fields), "and"))

    def field(self, name: str) -> object:
        """A field by its title."""
        return self._linked("field", name, self.title(name, self._definition.fields.get(name)))

    def title(self, name: str, field: Field | None) -> Passage:
        """What people call a field, or its name where it has no title."""
        return passage(field.title, self._words.language) if field and field.title else Passage(name)

    def _parts(self, tokens: list[Token], expression: Condition) -> Iterator[tuple[object, bool]]:
        """What is said, and whether it stands close to what came before."""
        reading = _Reading(self._definition, expression)
        close, between, place = False, 0, 0
        while place < len(tokens):
            token = tokens[place]
            taken = next((pair for pair in _PAIRS if _words(tokens, place, len(pair)) == pair), None)
            if taken is not None:
                yield self._words[f"c_{_PAIRS[taken]}"], False
                place += len(taken)
                continue
            place += 1
            if token.text in ("and", "or"):
                reading.compares_no_more()
            if token.text == "and" and between:
                between -= 1
                yield self._words["c_between_and"], False
                continue
            between += token.text == "between"
            if token.kind == "word":
                yield self._word(token.text, reading), close
            elif token.kind == "number":
                yield self._numbers.plain(Decimal(token.text), _DECIMALS), close
            else:
                yield _SIGNS.get(token.text, token.text), close or token.text in (",", ")", "]")
            close = token.text in ("(", "[")

    def _word(self, word: str, reading: _Reading) -> object:
        definition, language = self._definition, self._words.language
        if word in reading.expression.fields and reading.meets(word):
            return self._linked("field", word, self.title(word, definition.fields[word]))
        if word in reading.expression.actions:
            return self._linked("action", word, passage(definition.actions[word].title, language))
        if word in definition.scores and reading.option(word) is None:
            return self._linked("score", word, passage(definition.scores[word].title, language))
        column = reading.column(word)
        if column is not None:
            return self.title(column.id, column)
        choice = reading.option(word)
        if choice is not None:
            return option(choice, word, language)
        return self._words.get(f"c_{word}", word)


class _Reading:
    """What the names of one expression mean, as far as it has been read."""

    def __init__(self, definition: ProcessDefinition, expression: Condition) -> None:
        self.expression, self._fields = expression, definition.fields
        self._columns = {
            column: self._fields[name].columns[column]
            for name, _, column in (cell.partition(".") for cell in sorted(expression.cells))
            if name in self._fields and column in self._fields[name].columns
        }
        self._last: Field | None = None

    def meets(self, field: str) -> bool:
        """A field is named; an option of the choice before it would be one of the same name."""
        if self._last is not None and field in self._last.type.options:
            return False
        self._note(self._fields.get(field))
        return field in self._fields

    def column(self, word: str) -> Field | None:
        """The column of that name, alone or behind its list."""
        found = self._columns.get(word.rpartition(".")[2])
        if found is None or (self._last is not None and word in self._last.type.options):
            return None
        self._note(found)
        return found

    def option(self, word: str) -> Field | None:
        """The choice that is compared with this option."""
        return self._last if self._last is not None and word in self._last.type.options else None

    def compares_no_more(self) -> None:
        """Another comparison begins, in which the options of this one mean nothing."""
        self._last = None

    def _note(self, field: Field | None) -> None:
        self._last = field if field is not None and field.type.options else None


def _words(tokens: Sequence[Token], place: int, count: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[place : place + count])
