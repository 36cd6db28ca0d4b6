"""From the text of an expression to its tree; every node knows the characters that it stands on."""

from __future__ import annotations

from dataclasses import replace

from procdef.expression.syntax.cursor import COMPARISONS, END, KEYWORDS, Cursor
from procdef.expression.syntax.literals import literal
from procdef.expression.syntax.tokens import MOST_CHARACTERS, SyntaxFault, Token, tokenize
from procdef.expression.syntax.tree import SyntaxNode

_OF_A_LIST = ("any", "all", "count")
_OF_A_COLUMN = ("sum", "min", "max")
_MOST_PARTS = 24


def parse(text: str) -> SyntaxNode:
    """The tree of an expression; raises ``SyntaxFault``."""
    if len(text) > MOST_CHARACTERS:
        sentence = "an expression has at most {most} characters, this one {here}: split it"
        raise SyntaxFault("too-long", 0, len(text), sentence, most=MOST_CHARACTERS, here=len(text))
    try:
        return _parsed(text)
    except SyntaxFault as fault:
        raise _formula(text) or fault from None


def _parsed(text: str) -> SyntaxNode:
    parser = _Parser(tokenize(text), len(text))
    node = parser.expression()
    token = parser.here
    if token.kind != "end":
        raise parser.unexpected(END)
    return node


def _formula(text: str) -> SyntaxFault | None:
    """The fault of a text that is written like the formula of a spreadsheet, told as a whole; nothing for any other text."""
    from procdef.expression.syntax.spreadsheet_formula import respelt  # only what cannot be read needs it

    form = respelt(text)
    try:
        if form is None or form == text or len(form) > MOST_CHARACTERS:
            return None
        _parsed(form)
    except SyntaxFault:
        return None
    sentence = "conditions are joined by small words, without functions: write {fix}"
    return SyntaxFault("expression-syntax", 0, len(text), sentence, form)


class _Parser(Cursor):
    def expression(self) -> SyntaxNode:
        parts = [self.term()]
        word = self.take("and", "or")
        if word is None:
            return parts[0]
        joint = word.text
        while word is not None:
            if word.text != joint:
                sentence = '"and" and "or" need parentheses between them: write (a and b) or c, or a and (b or c)'
                raise SyntaxFault("mixed-and-or", word.start, word.end, sentence)
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
        sign = self.take(*COMPARISONS, "contains")
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
        known = literal(self)
        if known is not None:
            return known
        if self.take("("):
            self.deeper(token)
            inner = self.expression()
            self.depth -= 1
            return replace(inner, start=token.start, end=self.need(")").end)
        if (token.text.lower(), self.following.text.lower()) == ("at", "least"):
            return self.at_least(token)
        if token.text in _OF_A_LIST or (token.text in _OF_A_COLUMN and self.following.text == "("):
            return self.rows(token)
        if token.kind == "word" and token.text not in KEYWORDS and token.text.lower() not in KEYWORDS:
            self.at += 1
            return SyntaxNode("name", token.start, token.end, (), token.text)
        raise self.unexpected("a field, a value or a parenthesis")

    def rows(self, word: Token) -> SyntaxNode:
        self.at += 1
        self.deeper(word)
        self.need("(")
        name, column = self.here, word.text in _OF_A_COLUMN
        if name.kind != "word" or name.text in KEYWORDS:
            raise self.unexpected("a column of a list, as list.column" if column else "a list field")
        self.at += 1
        if column and self.here.text == ",":
            sentence = "{op} takes one column of a list, as {op}(list.column)"
            raise SyntaxFault("expression-syntax", word.start, self.here.end, sentence, op=word.text)
        if column and self.here.text in ("+", "-", "*"):
            sentence = "{op} takes one column of a list, and calculates nothing: give the list a column for the result"
            raise SyntaxFault("expression-syntax", self.here.start, self.here.end, sentence, op=word.text)
        args: tuple[SyntaxNode, ...] = (SyntaxNode("name", name.start, name.end, (), name.text),)
        if word.text in ("any", "all") or self.here.text == "where":
            self.need("where")
            args = (*args, self.expression())
        end = self.need(")").end
        self.depth -= 1
        return SyntaxNode(word.text, word.start, end, args)

    def at_least(self, word: Token) -> SyntaxNode:
        end = self.following.end
        if (word.text, self.following.text) != ("at", "least"):
            raise SyntaxFault("expression-syntax", word.start, end, 'write "{fix}" in lower case', "at least")
        self.at += 2
        self.deeper(word)
        wanted = self.here
        if not wanted.text.isdecimal():
            raise self.unexpected("a whole number, as in at least 2 of (..., ..., ...)")
        self.at += 1
        self.need("of")
        self.need("(")
        parts = [self.expression()]
        while self.take(","):
            parts.append(self.expression())
        end = self.need(")").end
        self.depth -= 1
        if len(parts) > _MOST_PARTS:
            sentence = "at least takes {most} parts and no more, here are {here}: split it"
            raise SyntaxFault("too-long", word.start, end, sentence, most=_MOST_PARTS, here=len(parts))
        if not 1 <= int(wanted.text) <= len(parts):
            sentence = "at least {wanted} of {parts}: write a number from 1 to {parts}"
            raise SyntaxFault(
                "expression-syntax", wanted.start, wanted.end, sentence, wanted=wanted.text, parts=len(parts)
            )
        return SyntaxNode("at_least", word.start, end, tuple(parts), int(wanted.text))
