"""Rules on the text of a file, reported while it is read."""

from __future__ import annotations

from procdef.language.rules.rule import Rule
from procdef.language.rules.text import (
    alias_bomb,
    cut_by_yaml,
    duplicate_key,
    empty_file,
    encoding,
    merge_key,
    not_text_key,
    several_documents,
    syntax,
    too_deep,
    too_large,
    unknown_tag,
    unreadable,
)

RULES: tuple[Rule, ...] = (
    syntax.RULE,
    duplicate_key.RULE,
    not_text_key.RULE,
    alias_bomb.RULE,
    too_large.RULE,
    too_deep.RULE,
    encoding.RULE,
    several_documents.RULE,
    merge_key.RULE,
    unknown_tag.RULE,
    empty_file.RULE,
    cut_by_yaml.RULE,
    unreadable.RULE,
)
