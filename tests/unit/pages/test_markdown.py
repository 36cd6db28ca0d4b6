"""Markdown of a process file on a page: what it becomes, and what it cannot become."""

from __future__ import annotations

import pytest

from procdef.pages.markdown import markdown

TABLE = [
    ("- [ ] Ask", '<ul>\n<li class="task"><span class="tick" aria-hidden="true"></span>Ask</li>\n</ul>\n'),
    ("1. [ ] Ask", '<ol>\n<li class="task"><span class="tick" aria-hidden="true"></span>Ask</li>\n</ol>\n'),
    (
        "- [x] Ask",
        '<ul>\n<li class="task"><span class="tick ticked" aria-hidden="true"></span><span class="unseen">done: </span>Ask</li>'
        "\n</ul>\n",
    ),
    ("- Ask [ ] twice", "<ul>\n<li>Ask [ ] twice</li>\n</ul>\n"),
    ("- [ ](https://a.example)", '<ul>\n<li><a href="https://a.example" rel="noopener noreferrer"> </a></li>\n</ul>\n'),
    ("[ ] Ask", "<p>[ ] Ask</p>\n"),
    ("# One\n## Two\n# Three", "<h3>One</h3>\n<h4>Two</h4>\n<h3>Three</h3>\n"),
    ("#### One\n# Two\n###### Three", "<h3>One</h3>\n<h3>Two</h3>\n<h4>Three</h4>\n"),
    ("[a](https://a.example)", '<p><a href="https://a.example" rel="noopener noreferrer">a</a></p>\n'),
    ("[a](mailto:a@a.example)", '<p><a href="mailto:a@a.example" rel="noopener noreferrer">a</a></p>\n'),
    ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
    ("[a](JAVASCRIPT&colon;alert(1))", "<p>[a](JAVASCRIPT:alert(1))</p>\n"),
    ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
    ("[a](//a.example)", "<p>[a](//a.example)</p>\n"),
    ("[a](file:///etc/passwd)", "<p>[a](file:///etc/passwd)</p>\n"),
    ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
    ("![a](https://a.example/x.png)", '<p><a href="https://a.example/x.png" rel="noopener noreferrer">a</a></p>\n'),
    ("![](https://a.example/x.png)", '<p><a href="https://a.example/x.png" rel="noopener noreferrer">?</a></p>\n'),
    (
        "[![a](https://a.example/x.png)](https://b.example)",
        '<p><a href="https://b.example" rel="noopener noreferrer">a</a></p>\n',
    ),
    ('<b onclick="x">a</b>', "<p>&lt;b onclick=&quot;x&quot;&gt;a&lt;/b&gt;</p>\n"),
    ("<!-- a -->", "<p>&lt;!-- a --&gt;</p>\n"),
    ("```<script>\n</code>\n```", "<pre><code class=\"language-&lt;script&gt;\">&lt;/code&gt;\n</code></pre>\n"),
    ("שלום", '<p dir="auto">שלום</p>\n'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), TABLE, ids=[each for each, _ in TABLE])
def test_markdown_becomes(written: str, shown: str) -> None:
    assert markdown(written) == shown


def test_a_wide_table_stands_in_a_box_of_its_own_with_a_name() -> None:
    shown = markdown("| a |\n|---|\n| 1 |", table='Tables & "more"')
    assert shown.startswith('<div class="wide" role="region" tabindex="0" aria-label="Tables &amp; &quot;more&quot;"><table>')
    assert shown.rstrip().endswith("</table></div>")


@pytest.mark.parametrize("text", ["[" * 20_000, "*" * 20_000 + "a", "> " * 5_000 + "a", "`" * 20_000, "- " * 5_000])
def test_what_is_written_to_take_long_does_not(text: str) -> None:
    assert markdown(text)
