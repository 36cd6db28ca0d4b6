"""A character of a value is found again in the file, however YAML writes the value."""

from __future__ import annotations

import pytest

from procdef.language.yaml.nodes import MappingNode, ScalarNode
from procdef.language.yaml.positions import offsets
from procdef.language.yaml.reader import read


@pytest.mark.parametrize(
    "written",
    [
        "k: plain X here\n",
        "k: plain\n  folded X here\n",
        "k: 'it''s X'\n",
        'k: "a\\tb \\u00e4 X"\n',
        'k: "a\\\n  bc X"\n',
        "k: |\n  first\n  second X\n",
        "k: >-  # note\n\n    first\n    second X\n",
        "{k: [plain X]}\n",
    ],
)
def test_the_marked_character_is_found(written: str) -> None:
    root = read(written.encode(), "x.yaml").root
    assert isinstance(root, MappingNode)
    node = root.entries["k"].value
    if not isinstance(node, ScalarNode):
        assert not isinstance(node, MappingNode)
        node = node.entries[0].value
    assert isinstance(node, ScalarNode)
    assert written.index("X") == offsets(written, node)[node.text.index("X")]
