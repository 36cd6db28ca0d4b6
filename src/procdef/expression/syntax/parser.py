"""From the text of an expression to its tree; every node knows the characters that it stands on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

from procdef.expression.syntax.habits import habit
from procdef.expression.syntax.tokens import MOST_CHARACTERS, SyntaxFault, Token, tokenize
from procdef.expression.syntax.tree import SyntaxNode

_MOST_DEPTH = 24
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_UNITS = {"hour": 3_600, "hours": 3_600, "day": 86_400, "days": 86_400, "week": 604_800, "weeks": 604_800}
_OTHER_UNITS = frozenset(("minute", "minutes", "month", "months", "quarter", "quarters", "year", "years"))
_KEYWORDS = frozenset(
    ("and", "or", "not", "in", "between", "contains", "is", "set", "done", "where", "any", "all", "count")
)


def parse(text: str) -> SyntaxNode:
    """The tree of an expression; raises ``SyntaxFault``."""
    if len(text) > MOST_CHARACTERS:
        raise SyntaxFault(
            "too-long",
            0,
            len(text),
            f"an expression has at most {MOST_CHARACTERS} characters, this one {len(text)}: split it",
        )
    parser = _Parser(tokenize(text), len(text))
    node = parser.expression()
    token = parser.here
    if token.kind != "end":
        raise parser.unexpected("the end of the expression")
    return node


class _Parser:
    def __init__(self, tokens: list[Token], length: int) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.length = length

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        token = self.here
        if token.kind in ("word", "sign") and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            raise self.unexpected(f'"{text}"')
        return token

    def unexpected(self, wanted: str) -> SyntaxFault:
        token = self.here
        fix = None
        if token.text == "=":
            message, fix = 'one "=" compares nothing: use ==', "=="
        elif (comma := self.comma()) is not None:
            return comma
        elif (known := habit(self.tokens, self.at)) is not None:
            return SyntaxFault("expression-syntax", *known)
        elif token.text in _COMPARISONS:
            message = "comparisons cannot be chained: use between, or join two comparisons with and"
        elif token.text.lower() in _KEYWORDS and token.text not in _KEYWORDS:
            message, fix = f"write {token.text.lower()} in small letters", token.text.lower()
        else:
            shown = f'"{token.text}"' if token.text else "the end"
            message = f"expected {wanted}, found {shown}"
        end = token.end if token.kind != "end" else max(self.length, 1)
        start = token.start if token.kind != "end" else max(self.length - 1, 0)
        return SyntaxFault("expression-syntax", start, end, message, fix)

    def comma(self) -> SyntaxFault | None:
        """The fault of a comma within a number: of a decimal, or between thousands."""
        before, token, after = self.tokens[self.at - 1], self.here, self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        joined = before.end == token.start and token.end == after.start
        if token.text != "," or not joined or (before.kind, after.kind) != ("number", "number"):
            return None
        thousands = len(after.text.partition(".")[0]) == 3 and before.text != "0" and "." not in before.text
        decimal = f"{before.text.replace('.', '')}.{after.text}"
        fix, end, at = before.text + after.text if thousands else decimal, after.end, self.at + 2
        while (
            thousands
            and [token.kind for token in self.tokens[at : at + 2]] == ["sign", "number"]
            and self.tokens[at].text == ","
        ):
            fix, end, at = fix + self.tokens[at + 1].text, self.tokens[at + 1].end, at + 2
        if self.tokens[at].text == "%":
            fix, end = f"{fix} %", self.tokens[at].end
        message = "a number has no thousands separators" if thousands else "a decimal is written with a point"
        return SyntaxFault("expression-syntax", before.start, end, f"{message}: write {fix}", fix)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise SyntaxFault(
                "too-long", token.start, token.end, f"an expression nests at most {_MOST_DEPTH} deep: split it"
            )

    def expression(self) -> SyntaxNode:
        parts = [self.term()]
        word = self.take("and", "or")
        if word is None:
            return parts[0]
        joint = word.text
        while word is not None:
            if word.text != joint:
                message = "and and or mix only with parentheses: write (a and b) or c, or a and (b or c)"
                raise SyntaxFault("mixed-and-or", word.start, word.end, message)
            parts.append(self.term())
            word = self.take("and", "or")
        return SyntaxNode(joint, parts[0].start, parts[-1].end, tuple(parts))

    def term(self) -> SyntaxNode:
        word = self.take("not")
        if word is not None:
            self.deeper(word)
            inner = self.term()
            self.depth -= 1
            return SyntaxNode("not", word.start, inner.end, (inner,))
        return self.comparison(self.sum())

    def comparison(self, left: SyntaxNode) -> SyntaxNode:
        sign = self.take(*_COMPARISONS, "contains")
        if sign is not None:
            right = self.sum()
            op = "contains" if sign.text == "contains" else "compare"
            return SyntaxNode(op, left.start, right.end, (left, right), sign.text)
        if self.take("between"):
            low = self.sum()
            self.need("and")
            high = self.sum()
            return SyntaxNode("between", left.start, high.end, (left, low, high))
        if self.take("is"):
            negated = self.take("not") is not None
            word = self.take("set", "done")
            if word is None:
                raise self.unexpected("set or done")
            return self.negated(SyntaxNode(word.text, left.start, word.end, (left,)), negated)
        negated = self.here.text == "not" and self.tokens[self.at + 1].text == "in"
        if negated:
            self.need("not")
        if self.take("in"):
            self.need("[")
            items = [self.sum()]
            while self.take(","):
                items.append(self.sum())
            end = self.need("]").end
            return self.negated(SyntaxNode("in", left.start, end, (left, *items)), negated)
        return left

    def negated(self, node: SyntaxNode, negated: bool) -> SyntaxNode:
        return SyntaxNode("not", node.start, node.end, (node,)) if negated else node

    def sum(self) -> SyntaxNode:
        left = self.product()
        while sign := self.take("+", "-"):
            right = self.product()
            left = SyntaxNode("arithmetic", left.start, right.end, (left, right), sign.text)
        return left

    def product(self) -> SyntaxNode:
        left = self.factor()
        while self.take("*"):
            right = self.factor()
            left = SyntaxNode("arithmetic", left.start, right.end, (left, right), "*")
        return left

    def factor(self) -> SyntaxNode:
        token = self.here
        if token.text == "-" and self.tokens[self.at + 1].kind == "number":
            self.at += 1
            return self.number(token.start, -1)
        if token.kind == "number":
            return self.number(token.start, 1)
        if token.kind == "date":
            return self.day(token)
        if token.kind == "text":
            self.at += 1
            inner = re.sub(r'\\(["\\])', r"\1", token.text[1:-1])
            return SyntaxNode("literal", token.start, token.end, (), unicodedata.normalize("NFC", inner), "text")
        if self.take("("):
            self.deeper(token)
            inner_node = self.expression()
            self.depth -= 1
            return replace(inner_node, start=token.start, end=self.need(")").end)
        if self.take("true", "false"):
            return SyntaxNode("literal", token.start, token.end, (), token.text == "true", "boolean")
        if token.text in ("any", "all", "count"):
            return self.rows(token)
        if token.kind == "word" and token.text not in _KEYWORDS and token.text.lower() not in _KEYWORDS:
            self.at += 1
            return SyntaxNode("name", token.start, token.end, (), token.text)
        raise self.unexpected("a field, a value or a parenthesis")

    def day(self, token: Token) -> SyntaxNode:
        self.at += 1
        try:
            return SyntaxNode("literal", token.start, token.end, (), date.fromisoformat(token.text).toordinal(), "date")
        except ValueError:
            message = f"{token.text} is no day of the calendar"
            raise SyntaxFault("expression-syntax", token.start, token.end, message) from None

    def number(self, start: int, sign: int) -> SyntaxNode:
        token = self.here
        self.at += 1
        whole, _, decimals = token.text.partition(".")
        if len(whole.lstrip("0")) > 15 or len(decimals) > 6:
            raise SyntaxFault(
                "expression-syntax", start, token.end, "a number has at most 15 digits before the point and 6 after"
            )
        amount = Decimal(token.text) * sign
        unit = self.take("%", *_UNITS)
        if unit is None:
            wrong = self.here
            if wrong.text in _OTHER_UNITS or wrong.text == "business":
                why = (
                    "business time belongs to sla, not here" if wrong.text == "business" else "use hours, days or weeks"
                )
                raise SyntaxFault("expression-syntax", wrong.start, wrong.end, f'"{wrong.text}" is no unit here: {why}')
            return SyntaxNode("literal", start, token.end, (), amount, "literal")
        if unit.text == "%":
            return SyntaxNode("literal", start, unit.end, (), amount, "percent")
        if decimals:
            raise SyntaxFault("expression-syntax", start, unit.end, f"a duration takes a whole number of {unit.text}")
        kind = "duration" if unit.text.startswith("hour") else "days"
        return SyntaxNode("literal", start, unit.end, (), amount * _UNITS[unit.text] * 1_000_000, kind)

    def rows(self, word: Token) -> SyntaxNode:
        self.at += 1
        self.deeper(word)
        self.need("(")
        name = self.here
        if name.kind != "word" or name.text in _KEYWORDS:
            raise self.unexpected("a list field")
        self.at += 1
        args: tuple[SyntaxNode, ...] = (SyntaxNode("name", name.start, name.end, (), name.text),)
        if word.text != "count" or self.here.text == "where":
            self.need("where")
            args = (*args, self.expression())
        end = self.need(")").end
        self.depth -= 1
        return SyntaxNode(word.text, word.start, end, args)
