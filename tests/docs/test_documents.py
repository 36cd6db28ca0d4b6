"""Documents hang together: examples in Python run, links lead somewhere, nothing that a reader looks up is left out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT, blocks

from procdef.advice.refusal_sentences import REFUSAL_CODES
from procdef.cli.command_table import COMMANDS

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_PYTHON = [page for page in PAGES if "```python" in page.read_text("utf-8") and page.name != "README.md"]
LANGUAGES = {"console", "python", "yaml", "json", "jsonl", "diff", "text", "sh", "sql"}


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_the_examples_of_a_page_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    examples = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    exec(compile("\n".join(examples), page.name, "exec"), {"__name__": "example"})


def test_the_examples_of_embedding_are_typed(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    text = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    (tmp_path / "example.py").write_text("\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), "utf-8")
    (tmp_path / "misspelt.py").write_text("from procdef import Enigne\n", "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache" / "docs"), "."]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    (error, _summary) = told.stdout.splitlines()
    assert 'misspelt.py:1: error: Module "procdef" has no attribute "Enigne"' in error


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")) if not link.startswith("http")]
    assert [link for link in links if not _leads_somewhere(page, *link.partition("#")[::2])] == []


def _leads_somewhere(page: Path, file: str, heading: str) -> bool:
    target = page.parent / file if file else page
    if not heading or not target.exists():
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
    return heading in [re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_stands_where_it_is_run(page: Path) -> None:
    text = page.read_text("utf-8")
    assert {block.language for block in blocks(text)} <= LANGUAGES
    assert re.findall(r"^ *\$ .*", re.sub(r"```(console|text)\n.*?```", "", text, flags=re.DOTALL), re.MULTILINE) == []


def test_the_files_that_contributors_are_sent_to_exist() -> None:
    named = re.findall(r"`([\w.]+/[\w./]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert sorted(page for page in pages if f"({page})" not in index) == []


@pytest.mark.parametrize("code", REFUSAL_CODES)
def test_a_code_of_refusal_is_explained(code: str) -> None:
    assert f"\n| `{code}` |" in (ROOT / "docs" / "meaning.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"demo", "new", "schema"}))
def test_the_output_for_programs_of_a_command_is_described(name: str) -> None:
    assert re.search(rf"`{name}[` ]", (ROOT / "docs" / "output.md").read_text("utf-8"))
