"""Imports point one way, so that a reader can follow the data's way through the folders."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "panelpress"
COMMON = {"durable", "errors", "paths", "model", "schemas"}
ALLOWED = {
    "durable": set(),
    "errors": set(),
    "paths": set(),
    "model": {"errors"},
    "schemas": {"errors", "paths", "model"},
    "raw": COMMON,
    "build": COMMON,
    "validation": COMMON,
    "publish": COMMON | {"raw", "build", "validation"},
    "cli": COMMON | {"raw", "build", "validation", "publish"},
}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[tuple[str, ...]]:
    names: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write absolute imports"
            names |= {(*(node.module or "").split("."), alias.name) for alias in node.names}
    return {name for name in names if name[0] == "panelpress" and len(name) > 1}


MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if path != SOURCE / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_rooms_before_it(path: Path) -> None:
    own = room(path)
    foreign = {name[1] for name in imported(path)} - {own, "__version__"}
    assert foreign <= ALLOWED[own], f"{own} may not import {sorted(foreign - ALLOWED[own])}"


def test_the_attacker_reads_release_files_and_shares_no_code_with_the_protector() -> None:
    folder = SOURCE / "validation" / "disclosure"
    for path in folder.rglob("*.py"):
        for name in imported(path):
            assert name[1] in {"errors", "model"} or name[1:3] == ("validation", "disclosure"), f"{path} imports {name}"


def test_no_two_modules_of_tests_have_one_name() -> None:
    """pytest imports them by their names alone: of two alike, each passes on its own and one stops the whole suite."""
    named = Counter(path.name for path in (SOURCE.parents[1] / "tests").rglob("*.py"))
    assert [name for name, n in named.items() if n > 1 and name != "conftest.py"] == []
