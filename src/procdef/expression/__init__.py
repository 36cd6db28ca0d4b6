"""The language of criteria: typed expressions over a deal's fields, and the values those fields may hold."""

from procdef.expression.checking import ELSE, Scope
from procdef.expression.compiled import Compiled, Expression, compile_expression, otherwise
from procdef.expression.evaluation import Breakdown, Condition, Points, Reasons, Scoring, Situation, Truth
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.stored_values import canonical, revive
from procdef.expression.types import FieldType, Json, Kind, Value

__all__ = [
    "ELSE",
    "BadValue",
    "Breakdown",
    "Compiled",
    "Condition",
    "Expression",
    "FieldType",
    "Json",
    "Kind",
    "Points",
    "Reasons",
    "Scope",
    "Scoring",
    "Situation",
    "Truth",
    "Value",
    "canonical",
    "coerce",
    "compile_expression",
    "otherwise",
    "revive",
]
