"""The page of a report, counted: the figures and the forecast in one transaction."""

from __future__ import annotations

from datetime import datetime

from procdef.engine import Engine
from procdef.engine.arguments import instance_of, optional
from procdef.expression.types import Kind
from procdef.model import ProcessDefinition
from procdef.pages.report.page_of_figures import report_page
from procdef.provenance import Provenance
from procdef.reports import Asked, report_in
from procdef.reports.figures.groups import grouping
from procdef.reports.forecast import forecast_in


def report_html(engine: Engine, what: Asked, *, command: str | None = None) -> str:
    """The page of what was asked for (``procdef.reports.asked``), in the engine's language, as ``procdef report --html`` writes
    it. Without groups those of the field that tells most of offers are made. ``command`` stands in its foot. Raises
    ``LogBroken`` for rows that cannot be counted."""
    engine = instance_of(Engine, engine, "engine", "a report is asked of an Engine")
    newest = instance_of(Asked, what, "what", "what a report is of is what asked() returned").scope.newest
    command = optional(str, command, "command", "the command in the foot of the page is a text")
    if what.by is None:
        what = what._replace(by=grouping(what.scope, _usual_groups(newest), ()))
    versions = [each for each in engine.definitions() if each.id == newest.id]
    moment = datetime.fromisoformat(what.scope.now)
    with engine.store.transaction(write=False) as tx:
        found = report_in(tx, what)
        forecast = forecast_in(tx, versions, moment, newest=newest.version)
        sheet = Provenance(tx, "report", what.filter, lambda: moment)
    sheet.line(found)
    typed = command or f"procdef report {newest.id} --html"
    return report_page(found, newest, sheet.about, command=typed, language=engine.language, forecast=forecast)


def _usual_groups(definition: ProcessDefinition) -> str:
    """What the page groups offers by where nothing was asked for: the first field of percent, as a discount, else the value of
    deals, else owners. Personal fields make no groups."""
    fields = [field for field in definition.fields.values() if not field.type.private]
    percents = [field.id for field in fields if field.type.kind is Kind.PERCENT]
    value = definition.deal.value
    return next(iter(percents), None) or (value if value in {field.id for field in fields} else None) or "owner"
