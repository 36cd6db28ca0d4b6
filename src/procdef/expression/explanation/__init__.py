"""Why an expression is not true: its failing parts and the values they saw; private values read "(personal)"."""

from procdef.expression.explanation.explainer import Explanation, explainer

__all__ = ["Explanation", "explainer"]
