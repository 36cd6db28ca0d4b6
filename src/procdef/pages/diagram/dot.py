"""The picture in the language of Graphviz. https://graphviz.org/doc/info/lang.html"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from procdef.pages.diagram.contents import Box, Contents
from procdef.pages.diagram.placement import RANK_DIRECTIONS, Direction
from procdef.pages.text_widths import wrapped_to

_WIDTH = {False: 200.0, True: 320.0}


def dot(contents: Contents, direction: Direction) -> str:
    """The graph, for ``dot``."""
    return "\n".join(_lines(contents, direction)) + "\n"


def _lines(contents: Contents, direction: Direction) -> Iterator[str]:
    title = f"{contents.title} ({contents.name})"
    lost = "".join(f"\n{line}" for line in (contents.counted, contents.lost and f"✗ {contents.lost}", contents.undrawn) if line)
    yield f"digraph {_quoted(contents.name)} {{"
    yield f"    graph [rankdir={RANK_DIRECTIONS[direction]}, label={_quoted(title + lost)}, labelloc=t, fontname=Helvetica]"
    yield '    node [shape=box, style=filled, fillcolor="#f3f6fa", color="#8794a8", fontname=Helvetica, fontsize=12]'
    yield '    edge [color="#566072", fontname=Helvetica, fontsize=11]'
    for box in contents.boxes:
        won = ', style="filled,rounded", fillcolor="#dff3e4", color="#2f7d4a"' if box.won != "before" else ""
        yield f"    {_quoted(box.id)} [label=<{_shown(box)}>, tooltip={_quoted(box.told)}{won}]"
    for arrow in contents.arrows:
        options = [f"tooltip={_quoted(arrow.told)}"]
        options += [f"label={_quoted(chr(10).join(wrapped_to(arrow.label, 150, 11, most=3)))}"] if arrow.label else []
        options += ["style=dashed"] if arrow.back else []
        options += [f"penwidth={1 + 5 * arrow.weight:.1f}"] if arrow.taken is not None else []
        yield f"    {_quoted(arrow.source)} -> {_quoted(arrow.target)} [{', '.join(options)}]"
    yield "}"


def _shown(box: Box) -> str:
    width = _WIDTH[bool(box.sections)]
    title = wrapped_to(box.heading, width, 12, bold=True)
    lines = [f"<b>{_html(line)}</b>" for line in title]
    lines += [_html(line) for line in wrapped_to(box.owner, width, 12)] if box.owner else []
    lines += [_html(figure.text) for figure in box.figures]
    for section in box.sections:
        lines.append(f"<i>{_html(section.heading)}</i>")
        lines += [_html(line) for row in section.rows for line in wrapped_to(f"· {row}", width, 12)]
    return '<br align="left"/>'.join(lines) + '<br align="left"/>'


def _quoted(text: str) -> str:
    inner = _clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def _html(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign == "\n")
