"""A process as a picture: SVG, or the sources of other programs that draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from procdef.engine.arguments import instance_of, language_code
from procdef.errors import InvalidArgument
from procdef.model import ProcessDefinition
from procdef.pages.diagram.contents import Detail, contents
from procdef.pages.diagram.counts import Counts, Painting
from procdef.pages.diagram.dot import dot
from procdef.pages.diagram.mermaid import mermaid
from procdef.pages.diagram.placement import Direction
from procdef.pages.diagram.svg import svg

__all__ = ["FORMATS", "Counts", "Painting", "Detail", "Direction", "diagram"]

FORMATS: Mapping[str, Callable[..., str]] = {"svg": svg, "mermaid": mermaid, "dot": dot}
"""What draws each format: of the contents and the direction."""


AT_A_GLANCE = 16
"""So many stages are seen at a glance beside each other; more of them are read downwards."""


def fitting_direction(definition: ProcessDefinition) -> Direction:
    """The direction in which a process is best read."""
    return "right" if len(definition.stages) <= AT_A_GLANCE else "down"


def diagram(
    definition: ProcessDefinition,
    form: str = "svg",
    *,
    detail: Detail = "stages",
    direction: Direction | None = None,
    language: str | None = None,
    counts: Painting | None = None,
) -> str:
    """The picture of a process in that form (one of ``FORMATS``), its texts in that language where they are translated,
    painted with what was counted of its deals, or with what scenarios tried of it.

    The same process gives the same text, byte for byte. Procdef's own words in it are English; in an SVG each text says by
    ``xml:lang`` which language it is in. Raises ``InvalidArgument`` for another form, detail or direction.
    """
    definition = instance_of(ProcessDefinition, definition, "definition", "a picture is that of a ProcessDefinition")
    _one_of(form, tuple(FORMATS), "form")
    _one_of(detail, get_args(Detail), "detail")
    if direction is not None:
        _one_of(direction, get_args(Direction), "direction")
    if counts is not None and not callable(getattr(counts, "figures", None)):
        raise InvalidArgument("a picture is painted with what was counted, or with what was tried", "counts")
    shown = contents(definition, detail, language_code(language), counts)
    return FORMATS[form](shown, direction or fitting_direction(definition))


def _one_of(given: object, known: tuple[str, ...], argument: str) -> None:
    if not isinstance(given, str) or given not in known:
        raise InvalidArgument(f"`{argument}` is {' or '.join(known)}", argument)
