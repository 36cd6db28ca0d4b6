"""A refused step as a seller reads it, and as data."""

from __future__ import annotations

from typing import Any

from procdef.errors import StepRefused, Unmet


def refusal_text(refused: StepRefused) -> str:
    """The headline, then each unmet thing with why, how to mend it and who can."""
    lines = [f"{refused.headline}:"]
    for item in refused.unmet:
        lines += item_lines(item)
    return "\n".join(lines)


def item_lines(item: Unmet, indent: str = "  ") -> list[str]:
    """One unmet thing; ids stand before the message where it does not name them itself."""
    message = item.message if not item.id or item.id in item.message else f"{item.id}: {item.message}"
    lines = [f"{indent}- {message}"]
    detail = item.why or item.expression
    if detail and detail not in item.message:
        lines.append(f"{indent}    {detail}")
    if item.place:
        lines[-1] += f"    ({item.place})"
    if item.fix:
        lines.append(f"{indent}    fix: {item.fix}")
    if item.command:
        who = f"{' or '.join(item.who)}: " if item.who else ""
        lines.append(f"{indent}    {who}{item.command}")
    elif item.who:
        lines.append(f"{indent}    {' or '.join(item.who)} can")
    return lines


def refusal_json(refused: StepRefused) -> dict[str, Any]:
    """``{refused, replayed, unmet: [...]}``; an item's keys are those of ``Unmet``, empty ones left out."""
    return {"refused": refused.headline, "replayed": refused.replayed, "unmet": [item_json(i) for i in refused.unmet]}


def item_json(item: Unmet) -> dict[str, Any]:
    """An unmet thing as data."""
    shown = {
        "code": item.code, "about": list(item.about), "message": item.message, "expression": item.expression,
        "why": item.why, "values": dict(item.values), "fix": item.fix, "who": list(item.who),
        "command": item.command, "place": item.place,
    }  # fmt: skip
    return {key: value for key, value in shown.items() if value not in (None, [], {})}
