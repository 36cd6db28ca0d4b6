"""A process definition: what a file means once it is read and free of errors. Frozen; holds no state of any deal."""

from __future__ import annotations

from procdef.model.process import DealSettings, Field, Goal, Lost, Measure, ProcessDefinition, Reopening, Role, Score
from procdef.model.stage import (
    Action,
    ApproverRow,
    Criterion,
    Material,
    Objection,
    Playbook,
    Return,
    Side,
    Sla,
    Stage,
    Transition,
)
from procdef.model.text import Text, meant_language

__all__ = [
    "Action", "ApproverRow", "Criterion", "DealSettings", "Field", "Goal", "Lost", "Material", "Measure",
    "Objection", "Playbook", "ProcessDefinition", "Reopening", "Return", "Role", "Score", "Side", "Sla", "Stage",
    "Text", "Transition",
    "meant_language",
]  # fmt: skip
