"""The reference of the declarations is what the JSON Schemas say, and its examples are read without a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.schemas.checker import check
from panelpress.schemas.reference import PAGES, page
from panelpress.schemas.variable_reader import read_variables
from panelpress.schemas.yaml_reader import read_document


@pytest.mark.parametrize("file", PAGES)
def test_the_page_is_fresh(repository: Path, file: str) -> None:
    written = (repository / "docs" / "reference" / file).read_text(encoding="utf-8")
    assert written == page(file), "run `python -m panelpress.schemas.reference`"


@pytest.mark.parametrize("file", PAGES)
def test_the_example_is_right(tmp_path: Path, file: str) -> None:
    (tmp_path / "example.yaml").write_text(PAGES[file].example, encoding="utf-8")
    assert check(read_document(tmp_path / "example.yaml", tmp_path), PAGES[file].schema) == []


def test_the_example_of_the_crosswalk_is_one_variable(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(PAGES["crosswalk.md"].example, encoding="utf-8")
    variables, problems = read_variables(read_document(tmp_path / "example.yaml", tmp_path), tmp_path, ("en",))
    assert problems == [] and [variable.id for variable in variables] == ["boss"]
