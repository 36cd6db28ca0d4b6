"""The pages as a program makes them: in which language, of what, and what it is told where there is no such page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_handing_out_case_files import MAIJA, PROCESS

from procdef import Engine, InvalidArgument, load
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
    ],
)
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
