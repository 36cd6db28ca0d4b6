"""From a typed tree to what it comes to on a deal."""

from procdef.expression.evaluation.closures import build
from procdef.expression.evaluation.deal_as_seen import AGES, Closure, Reasons, Row, Seen, Situation, Truth
from procdef.expression.evaluation.scores import Breakdown, Condition, Points, Scoring

__all__ = ["AGES", "Breakdown", "Closure", "Condition", "Points", "Reasons", "Row", "Scoring", "Seen", "Situation", "Truth",
           "build"]  # fmt: skip
