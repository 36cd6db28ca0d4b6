"""The pages that the demonstration leaves to be looked at: the report, the playbook, and the case file of one deal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.model import ProcessDefinition

PAGES = ("report.html", "playbook.html", "casefile.html")
HANDED_OVER = "handover"
"""The stage in which somebody else takes a deal over; of the deals there the one of most events is told of."""


def demo_pages(
    engine: Engine, definition: ProcessDefinition, language: str, moment: datetime
) -> Iterator[tuple[str, str, str]]:
    """Each page as its file's name, what it is, and its text, as of that moment."""
    report, handbook, case = PAGES
    yield report, "how sales go: goals, where deals stall, what blocks them, what to expect", _report(
        engine, definition, language, moment
    )
    from procdef.pages.playbook import playbook

    yield handbook, "the handbook for a new seller, stage by stage", playbook(definition, language)
    deal = max(engine.deals(), key=lambda row: (row.stage == HANDED_OVER, row.outcome == "won", row.n)).name
    yield case, f"all that is known of {deal}, for whoever takes it over", _casefile(
        engine, deal, language, moment
    )


def write_pages(pages: Iterator[tuple[str, str, str]], folder: Path) -> list[tuple[str, str]]:
    """The pages in that folder, which is made where there is none: their names, and what they are. No file is
    written over."""
    from procdef.whole_file import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, what, text in pages:
        write_whole(folder / name, text.encode(), "page")
        written.append((name, what))
    return written


def _report(engine: Engine, definition: ProcessDefinition, language: str, moment: datetime) -> str:
    """The report of the quarter that the demonstration ends in."""
    from procdef.pages.report import report_html
    from procdef.reports import asked

    quarter = moment.date().replace(month=(moment.month - 1) // 3 * 3 + 1, day=1)
    what = asked(engine, definition.id, since=quarter, by="discount", bands=(0, 5, 10, 15), now=moment)
    command = f"procdef report {definition.id} --from {quarter} --by discount --bands 0,5,10,15 --html report.html"
    return report_html(engine.in_language(language), what, command=command)


def _casefile(engine: Engine, deal: str, language: str, moment: datetime) -> str:
    from procdef.pages.casefile import casefile_page
    from procdef.reports.casefile import casefile

    found = casefile(engine.in_language(language), deal, until=moment)
    return casefile_page(found, engine.definition_of(engine.deal(deal)))
