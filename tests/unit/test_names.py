"""The names of the package: one list at run time, and the same for type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import procdef
from procdef.cli import run


def test_type_checkers_see_the_names_that_are_there() -> None:
    tree = ast.parse(Path(procdef.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {name.asname: node.module for node in block.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert seen == procdef._WHERE


def test_every_name_is_there_and_no_other() -> None:
    assert [name for name in procdef.__all__ if not hasattr(procdef, name)] == []
    assert not hasattr(procdef, "Enigne")


def test_the_names_are_listed() -> None:
    assert {*procdef.__all__, "Engine", "__version__"} <= set(dir(procdef))


def test_the_version_is_the_one_that_the_command_line_tells(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"procdef {procdef.__version__}\n"


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, procdef; print([name for name in sys.modules if name.startswith('procdef.')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
