"""The ways of writing YAML: read as YAML means them, or refused at the place, and never by a crash."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from procdef.language.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from procdef.language.yaml.positions import offsets
from procdef.language.yaml.reader import read
from procdef.language.yaml.scalars import plain_form

READ = [
    ({"a": "b"}, "a: b"),
    ({"a": "b"}, "--- {a: b}\n...\n"),
    ({"a": "b"}, "%YAML 1.2\n---\na: b\n"),
    ({"a": "b"}, "---\n# note\na: b # note\n# note\n"),
    ({"a": "b"}, '"a" : "b"'),
    ({"a": "b"}, "{'a':'b'}"),
    ({"a": "b"}, '{"a":b}'),
    ({"a": "b"}, "? a\n: b\n"),
    ({"a": "b"}, "{? a : b}"),
    ({"a": None, "b": None}, "? a\n? b\n"),
    ({"a": None}, "a:"),
    ({"a": None}, "{a}"),
    ({"a": ""}, "a: ''"),
    ({"a": "b c"}, "a: b\n  c\n"),
    ({"a": "b c\nd"}, "a: b\n  c\n\n  d\n"),
    ({"a": "b # c"}, "a: 'b # c'"),
    ({"a": "b#c"}, "a: b#c"),
    ({"a": "it's"}, "a: 'it''s'"),
    ({"a": 'say "x"\t\u00e4'}, 'a: "say \\"x\\"\\t\\u00e4"'),
    ({"a": "b c"}, 'a: "b\n  c"\n'),
    ({"a": "bc"}, 'a: "b\\\n  c"\n'),
    ({"a": "b\n\nc\n"}, "a: |\n  b\n\n  c\n\n"),
    ({"a": "b\n\nc\n\n"}, "a: |+\n  b\n\n  c\n\n"),
    ({"a": "b c\nd"}, "a: >-\n  b\n  c\n\n  d\n"),
    ({"a": " b\n"}, "a: |1\n  b\n"),
    ({"a": "b\n"}, "a: | # note\n  b\n"),
    ({"a": "b\nc"}, "a: |-\r\n  b\r\n  c\r\n"),
    ({"a": ["b", "c"]}, "a:\n- b\n- c\n"),
    ({"a": ["b", "c"]}, "a: [b, c,]"),
    ({"a": [["b"], {"c": "d"}]}, "a:\n  - - b\n  - c: d\n"),
    ({"a": [{"b": "c"}]}, "a: [b: c]"),
    ({"a": {"b": "c d"}}, "a: {b: c\n  d}"),
    ({"a": "x", "b": "x"}, "a: &one x\nb: *one\n"),
    ({"a": ["x"], "b": ["x"]}, "a: &one [x]\nb: *one\n"),
    ({"a": ":x", "b": ":x"}, "a: &one\n  :x\nb: *one\n"),
    ({"a": None, "b": None}, "{a: &one , b: *one}"),
    ({"a": None}, "{&one a: &two }"),
    ({"a": "2", "b": "2"}, "a: &b !!str 2\nb: *b\n"),
    ({"a": "https://x.example/?q=1&r=2"}, "a: https://x.example/?q=1&r=2"),
    ({"a": "12:30", "b": "2026-01-31", "c": "NO", "d": "010x"}, "{a: 12:30, b: 2026-01-31, c: NO, d: 010x}"),
    ({"a": 10, "b": -3, "c": Decimal("0.10"), "d": True, "e": None}, "{a: 010, b: -3, c: 0.10, d: true, e: ~}"),
    (
        {"a": "1e3", "b": "0x1F", "c": ".inf", "d": "True", "e": "1_000"},
        "{a: 1e3, b: 0x1F, c: .inf, d: True, e: 1_000}",
    ),
    (["a"], "- a"),
    ("a", "a"),
]
REFUSED = [
    ("syntax", (2, 2), "a: b\n c: d"),
    ("syntax", (2, 1), "a:\n\tb: c"),
    ("syntax", (1, 4), "a: [b\nc: d"),
    ("syntax", (1, 4), 'a: "b\nc: d\n'),
    ("syntax", (1, 4), 'a: "b\nc: d\ne: "f"\n'),
    ("cut-by-yaml", (1, 5), 'a: "\\q"'),
    ("several-documents", (2, 1), "a: b\n---\nc: d\n"),
    ("duplicate-key", (2, 1), "a: b\na: c\n"),
    ("duplicate-key", (1, 8), "{a: b, 'a': c}"),
    ("not-text-key", (1, 1), "1: b"),
    ("not-text-key", (1, 1), "true: b"),
    ("not-text-key", (1, 1), "[a]: b"),
    ("not-text-key", (1, 3), "? {a: b}\n: c\n"),
    ("merge-key", (2, 1), "a: &a {b: c}\n<<: *a\n"),
    ("unknown-tag", (1, 4), "a: !x b"),
    ("unknown-tag", (1, 4), "a: !!binary aGk="),
    ("unknown-tag", (1, 4), "a: !!python/object/apply:os.system [x]"),
    ("alias-bomb", (1, 8), "a: &a [*a]"),
    ("cut-by-yaml", (1, 4), "a: *b"),
    ("not-text-key", (1, 3), "&a: b"),
    ("cut-by-yaml", (1, 4), "a: &b:c d"),
    ("cut-by-yaml", (1, 4), "a: &b?c"),
    ("cut-by-yaml", (1, 5), "a: [?b, c]"),
    ("cut-by-yaml", (1, 2), "{?a: b}"),
    ("cut-by-yaml", (1, 8), "a: {b, ?c d: e}"),
    ("encoding", (1, 4), "a: \x01"),
    ("encoding", (1, 4), 'a: "\\u202e"'),
    ("empty-file", (1, 1), "# nothing\n"),
    ("empty-file", (1, 1), "---\n...\n"),
]


def texts(node: Node) -> object:
    """The tree as PyYAML reads it when every scalar stays text."""
    if isinstance(node, MappingNode):
        return {key: texts(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return [texts(entry.value) for entry in node.entries]
    return node.text


def scalars(node: Node) -> list[ScalarNode]:
    if isinstance(node, ScalarNode):
        return [node]
    entries = node.entries.values() if isinstance(node, MappingNode) else node.entries
    return [scalar for entry in entries for scalar in scalars(entry.value)]


@pytest.mark.parametrize(("expected", "written"), READ, ids=[written for _, written in READ])
def test_a_way_of_writing_is_read_as_yaml_means_it(expected: object, written: str) -> None:
    reading = read(written.encode(), "x.yaml")
    assert reading.findings == ()
    assert reading.root is not None
    assert expected == plain(reading.root)
    assert yaml.load(written, yaml.BaseLoader) == texts(reading.root)


@pytest.mark.parametrize("written", [written for _, written in READ])
def test_every_character_of_a_value_is_found_in_the_file(written: str) -> None:
    root = read(written.encode(), "x.yaml").root
    assert root is not None
    for node in scalars(root):
        places = offsets(written, node)
        assert len(node.text) == len(places)
        shown = [(c, written[at]) for c, at in zip(node.text, places, strict=True) if c.isalnum()]
        assert all(c == there or there == "\\" for c, there in shown)


@pytest.mark.parametrize(("code", "place", "written"), REFUSED, ids=[written for _, _, written in REFUSED])
def test_what_is_refused_is_refused_at_its_place(code: str, place: tuple[int, int], written: str) -> None:
    reading = read(written.encode(), "x.yaml")
    span = reading.text.span_of(reading.findings[0].place)
    assert (code, place) == (reading.findings[0].code, (span.line, span.column))


@pytest.mark.parametrize(
    ("expected", "due", "text"),
    [
        ("true", "boolean", "True"),
        ("true", "boolean", "yes"),
        ("false", "boolean", "OFF"),
        (None, "boolean", "1"),
        ("2", "integer", "2"),
        ("31", "integer", "0x1F"),
        ("1000", "integer", "1e3"),
        ("250000", "integer", "250 000"),
        ("1000", "integer", "1_000"),
        (None, "integer", "2.5"),
        ("2.5", "number", "2.5 %"),
        ("7.5", "number", "7,5"),
        ("1000.50", "number", "1,000.50"),
        (None, "number", ".inf"),
        (None, "number", "nan"),
        (None, "number", "1e999999999"),
        (None, "number", "many"),
        (None, "string", "12"),
    ],
)
def test_what_was_meant_as_a_number_or_a_switch_has_a_plain_form(expected: str | None, due: str, text: str) -> None:
    assert expected == plain_form(text, [due])
