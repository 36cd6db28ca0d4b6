"""The kit of all pages, in a browser: what it shows, and that what it is given stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

from procdef.pages.markdown import markdown
from procdef.pages.page import environment, page
from procdef.pages.passages import Passage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "</style></script><h1>x", "x" * 300, "{{ 7*7 }}", "]]>",
    "<!-- --> --", "שלום (abc) عالم", "🚀 👩‍👩‍👧 🚀", "\u202etxet", "\x00\x1b[31m", "javascript:alert(1)",
    '" onmouseover="alert(1)',
)  # fmt: skip

_PLAIN = """\
{% extends "base.html" %}
{% import "parts.html" as parts with context %}
{% block content %}
{{ parts.search() if script }}
<section data-search-group>
<h2>Texts</h2>
<ul>
{% for text in texts %}
<li data-search>{{ text }}</li>
{% endfor %}
</ul>
{{ guide }}
{% call parts.wide("Texts") %}
<table data-sort><thead><tr><th scope="col">Text</th></tr></thead><tbody>
{% for text in texts %}
<tr><td>{{ text }}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
</section>
{% endblock %}
"""


@pytest.fixture(autouse=True)
def plain_template(monkeypatch: pytest.MonkeyPatch) -> None:
    loaders = [DictLoader({"plain.html": _PLAIN}), environment().loader]
    monkeypatch.setattr(environment(), "loader", ChoiceLoader([each for each in loaders if each]))


def made(*texts: str, **options: Any) -> str:
    given = {"language": "en", "title": "A page", "command": "procdef page", "facts": [("Process", "sales v1")]} | options
    return page("plain.html", texts=texts, guide=markdown("\n\n".join(texts)), **given)


def test_the_kit_has_no_faults_to_be_seen(looked_at: Callable[[str], None]) -> None:
    looked_at(made("Some text", "- [ ] to do\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |", script=True, personal=True))


@pytest.mark.parametrize("language", ["en", "fi", "sv", "ar"])
def test_every_text_stays_text(opened: Open, looked_at: Callable[[str], None], language: str) -> None:
    shown = made(*HOSTILE, language=language, title=HOSTILE[0], command=HOSTILE[1], facts=[(each, each) for each in HOSTILE])
    looked_at(shown)
    found = opened(shown)
    assert found.locator("h1").count() == 1
    assert found.locator("h1").inner_text() == HOSTILE[0]
    assert found.locator("script, img, [onerror], [onmouseover]").count() == 0
    assert found.locator("a[href^='javascript']").count() == 0


def test_the_policy_of_a_page_stops_what_came_in_some_other_way(chromium: Browser, tmp_path: Path) -> None:
    shown = made("text", script=True).replace(
        "</main>",
        "<script>document.title = 'run'</script><img src='https://elsewhere.example/x.png' onerror='document.title = 1'>"
        "<style>main { display: none }</style><form action='https://elsewhere.example'><button>Send</button></form></main>",
    )
    (tmp_path / "page.html").write_text(shown, encoding="utf-8")
    context = chromium.new_context(offline=True)
    found, told = context.new_page(), []
    found.on("console", lambda message: told.append(message.text))
    found.goto((tmp_path / "page.html").as_uri())
    assert found.title() == "A page"
    assert found.locator("main").is_visible()
    found.evaluate("() => document.forms[0].requestSubmit()")
    found.wait_for_timeout(200)
    assert found.url.startswith("file:")
    for directive in ("script-src 'sha256-", "style-src 'sha256-", "default-src 'none'", "form-action 'none'"):
        assert [each for each in told if directive in each], (directive, told)
    context.close()


def test_search_shows_what_holds_the_words_and_the_heading_of_a_group_holds_all_of_it(opened: Open) -> None:
    found = opened(made("apples and pears", "plums", "<b>pears</b>", script=True))
    search = found.get_by_label("Search this page")
    search.fill("PEARS")
    assert found.locator("main li:visible").all_inner_texts() == ["apples and pears", "<b>pears</b>"]
    assert found.get_by_role("status").inner_text() == "2 found"
    search.fill("texts")
    assert found.locator("main li:visible").count() == 3
    search.fill("nowhere")
    assert found.get_by_role("status").inner_text() == "Nothing found"
    search.press("Escape")
    assert found.locator("main li:visible").count() == 3


def test_a_table_is_sorted_by_its_headings_and_what_is_empty_stands_last(opened: Open) -> None:
    found = opened(made("10", "9", "", "100", script=True))
    head = found.get_by_role("button", name="Text")
    head.click()
    assert found.locator("tbody td").all_inner_texts() == ["9", "10", "100", ""]
    head.click()
    assert found.locator("tbody td").all_inner_texts() == ["100", "10", "9", ""]
    assert found.locator("th").first.get_attribute("aria-sort") == "descending"


def test_without_a_script_everything_is_there_and_nothing_offers_what_does_not_work(opened: Open) -> None:
    found = opened(made("apples", "plums", script=True), scripts=False)
    assert found.locator("main li:visible").all_inner_texts() == ["apples", "plums"]
    assert not found.locator("#search").is_visible()


def test_another_language_is_marked(opened: Open) -> None:
    found = opened(made("text", language="sv", facts=[(Passage("Prosessi", "fi"), "myynti v1")]))
    assert found.locator("html").get_attribute("lang") == "sv"
    assert found.locator("footer dt span").all_inner_texts() == ["Made by", "Prosessi"]
    assert [each.get_attribute("lang") for each in found.locator("footer dt span").all()] == ["en", "fi"]


def test_a_page_is_printed_without_what_only_a_screen_needs(opened: Open, tmp_path: Path) -> None:
    found = opened(made("apples", script=True))
    found.emulate_media(media="print")
    assert not found.locator("#search").is_visible()
    assert not found.locator(".skip").is_visible()
