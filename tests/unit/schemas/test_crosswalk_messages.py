"""Each rule of the language has a broken declaration, and the exact message that a data manager gets for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_beyond import MUTATIONS as BEYOND
from broken_declarations import MUTATIONS as DECLARATIONS
from broken_variables import MUTATIONS as VARIABLES

from language_world import problems
from panelpress.schemas.checker import Problem

MUTATIONS = (*VARIABLES, *DECLARATIONS, *BEYOND)


def test_the_unbroken_project_has_no_mistakes(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation[0])
def test_a_broken_declaration_is_named_with_file_line_and_what_to_do(tmp_path: Path, mutation: tuple[str, ...]) -> None:
    _, file, old, new, where, what, todo = mutation
    found = problems(tmp_path, file, old, new)
    assert Problem(where, what, todo) in found


def test_every_way_of_breaking_it_has_a_name_of_its_own() -> None:
    assert len({mutation[0] for mutation in MUTATIONS}) == len(MUTATIONS) > 180


def test_every_mistake_of_a_declaration_is_listed_not_only_the_first(tmp_path: Path) -> None:
    found = problems(tmp_path, "validation/rules.yaml", "id: moody", "id: paid")
    assert [(each.where, each.todo) for each in found] == [
        ("validation/rules.yaml:8", "Rename one of them."),
        ("validation/rules.yaml:9", "Rename one of them."),
    ]
