"""Markdown as markup: raw HTML stays text, links lead to http, https and mailto only, and nothing is loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from procdef.pages.links import leads_out
from procdef.pages.passages import leftward

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
    from markupsafe import Markup

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_DEEPEST = 6


def markdown(text: str, *, below: int = 2, done: str = "done", table: str = "Table") -> Markup:
    """The text as markup.

    ``below``: the level of the heading under which it stands; its own headings follow in order. A list item that begins with
    ``[ ]`` or ``[x]`` gets the picture of a box. ``done`` is said of a ticked one, ``table`` is what a table is called.
    """
    from markupsafe import Markup

    found: str = _reader().render(text, {"below": below, "done": done, "table": table})
    return Markup(found)


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class Reader(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802, as markdown-it calls it
            return leads_out(url)

    reader = Reader("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.core.ruler.push("procdef", _reworked)
    reader.add_render_rule("image", _image)
    reader.add_render_rule("table_open", _table_open)
    reader.add_render_rule("table_close", _table_close)
    return reader


def _reworked(state: StateCore) -> None:
    """Headings in order below the page's own, boxes of tasks, links that tell nobody where they came from."""
    above: list[int] = []
    tokens = state.tokens
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            if token.type == "heading_open":
                level = int(token.tag[1])
                above = [*(one for one in above if one < level), level]
            token.tag = f"h{min(state.env['below'] + len(above), _DEEPEST)}"
        elif token.type == "inline":
            if tokens[place - 1].type == "paragraph_open" and place > 1 and tokens[place - 2].type == "list_item_open":
                _tick(token, tokens[place - 2], state.env["done"])
            if leftward(token.content):
                tokens[place - 1].attrSet("dir", "auto")
            for child in token.children or ():
                if child.type == "link_open":
                    child.attrSet("rel", "noopener noreferrer")


def _tick(token: Token, item: Token, done: str) -> None:
    """Turn the ``[ ]`` at the beginning of a list item into the picture of a box."""
    from markdown_it.token import Token

    first = token.children[0] if token.children else None
    found = _TASK.match(first.content) if first is not None and first.type == "text" else None
    if first is None or found is None:
        return
    first.content = first.content[found.end() :]
    item.attrSet("class", "task")
    ticked = found[1] != " "
    # What stands here is ours but for ``done``, which is escaped; of the text nothing passes through.
    box = Token("html_inline", "", 0)
    box.content = f'<span class="tick{" ticked" if ticked else ""}" aria-hidden="true"></span>'
    if ticked:
        box.content += f'<span class="unseen">{escape(done)}: </span>'
    token.children = [box, *(token.children or ())]


def _image(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    """A link to the picture, as a page loads nothing; within a link only what the picture is called."""
    token = tokens[place]
    name, address = escape(token.content or "?"), str(token.attrGet("src") or "")
    opened = sum({"link_open": 1, "link_close": -1}.get(each.type, 0) for each in tokens[:place])
    return name if opened else f'<a href="{escape(address)}" rel="noopener noreferrer">{name}</a>'


def _table_open(_self: Any, _tokens: Any, _place: int, _options: Any, env: Any) -> str:
    return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(env["table"])}"><table>\n'


def _table_close(_self: Any, _tokens: Any, _place: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"
