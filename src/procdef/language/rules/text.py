"""Rules on the text of a file, reported while it is read."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "text")

RULES: tuple[Rule, ...] = (
    reported(
        "syntax",
        Severity.ERROR,
        """
        YAML could not be read from here on, so nothing after it was looked at. Mend this place first.

        The usual causes, each with the wrong line and the right one:

        - a line is indented more or less than the lines it belongs with: `     owner: seller` under `    title: Lead`; indent
          all keys of one mapping by the same number of spaces, and never with a tab
        - the colon, or the space after it, is missing: `title Lead`, `title:Lead`; write `title: Lead`
        - the dash, or the space after it, is missing in a list: `-Who decides?`; write `- Who decides?`
        - a bracket is not closed: `{title: Lead`, `[seller, manager`; write `{title: Lead}`, `[seller, manager]`
        - a quotation mark is not closed, or there is one too many: `"Lead`; write `"Lead"`
        - an apostrophe ends the text: `'The customer's order'`; write `"The customer's order"`
        - a character only looks like a space, because it was copied from a web page or a word processor; type a space instead
        - a line does not belong to the process; remove it, or begin it with `#` to make it a comment.
        """,
    ),
    reported(
        "duplicate-key",
        Severity.ERROR,
        "Most programs silently keep one of two equal keys, and what the other said is lost. Remove or rename one.",
    ),
    reported(
        "not-text-key",
        Severity.ERROR,
        "Keys are ids, and an id is text. Write a number, true, false or null in quotes when it is meant as an id.",
    ),
    reported(
        "alias-bomb",
        Severity.ERROR,
        "Aliases that contain themselves, or repeat each other, grow without end. Write the values out.",
    ),
    reported(
        "too-large",
        Severity.ERROR,
        """
        A process file may have at most 1 MiB and 100,000 values, so that checking it never takes long. Remove what does not
        belong in it; link long guides from `materials`.
        """,
    ),
    reported(
        "too-deep",
        Severity.ERROR,
        """
        No process nests deeper than 64 levels; a deeper file is damaged or hostile. Remove the brackets or the indentation that
        nobody meant.
        """,
    ),
    reported(
        "encoding",
        Severity.ERROR,
        """
        A file must be UTF-8 without invisible control characters, so that what people see is what is read. Save it as UTF-8,
        and delete the character that the message names.
        """,
    ),
    reported(
        "several-documents",
        Severity.ERROR,
        "One file is one process. Move what follows the line `---` into a file of its own.",
    ),
    reported("merge-key", Severity.ERROR, "Merge keys hide where a value comes from. Write the keys out."),
    reported(
        "unknown-tag",
        Severity.ERROR,
        "Tags ask a program to build objects, which procdef never does. Remove the tag, or put the text in quotes.",
    ),
    reported(
        "empty-file",
        Severity.ERROR,
        "There is nothing to check. `procdef new FILE` writes a file to start from.",
    ),
    reported(
        "cut-by-yaml",
        Severity.ERROR,
        "Some characters have a meaning of their own in YAML, which changes the text. Put the text in quotes.",
    ),
    reported(
        "unreadable",
        Severity.ERROR,
        "The file does not exist, is a folder, or may not be read. Correct its name or its permissions.",
    ),
)
