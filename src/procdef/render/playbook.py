"""A stage's playbook, as the seller reads it beside the deal."""

from __future__ import annotations

from procdef.model import Playbook
from procdef.render.text_layout import columns, wrapped


def guidance(playbook: Playbook, language: str | None, noting: str | None, width: int) -> list[str]:
    """Goal, guide, questions, objections with their answers, and materials; ``noting`` is the command for an objection."""
    lines: list[str] = []
    if playbook.goal:
        lines += ["", *wrapped("Goal: " + playbook.goal.in_language(language), width, "  ", "        ")]
    if playbook.guide:
        lines += ["", *wrapped(playbook.guide.in_language(language), width)]
    if playbook.questions:
        lines += ["", "  Ask"]
        for question in playbook.questions:
            lines += wrapped("- " + question.in_language(language), width, "    ")
    lines += _objections(playbook, language, noting, width)
    if playbook.materials:
        rows = [(each.title.in_language(language), each.url) for each in playbook.materials.values()]
        lines += ["", "  Materials", *columns(rows, "    ", width, 40)]
    return lines


def _objections(playbook: Playbook, language: str | None, noting: str | None, width: int) -> list[str]:
    if not playbook.objections:
        return []
    lines = ["", "  When they say"]
    for name, objection in playbook.objections.items():
        lines += wrapped(f'{name}: "{objection.concern.in_language(language)}"', width, "    ", "      ")
        if objection.answer:
            lines += wrapped(objection.answer.in_language(language), width, "      ")
    if noting is not None:
        lines += [f"    met one? {noting}"]
    return lines
