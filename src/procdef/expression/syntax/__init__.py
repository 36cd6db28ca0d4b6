"""From the text of an expression to its tree."""

from procdef.expression.syntax.parser import parse
from procdef.expression.syntax.tokens import SyntaxFault
from procdef.expression.syntax.tree import SyntaxNode

__all__ = ["SyntaxFault", "SyntaxNode", "parse"]
