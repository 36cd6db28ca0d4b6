"""No module imports itself by way of others, not even inside a function or for types alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import procdef
from procdef.graph import Reach

SOURCE = Path(procdef.__file__).parent


def name_of(module: Path) -> str:
    parts = ["procdef", *module.relative_to(SOURCE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(module: Path, known: set[str]) -> Iterator[str]:
    """The modules of the package that a module imports anywhere. A name that is a module stands for it, not for its package."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            whole = {f"{node.module}.{name.name}" for name in node.names}
            yield from whole & known
            if whole - known:
                yield str(node.module)


def circles() -> list[list[str]]:
    modules = {name_of(module): module for module in SOURCE.rglob("*.py")}
    known = set(modules)
    graph = {name: tuple(imported_by(module, known)) for name, module in modules.items()}
    return sorted(sorted(circle) for circle in Reach.of(graph).groups)


def test_no_module_leads_back_to_itself() -> None:
    assert circles() == []


def test_every_module_is_looked_at() -> None:
    assert "procdef.language.check" in {name_of(module) for module in SOURCE.rglob("*.py")}
