"""What every page has, whatever stands on it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import jinja2
import pytest

from procdef.pages.links import leads_out
from procdef.pages.page import page
from procdef.pages.passages import Passage


def made(**options: Any) -> str:
    given: dict[str, Any] = {"language": "en", "title": "A page", "command": "procdef page", "facts": [("Process", "sales v1")]}
    return page("base.html", **given | options)


@pytest.mark.parametrize("script", [False, True])
def test_the_policy_allows_the_style_and_script_of_the_page_and_nothing_else(script: bool) -> None:
    shown = made(script=script, styles=[".a{color:red}\n", ".b > .c{color:blue}"])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', shown)
    assert policy is not None
    for element in ("style", *("script",) * script):
        content = re.findall(rf"<{element}>(.*?)</{element}>", shown, re.DOTALL)
        assert len(content) == 1
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert f"{element}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;; ")
    assert ("script-src" in policy[1]) == script


def test_the_same_values_give_the_same_page_and_a_page_says_what_made_it() -> None:
    assert made() == made()
    assert "<code>procdef page</code>" in made()
    assert "<dt>Process</dt><dd>sales v1</dd>" in made()


def test_a_page_with_personal_values_says_so_in_its_head() -> None:
    assert "holds personal data" not in made()
    assert "holds personal data" in made(personal=True).partition("<main")[0]
    assert "Sivulla on henkilötietoja" in made(personal=True, language="fi")


def test_a_title_in_another_language_is_marked_where_that_can_be() -> None:
    shown = made(title=Passage("Myynti & <muu>", "fi"))
    assert "<title>Myynti &amp; &lt;muu&gt;</title>" in shown
    assert '<h1><span lang="fi">Myynti &amp; &lt;muu&gt;</span></h1>' in shown


def test_what_turns_the_direction_of_writing_is_spelt() -> None:
    shown = made(title="abc\u202edef\u2066\x00\x1b[0m")
    assert "abc\\u202edef\\u2066\\u0000\\u001b[0m" in shown


def test_a_value_that_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(jinja2.UndefinedError):
        page("playbook.html", language="en", title="A page", command="procdef page", facts=[])


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://a.example/b?c=d#e", True), ("HTTP://a.example", True), ("mailto:a@a.example", True),
        (" https://a.example ", True),
        ("javascript:alert(1)", False), ("java\nscript:alert(1)", False), ("data:text/html,x", False), ("//a.example", False),
        ("file:///etc/passwd", False), ("https:", False), ("vbscript:x", False), ("https://a.example\njavascript:x", False),
        ("", False),
    ],
)  # fmt: skip
def test_addresses_that_become_links(address: str, allowed: bool) -> None:
    assert leads_out(address) is allowed
