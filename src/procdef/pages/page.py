"""A page: one HTML file that asks the network for nothing, and forbids itself to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from procdef.pages.links import leads_out
from procdef.pages.markdown import markdown
from procdef.pages.passages import Passage, Words, direction
from procdef.pages.words import WORDS
from procdef.resources import packaged
from procdef.unsafe_characters import tame
from procdef.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

Facts = Iterable[tuple[str | Passage, str | Passage]]


def page(
    template: str,
    *,
    language: str,
    title: str | Passage,
    command: str,
    facts: Facts,
    words: Words | None = None,
    styles: Iterable[str] = (),
    script: bool = False,
    personal: bool = False,
    **content: object,
) -> str:
    """The page that the template makes of ``content``; the same of all gives the same text.

    ``template`` is a file of ``templates`` that extends ``base.html``, with its blocks ``head``, ``nav`` and ``content``; it
    has what stands in ``content``, and ``words``. ``language`` is a BCP 47 code. ``command`` and ``facts`` stand in the footer:
    what made the page, and of which version of a process, or of which log (a label and a value each). ``words`` are the page's
    own words together with ``WORDS``. ``styles`` follow the kit's stylesheet, such as those of pictures; a page may have no
    others. With ``script`` the page gets search, filters and sorting. ``personal`` says in its head that it holds personal
    values.
    """
    style = "".join(part for part in (kit_file("page.css"), *styles))
    code = kit_file("page.js") if script else ""
    shown = environment().get_template(template).render(
        language=language,
        direction=direction(language),
        title=title,
        policy=_policy(style, code),
        style=_raw(style),
        script=_raw(code),
        personal=personal,
        made_by=f"procdef {__version__}",
        command=command,
        facts=list(facts),
        words=words or Words(language, WORDS),
        **content,
    )
    return tame(shown)


def _policy(style: str, script: str) -> str:
    """The page's Content-Security-Policy: its own style and script, and nothing from anywhere."""
    parts = ["default-src 'none'", f"style-src {_hash(style)}"]
    parts += [f"script-src {_hash(script)}"] if script else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _raw(text: str) -> object:
    from markupsafe import Markup

    return Markup(text)


def kit_file(name: str) -> str:
    """The text of a file of ``templates``."""
    return packaged("pages", "templates", name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """What makes pages of templates: every value is text, and one that is missing is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(kit_file), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )  # fmt: skip
    made.tests["leading_out"] = leads_out
    made.filters["markdown"] = markdown
    return made
