"""Overrides and duties, one a paragraph."""

from __future__ import annotations

from procdef.audit.overrides import Override
from procdef.audit.separation_of_duties import Duty
from procdef.render.full_log import person_text
from procdef.render.text_layout import WIDTH, wrapped


def override_text(found: Override, width: int = WIDTH) -> str:
    """An override, or a refused step: what, of which deal, by whom and why."""
    if found.kind == "refused":
        stage = f", in {found.stage}" if found.stage else ""
        place = f"{found.stream} event {found.n}, {found.process} v{found.version}{stage}"
        head = wrapped(f"refused to {found.do}: {'; '.join(found.about)}{_more(found)}", width)
        return "\n".join([*head, *wrapped(place, width), *wrapped(f"{found.time} by {person_text(found.who)}", width)])
    if found.kind == "superseded":
        lines = wrapped(f"started under a superseded version: {', '.join(found.about)} was published", width)
        lines += wrapped(f"{found.stream} event {found.n}, {found.process} v{found.version}, in {found.stage}", width)
        return "\n".join(lines + wrapped(f"{found.time} by {person_text(found.who)}", width))
    about = f"{', which set' if found.kind == 'migration' else ' of'} {', '.join(found.about)}" if found.about else ""
    use = "" if found.kind != "waiver" else f", used by event {found.used_by}" if found.used_by else ", not used"
    lines = [f"{found.kind}{about}{use}{_more(found)}"]
    lines += wrapped(f"{found.stream} event {found.n}, {found.process} v{found.version}, in {found.stage}", width)
    lines += wrapped(f"{found.time} by {person_text(found.who)}", width)
    return "\n".join(lines + wrapped(f"why: {' '.join((found.reason or '(none)').split())}", width))


def _more(found: Override) -> str:
    """Which rows of tables held for what was missing, and what of it had lapsed."""
    told = [f"row {row} of the table of {action}" for action, row in found.rows.items()]
    told += [f"{action} had lapsed" for action in found.lapsed]
    return f" ({'; '.join(told)})" if told else ""


def duty_text(found: Duty, width: int = WIDTH) -> str:
    """One thing to look at."""
    if found.kind == "several-roles":
        return f"several roles: {found.person} as {', '.join(found.why)}"
    where = f"{found.stream} event {found.n}, {found.time}"
    if found.kind == "weak-auth":
        return f"weak authentication: {found.person} ({found.why[0]}), {where}"
    done = {"approve": "approved", "waive": "waived"}.get(found.decision or "", "rejected")
    row = f" by row {found.row} of its table" if found.row else ""
    until = f", until {found.until}" if found.until else ""
    if found.kind == "as-deputy":
        head = f"as a deputy: {found.person} {done} {found.action}{row}{until}, standing in for {' and '.join(found.why)}"
        return "\n".join([*wrapped(head, width, "", "  "), *wrapped(where, width)])
    eyes = "four eyes required" if found.four_eyes else "no four eyes required"
    if found.decision == "waive":
        eyes = "four eyes cannot be required of a waiver"
    head = f"same person: {found.person} {done} {found.action}{row}{until} and {', '.join(found.why)}"
    return "\n".join([head, *wrapped(where, width), *wrapped(f"{eyes} ({found.place})", width)])
