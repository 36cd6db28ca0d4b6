"""The pages as a program makes them: in which language, of what, and what it is told where there is no such page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_handing_out_case_files import MAIJA, PROCESS

from procdef import Engine, InvalidArgument, load
from procdef.pages.casefile import hand_out
from procdef.pages.diagram import diagram
from procdef.pages.playbook import playbook
from procdef.pages.report import report_html
from procdef.reports import asked
from procdef.store.memory.store import MemoryStore

DEFINITION = load(PROCESS)


def test_a_handbook_is_in_the_first_language_of_the_process_or_in_the_one_asked_for() -> None:
    assert '<html lang="en"' in playbook(DEFINITION)
    assert '<html lang="fi"' in playbook(DEFINITION, "fi")


@pytest.mark.parametrize(
    ("made", "subject", "said"),
    [
        (lambda: playbook(DEFINITION, stage="asks"), "stage", 'short has no stage "asks" (did you mean "ask"?)'),
        (lambda: diagram(DEFINITION, "png"), "form", "`form` is svg or mermaid or dot"),
        (lambda: diagram(DEFINITION, detail="much"), "detail", "`detail` is stages or full"),  # type: ignore[arg-type]
        (lambda: diagram(DEFINITION, direction="up"), "direction", "`direction` is right or down"),  # type: ignore[arg-type]
        (lambda: diagram(DEFINITION, direction=[]), "direction", "`direction` is right or down"),  # type: ignore[arg-type]
        (lambda: diagram(DEFINITION, []), "form", "`form` is svg or mermaid or dot"),  # type: ignore[arg-type]
        (lambda: diagram(DEFINITION, language="a\0b"), "language", "a language is a code, as en or fi-FI"),
        (lambda: diagram("short"), "definition", "a picture is that of a ProcessDefinition"),  # type: ignore[arg-type]
        (
            lambda: diagram(DEFINITION, counts={}),  # type: ignore[arg-type]
            "counts", "a picture is painted with what was counted, or with what was tried",
        ),
        (lambda: playbook("short"), "definition", "a handbook is that of a ProcessDefinition"),  # type: ignore[arg-type]
        (lambda: playbook(DEFINITION, "!!"), "language", "a language is a code, as en or fi-FI"),
        (lambda: playbook(DEFINITION, ""), "language", "a language is a code, as en or fi-FI"),
        (lambda: playbook(DEFINITION, stage=1), "stage", "a stage is named by its id, a text"),  # type: ignore[arg-type]
        (
            lambda: playbook(DEFINITION, others={"fi": 5}),  # type: ignore[dict-item]
            "others", '`others` names by language where the same handbook stands, as {"fi": "handbook.fi.html"}',
        ),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_by_its_argument(made: Callable[[], str], subject: str, said: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        made()
    assert (refused.value.subject, str(refused.value)) == (subject, said)


def test_a_report_is_in_the_language_of_the_engine_with_groups_of_its_own() -> None:
    engine = Engine(MemoryStore())
    engine.publish(DEFINITION, by=MAIJA)
    engine.start("short", "A-1", by=MAIJA)
    page = report_html(engine.in_language("fi"), asked(engine, "short", last="90d"))
    assert '<html lang="fi"' in page
    assert "procdef report short --html" in page
    assert "by owner" in page


@pytest.mark.parametrize("language", ["fi", "FI", "fi-FI", "fi_FI"])
def test_a_language_of_a_country_is_that_language_on_every_page(language: str) -> None:
    engine = Engine(MemoryStore()).in_language(language)
    engine.publish(DEFINITION, by=MAIJA)
    engine.start("short", "A-1", by=MAIJA)
    handed = hand_out(engine, "A-1", by=MAIJA)
    assert (handed.file.language, handed.file.deal.stage_title) == ("fi", "Kysy")
    for page in (handed.content.decode(), playbook(DEFINITION, language), report_html(engine, asked(engine, "short"))):
        assert "Siirry sisältöön" in page
        assert "Kysy" in page
        assert ">Ask<" not in page


def test_a_case_file_is_in_a_language_of_its_process_so_that_the_command_makes_it_again() -> None:
    engine = Engine(MemoryStore()).in_language("sv")
    engine.publish(DEFINITION, by=MAIJA)
    engine.start("short", "A-1", by=MAIJA)
    handed = hand_out(engine, "A-1", by=MAIJA)
    assert (handed.file.language, "--lang en -o FILE" in handed.file.proof.verify[2].command) == ("en", True)
    assert '<html lang="en"' in handed.content.decode()


def test_a_picture_says_which_words_are_english() -> None:
    drawn = diagram(DEFINITION, detail="full", language="fi-FI")
    assert 'xml:lang="en">' in drawn.partition("\n")[0]
    assert '<title id="title" xml:lang="fi">Lyhyt (short v1)</title>' in drawn
    assert '<text class="title" xml:lang="fi" ' in drawn
    assert '<desc id="desc">1. Kysy, owned by Seller' in drawn
    assert drawn.count("xml:lang") > diagram(DEFINITION, detail="full").count("xml:lang") == 1
