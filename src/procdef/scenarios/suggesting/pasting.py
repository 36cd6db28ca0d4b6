"""Suggestions as text: scenarios to put at the end of a file, or a file of their own where they do not fit into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from procdef.diagnostics import Severity
from procdef.scenarios.coverage import Item
from procdef.scenarios.model import ScenarioFile
from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.suggesting import Suggestion, Suggestions
from procdef.scenarios.writing import file_text, scenario_text

_INDENT = 2
_WIDTH = 110
_MOST_NAMED = 12
_ASKED = "That is what the process does today. Is it what you mean?"


class Pasted(NamedTuple):
    """``text`` belongs at the end of a file of scenarios, or is ``whole``: a file of its own."""

    text: str
    whole: bool


def pasted(suggestions: Suggestions, process: str, file: ScenarioFile | None = None) -> Pasted:
    """What to paste: at the end of ``file`` where that has the people and takes it, or else as a file of its own, which names
    its process as ``process``."""
    texts = list(scenario_texts(suggestions))
    left = list(_left(suggestions))
    if file is not None and not suggestions.new:
        fragment = "\n" + _shifted("\n".join([*texts, *left]), _indent(file))
        if _fits(file, fragment, len(texts)):
            return Pasted(fragment, False)
    shown = {who: roles for who, roles in suggestions.people.items() if _takes_part(suggestions, who)}
    body = file_text(process, shown, ["\n".join([*texts, *left])]) if texts else "".join(left)
    return Pasted(_about(suggestions, file) + body, True)


def scenario_texts(suggestions: Suggestions) -> Iterator[str]:
    """Each scenario, with the expectations that the engine gives today, and what it tries above it."""
    player = Player(suggestions.definition)
    for each in suggestions.scenarios:
        yield scenario_text(
            suggestions.definition,
            each.name,
            each.steps,
            people=suggestions.people,
            at=each.at,
            title=each.title,
            comment=_comment(each),
            player=player,
            directory=suggestions.directory,
        )


def _comment(suggestion: Suggestion) -> str:
    lines, line = [], "Tries"
    words = [told(item) for item in suggestion.tries]
    if len(words) > _MOST_NAMED + 1:
        words[_MOST_NAMED:] = [f"and {len(words) - _MOST_NAMED} more"]
    for number, each in enumerate(words):
        word = f" {each}{',' if number + 1 < len(words) else '.'}"
        if len(line) + len(word) > _WIDTH:
            lines.append(line)
            line = "  " + word.lstrip()
        else:
            line += word
    return "\n".join([*lines, line, _ASKED])


def told(item: Item) -> str:
    """An item in a few words that stand alone."""
    words = {
        "stages": f"the stage {item.of}",
        "starts": f"a start in {item.of}",
        "ways": f"the way {item.of}",
        "returns": f"the return {item.of}",
        "actions": f"{item.of} done",
        "when": f"{item.of} when {item.what}",
        "waivers": f"{item.of} waived",
        "lapses": f"{item.of} lapsed",
        "losses": f"a loss for {item.of}",
        "reopenings": "a lost deal reopened",
    }
    return words.get(item.kind, str(item))


def _left(suggestions: Suggestions) -> Iterator[str]:
    if suggestions.left:
        yield "  # Not tried by these:\n" + "".join(f"  # - {told(item)}: {why}\n" for item, why in suggestions.left)


def _about(suggestions: Suggestions, file: ScenarioFile | None) -> str:
    if file is None:
        return ""
    if suggestions.new:
        names = ", ".join(f"{who} ({', '.join(roles)})" for who, roles in suggestions.new.items())
        return f"# A file of its own beside {file.name}, which has too few people for this; new: {names}\n"
    return f"# A file of its own beside {file.name}, whose scenarios are not the last that stands in it\n"


def _takes_part(suggestions: Suggestions, who: str) -> bool:
    return any(step.get("by") == who for each in suggestions.scenarios for step in each.steps)


def _indent(file: ScenarioFile) -> int:
    """How far the ids of scenarios are indented in a file."""
    lines = file.text.split("\n")
    line = lines[file.scenarios[0].line - 1] if file.scenarios else ""
    return len(line) - len(line.lstrip(" ")) or _INDENT


def _shifted(text: str, indent: int) -> str:
    by = indent - _INDENT
    lines = text.split("\n")
    return "\n".join((" " * by + line if by > 0 else line[-by:]) if line else line for line in lines)


def _fits(file: ScenarioFile, fragment: str, more: int) -> bool:
    """Whether the file is sound with it at its end, and has so many scenarios more."""
    read = read_scenarios((file.text + fragment).encode(), file.name, process=file.definition)
    sound = not any(one.severity is Severity.ERROR for one in read.findings)
    return sound and len(read.scenarios) == len(file.scenarios) + more
