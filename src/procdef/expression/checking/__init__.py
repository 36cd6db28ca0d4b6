"""From the tree of an expression to a typed tree, or to faults."""

from procdef.expression.checking.checker import Checker
from procdef.expression.checking.name_resolution import ELSE, Scope

__all__ = ["ELSE", "Checker", "Scope"]
