"""The scripts that a release carries run on it and say what is in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from lxml import etree

from haven import has_haven
from releasing import published


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("snippets"))[1]


def run(*command: str, where: Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=where)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_loads_values_reasons_and_labels(folder: Path) -> None:
    said = json.loads(run(sys.executable, "snippets/load.py", where=folder).splitlines()[0])
    assert said == {"rows": 7, "valid": 6, "reasons": 1}


def test_sql_runs_on_the_database_of_the_release(folder: Path) -> None:
    text = (folder / "snippets/load.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(folder / "tiny-panel-0.1.0.duckdb"), read_only=True) as database:
        found = [database.execute(each).fetchall() for each in text.split(";") if each.strip()]
    assert found[0] == [(7, 6)]
    assert found[1] == [("refused", 1)]
    assert found[2][0] == ("a", "Woman", 2, 66.7)


def test_the_worked_script_draws_a_figure_that_says_simulated(folder: Path, tmp_path: Path) -> None:
    assert run(sys.executable, "-I", "snippets/figure.py", str(tmp_path / "f.svg"), where=folder) == "f.svg: 6 answers\n"
    picture = etree.parse(tmp_path / "f.svg")
    text = "".join(picture.getroot().itertext())
    assert "Gender (simulated data)" in text
    assert "a: 66.7 % of 3" in text
    assert len(picture.xpath("//*[local-name()='rect']")) == 4


@pytest.mark.slow
@pytest.mark.skipif(not has_haven(), reason="R with the package haven is not installed")
def test_r_loads_labels_and_tagged_missing_values(folder: Path) -> None:
    said = run(shutil.which("Rscript") or "", "snippets/load.R", where=folder)
    assert "rows 7 valid 6" in said
    assert "Woman" in said
    assert "r \n1" in said


def test_every_snippet_names_files_that_are_there(folder: Path) -> None:
    for name, path in (
        ("load.do", "data/stata/tiny_responses.en.dta"),
        ("load.sps", "data/spss/tiny_responses.en.zsav"),
        ("load.R", "data/stata/tiny_responses.en.dta"),
    ):
        assert path in (folder / "snippets" / name).read_text(encoding="utf-8")
        assert (folder / path).is_file()
