"""From the tree of an expression to a typed tree, or to faults."""

from procdef.expression.checking.checker import Checker
from procdef.expression.checking.names import Scope

__all__ = ["Checker", "Scope"]
