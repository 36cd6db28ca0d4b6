"""Plans of migrations: what becomes of what deals have in use when they go over to another version of their process."""

from procdef.language.plans.check import given_plan, load_plan, plan_in, refuse_wrong
from procdef.language.plans.judged import Versions, values_to_set
from procdef.language.plans.plan import Plan

__all__ = ["Plan", "Versions", "given_plan", "load_plan", "plan_in", "refuse_wrong", "values_to_set"]
