"""A report as a page: how sales go against goals, what holds deals up, and the figures behind that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.model import ProcessDefinition
from procdef.pages.charts import STYLE
from procdef.pages.page import kit_file, page
from procdef.pages.passages import Passage, Words
from procdef.pages.report.advice import advice
from procdef.pages.report.conversations import activity, objections, slippage
from procdef.pages.report.goals import goals
from procdef.pages.report.named import Named
from procdef.pages.report.obstacles import obstacles
from procdef.pages.report.outcomes import losses, measures, offers
from procdef.pages.report.outlook import outlook
from procdef.pages.report.parts import Section
from procdef.pages.report.said import Said
from procdef.pages.report.short import cards
from procdef.pages.report.stages import funnel, times
from procdef.pages.report.view import View
from procdef.pages.report.words import GLOSSARY, WORDS
from procdef.pages.words import WORDS as KIT_WORDS
from procdef.reports.forecast.results import Forecast
from procdef.reports.report import Report


def report_page(
    report: Report,
    definition: ProcessDefinition,
    about: Mapping[str, Any],
    *,
    command: str,
    language: str | None = None,
    forecast: Forecast | None = None,
) -> str:
    """The page of a report, in that language or the first one of the process.

    ``about`` is what ``Provenance`` says of the report; it stands in the foot, with the ``command``. The same of all gives the
    same text. Personal values are in no figure; the ids of owners are in those by owner.
    """
    language = language or definition.languages[0]
    words = Words(language, KIT_WORDS, WORDS)
    view = View(report, Named(definition, language), Said(words, language, definition.calendar.zone), about)
    sections = _sections(view, forecast)
    used = list(dict.fromkeys(name for section in sections for name in section.defined))
    return page(
        "report.html",
        language=language,
        title=view.said("page_title", process=view.named.process.text),
        command=command,
        facts=_facts(view),
        words=words,
        styles=(STYLE, kit_file("report.css")),
        script=True,
        process=view.named.process,
        period=view.said("period_line", period=view.period, zone=report.timezone, now=view.said.moment(report.now)),
        counted=_counted(view),
        cards=cards(view),
        advice=advice(view, forecast),
        sections=sections,
        glossary=[(name, view.said(f"term_{name}"), view.said(f"means_{name}")) for name in GLOSSARY if name in used],
    )


_SECTIONS = (goals, funnel, times, obstacles, losses, offers, objections, slippage, activity, measures)


def _sections(view: View, forecast: Forecast | None) -> tuple[Section, ...]:
    made = [each(view) for each in _SECTIONS]
    return (*made, *([outlook(view, forecast)] if forecast is not None else []))


def _counted(view: View) -> Passage:
    deals, said = view.report.main.deals, view.said
    return said("counted", started=said.of(deals.started, "deal"), won=said.number(deals.won), lost=said.number(deals.lost),
                open=said.number(deals.open))  # fmt: skip


def _facts(view: View) -> list[tuple[Passage, str]]:
    """Of which log, as it stood when, with which filter, and the SHA-256 of its rows."""
    said, about = view.said, view.about
    size, root = said.number(about["checkpoint"]["size"]), about["checkpoint"]["root"] or "-"
    shown = {
        "log": about["log"],
        "checkpoint": said.text("checkpoint_text", size=size, root=root),
        "as_of": view.report.now,
        "filter": "; ".join(f"{name} {_listed(value)}" for name, value in about["filter"].items()) or "-",
        "sha256": about["sha256"],
    }
    if about.get("simulated"):
        shown = {"simulated": said.text("made_up"), **shown}
    return [(said(f"fact_{name}"), value) for name, value in shown.items()]


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
