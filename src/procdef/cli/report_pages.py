"""The page of a report: the figures and the forecast, counted in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from procdef.expression.types import Kind

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition
    from procdef.reports import Asked
    from procdef.store.port import Tx


def usual_groups(definition: ProcessDefinition) -> str:
    """What the page groups offers by where nothing was asked for: the first field of percent, as a discount, else the value of
    deals, else owners. Personal fields make no groups."""
    fields = [field for field in definition.fields.values() if not field.type.private]
    percents = [field.id for field in fields if field.type.kind is Kind.PERCENT]
    value = definition.deal.value
    return next(iter(percents), None) or (value if value in {field.id for field in fields} else None) or "owner"


def report_html(
    tx: Tx, what: Asked, versions: Sequence[ProcessDefinition], command: str, language: str | None
) -> str:
    """The page, in that language. ``versions`` are all published ones of the process."""
    from procdef.pages.report import report_page
    from procdef.provenance import Provenance
    from procdef.reports import report_in
    from procdef.reports.forecast import forecast_in

    moment = datetime.fromisoformat(what.scope.now)
    found = report_in(tx, what)
    forecast = forecast_in(tx, versions, moment, newest=what.scope.newest.version)
    sheet = Provenance(tx, "report", what.filter, lambda: moment)
    sheet.line(found)
    return report_page(found, what.scope.newest, sheet.about, command=command, language=language, forecast=forecast)
