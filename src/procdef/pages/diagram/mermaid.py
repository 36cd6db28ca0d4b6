"""The picture as a flowchart of Mermaid, which GitHub, GitLab and many editors draw. https://mermaid.js.org/syntax/flowchart"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.pages.diagram.contents import Box, Contents
from procdef.pages.diagram.placement import RANK_DIRECTIONS, Direction


def mermaid(contents: Contents, direction: Direction) -> str:
    """The flowchart. Stages are named ``s1``, ``s2`` ... after their numbers, as ids could be words of Mermaid."""
    return "\n".join(_lines(contents, direction)) + "\n"


def _lines(contents: Contents, direction: Direction) -> Iterator[str]:
    names = {box.id: f"s{box.number}" for box in contents.boxes}
    yield "---"
    yield f"title: {_yaml(f'{contents.title} ({contents.name})')}"
    yield "---"
    yield f"flowchart {RANK_DIRECTIONS[direction]}"
    for box in contents.boxes:
        left, right = ('(["', '"])') if box.won != "before" else ('["', '"]')
        yield f"    {names[box.id]}{left}{'<br/>'.join(_shown(box))}{right}"
    for arrow in contents.arrows:
        line = "-.->" if arrow.back else "-->"
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        yield f"    {names[arrow.source]} {line}{label} {names[arrow.target]}"
    if contents.counted:
        yield f'    counted["{_escaped(contents.counted)}"]'
        yield "    style counted fill:none,stroke:none"
        for place, arrow in enumerate(contents.arrows):
            yield f"    linkStyle {place} stroke-width:{1 + 5 * arrow.weight:.1f}px"
    if contents.undrawn:
        yield f'    undrawn["{_escaped(contents.undrawn)}"]'
        yield "    style undrawn fill:none,stroke:none"
    if contents.lost is not None:
        yield f'    lost["✗ {_escaped(contents.lost)}"]'
        yield "    style lost fill:none,stroke:none"
    won = ",".join(names[box.id] for box in contents.boxes if box.won != "before")
    if won:
        yield "    classDef won fill:#dff3e4,stroke:#2f7d4a,color:#1c2430"
        yield f"    class {won} won"


def _shown(box: Box) -> Iterator[str]:
    yield f"<b>{_escaped(box.heading)}</b>"
    if box.owner:
        yield _escaped(box.owner)
    yield from (_escaped(figure.text) for figure in box.figures)
    for section in box.sections:
        yield f"<i>{section.heading}</i>"
        yield from (f"· {_escaped(row)}" for row in section.rows)


def _escaped(text: str) -> str:
    """A text as Mermaid takes it between quotes: by the code of each character that means something to it or to HTML."""
    return "".join(f"#{ord(sign)};" if sign in "\"#;<>&`\\[](){}|*_" or sign < " " else sign for sign in text)


def _yaml(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'
