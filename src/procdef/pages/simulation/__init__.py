"""A simulation as a page: what a month brings, who holds it up, and the figures behind that; or two side by side."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.model import ProcessDefinition
from procdef.pages.charts import STYLE
from procdef.pages.page import kit_file, page
from procdef.pages.passages import Passage, Words, passage
from procdef.pages.report.said import Said
from procdef.pages.simulation.sections import cards, compared_cards, compared_section, sections
from procdef.pages.simulation.view import View
from procdef.pages.simulation.words import WORDS
from procdef.pages.words import WORDS as KIT_WORDS
from procdef.simulation.results import Compared, Simulated
from procdef.simulation.source import Source

__all__ = ["simulation_page"]


def simulation_page(
    found: Simulated | Compared,
    definition: ProcessDefinition,
    assumed: Source,
    titles: Mapping[str, str],
    *,
    command: str,
    language: str | None = None,
) -> str:
    """The page, in that language or the first one of the process. ``definition`` is the (first) process, ``assumed`` where the
    assumptions are from, and ``command`` stands in the foot. Of two that are compared, the charts are of the second."""
    language = language or definition.languages[0]
    words = Words(language, KIT_WORDS, WORDS)
    one = found if isinstance(found, Simulated) else found.second
    said = Said(words, language, definition.calendar.zone)
    view = View(one, definition, titles, said)
    shown, answers = sections(view), cards(view)
    if isinstance(found, Compared):
        shown, answers = [compared_section(view, found), *shown], compared_cards(view, found)
    source = view.source(assumed)
    facts: list[tuple[str | Passage, str | Passage]] = [
        (said("fact_process"), f"{definition.name} sha256:{definition.sha256}"),
        (said("fact_seed"), str(one.seed)),
        (said("fact_assumed"), source),
    ]
    return page(
        "simulation.html",
        language=language,
        title=said("page_title", process=f"{passage(definition.title, language)} v{definition.version}"),
        command=command,
        facts=facts,
        words=words,
        styles=(STYLE, kit_file("report.css")),
        script=True,
        lead=_lead(view),
        assumed=said("assumed", assumed=source),
        cards=answers,
        sections=shown,
    )


def _lead(view: View) -> Passage:
    said, found = view.said, view.found
    runs, day = said.of(found.runs, "run"), said.day(found.since)
    if found.deals is not None:
        return said("runs_of_deals", runs=runs, deals=said.of(found.deals, "deal"), day=day)
    months, before = said.of(found.months, "month"), said.of(found.warm_up, "month")
    return said("runs_of_months", runs=runs, months=months, day=day, before=before)
