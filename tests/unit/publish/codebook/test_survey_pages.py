"""The rendered questionnaire and the methodology page say what declarations and released tables say, and name nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.variable import Filter, MultiSource, Variable, WaveRule
from panelpress.paths import Places
from panelpress.publish.codebook import methodology
from panelpress.publish.codebook.questionnaire import exporter, questionnaire
from panelpress.publish.tables.catalogue import fill_catalogue
from panelpress.schemas.catalogue import catalogue_tables
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.methodology import load_methodology
from worlds import MISSING, PROJECT, SAMPLES, STUDY, VARIABLES, both, tiny_edition

CONTRACT = Contract(
    study="tiny",
    wave="a",
    platform="plain_csv",
    columns=(
        ContractColumn("mail", "direct", both("Your e-mail?", "Ваша почта?")),
        ContractColumn("sex", "quasi", both("Gender?", "Пол?"), values={"1": both("Woman", "Женщина")}),
        ContractColumn("age", "quasi", both("How old?", "Сколько лет?"), "integer"),
        ContractColumn("pet", "plain", both("A pet?", "Питомец?")),
    ),
)


def declared(folder: Path) -> Declarations:
    return Declarations(
        Places(root=folder, work=folder), PROJECT, Crosswalk(VARIABLES, (STUDY,), MISSING, (CONTRACT,)), SAMPLES, ()
    )


def test_the_questionnaire_lists_what_was_kept_with_answers_and_what_became_of_it() -> None:
    page = questionnaire(CONTRACT, STUDY.waves[0], "Tiny", VARIABLES, "en", simulated=True)
    assert "## 1. Gender?" in page and "- `1` Woman" in page and "Becomes: `gender` (open)" in page
    assert "## 2. How old?" in page and "A number." in page
    assert "## 3. A pet?" in page and "Becomes: no variable" in page
    assert "Simulated" in page


def from_pet(name: str, rule: WaveRule) -> Variable:
    """A variable made in wave a by ``rule``."""
    return replace(VARIABLES[0], id=name, label=both("Has a cat", "Есть кошка"), waves={"a": rule})


def page_with(variable: Variable) -> str:
    return questionnaire(CONTRACT, STUDY.waves[0], "Tiny", (variable,), "en", simulated=False)


def test_answers_that_one_cell_joins_are_listed_with_what_they_become() -> None:
    joined = MultiSource("pet", ",", chosen=("1",), options=("1", "2"))
    page = page_with(from_pet("cat", WaveRule("a", "complete", source=("pet",), multi=joined)))
    assert "- `1` Has a cat\n- `2` none of these\nSeveral answers possible." in page


def test_a_question_that_only_routes_names_the_variable_it_decides() -> None:
    routed = WaveRule("a", "complete", source=("sex", "pet"), map_on="sex", filters=(Filter("pet = 2", 0),))
    page = page_with(from_pet("cat", routed))
    assert "Column: `pet`  \nBecomes: `cat` (open)" in page


def test_the_questionnaire_never_shows_a_column_that_identifies_people() -> None:
    page = questionnaire(CONTRACT, STUDY.waves[0], "Tiny", VARIABLES, "ru", simulated=False)
    assert "почта" not in page and "mail" not in page and "Ещё 1 колонок" in page and "Симуляция" not in page


def test_one_page_a_wave_and_language_is_written(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    paths = exporter(declared(tmp_path))(edition, rows, tmp_path)
    assert [path.name for path in paths] == ["a.en.md", "a.ru.md"]


def test_the_methodology_page_counts_samples_and_overlaps_in_the_released_tables(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    rows.execute("DROP TABLE waves")
    described = [table for table in catalogue_tables(("en", "ru")) if table.name == "waves"]
    fill_catalogue(rows, edition, edition.variables, described)
    declarations = declared(tmp_path)
    declarations.places.publish.mkdir()
    declarations.places.methodology_file.write_text(
        "spec: panel-methodology/0.1\nsections:\n- {title: {en: Recruitment}, text: {en: Through an open link.}}\n",
        encoding="utf-8",
    )
    english, russian = methodology.exporter(declarations)(edition, rows, tmp_path)
    page = english.read_text(encoding="utf-8")
    assert "## Recruitment\n\nThrough an open link." in page
    assert "| `everyone` | Everyone | questionnaires | 5 |" in page and "| `both_waves` | 5 | 2 |" not in page
    assert "| `everyone` | 5 | 2 |" in page and "| `both_waves` | 2 | 2 |" in page
    assert "Методология" in russian.read_text(encoding="utf-8")


def test_a_wrong_section_is_refused(tmp_path: Path) -> None:
    declarations = declared(tmp_path)
    declarations.places.publish.mkdir()
    declarations.places.methodology_file.write_text("spec: panel-methodology/0.1\nsections: []\n", encoding="utf-8")
    with pytest.raises(DeclarationError):
        load_methodology(declarations.places, declarations.project.languages)
