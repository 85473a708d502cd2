"""The deliveries as files: counts of people, platforms' own formats, the word simulated, the same bytes again."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import openpyxl
import pyreadstat
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from panelpress.paths import places
from panelpress.raw.identity import delivery_digest
from panelpress.raw.project_key import read_demo_key
from panelpress.raw.registry import read_registry
from simulation import contracts, questionnaire, targets
from simulation import deliveries as made

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_panel_has_its_printed_sizes_among_those_who_stay() -> None:
    waves: Counter[str] = Counter()
    member: dict[str, set[str]] = {}
    for raw in made.make(3, targets.load()).values():
        stay = [token for token, kind in zip(raw.token, raw.kind, strict=True) if not kind]
        assert len(stay) == len(set(stay))
        waves[raw.key] = len(stay)
        if raw.entry["study"] == "outrush":
            for token in stay:
                member.setdefault(token, set()).add(raw.key)
    sizes = Counter(len(found) for found in member.values())
    assert len(member) == 10_871
    assert sizes[2] + sizes[3] == 2_170
    assert sizes[3] == 470
    assert sum({"w2", "w3"} <= found for found in member.values()) == 1_465
    assert waves["w1"] + waves["w2"] + waves["w3"] == 13_511
    assert waves["okr"] == 1_700
    assert waves["interviews"] > 500


def test_nobody_who_stays_gave_one_answer_to_all_scales_of_wave_2() -> None:
    raw = made.make(5, targets.load())["outrush_w2"]
    rows = zip(*(raw.cells[column] for column in made.STRAIGHT), strict=True)
    straight = [len(given) >= 8 and len(set(given)) == 1 for given in ([cell for cell in row if cell] for row in rows)]
    assert straight == [kind == "straight" for kind in raw.kind]


def test_the_registry_lists_the_simulated_files_with_their_keyed_digests(deliveries: Path) -> None:
    key = read_demo_key(ROOT, "raw/demo-key.txt")
    listed = {each.file: each.digest for each in read_registry(places(ROOT))}
    assert listed == {path.name: delivery_digest(key, path) for path in deliveries.iterdir()}


def test_every_file_says_simulated_in_its_name_and_inside(deliveries: Path) -> None:
    for path in deliveries.iterdir():
        assert "simulated" in path.name
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            content = zipfile.ZipFile(path).read("xl/sharedStrings.xml")
        assert b"simulated" in content.lower()


def test_every_column_of_a_contract_stands_in_the_file_and_no_other(deliveries: Path) -> None:
    for entry in questionnaire.deliveries().values():
        declared = list(contracts.described(entry))
        assert sorted(header(deliveries / entry["file"])) == sorted(declared), entry["file"]


def header(path: Path) -> list[str]:
    if path.suffix == ".sav":
        return list(pyreadstat.read_sav(path, metadataonly=True)[1].column_names)
    if path.suffix == ".dta":
        return list(pyreadstat.read_dta(path, metadataonly=True)[1].column_names)
    if path.suffix == ".xlsx":
        return [str(cell.value) for cell in next(openpyxl.load_workbook(path, read_only=True).active.rows)]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        first = next(csv.reader(lines, delimiter=";" if "limesurvey" in path.name else ","))
    return [cell.split(". ")[0] for cell in first] if "limesurvey" in path.name else first


def test_qualtrics_has_three_header_rows(deliveries: Path) -> None:
    with (deliveries / "outrush_w1_simulated_qualtrics.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows), next(rows)
        assert {tuple(json.loads(cell)) for cell in next(rows)} == {("ImportId",)}


def test_spss_keeps_russian_labels_whole_and_marks_user_missing_codes(deliveries: Path) -> None:
    meta = pyreadstat.read_sav(deliveries / "outrush_w2_simulated_spss.sav", user_missing=True)[1]
    entry = next(each for each in questionnaire.deliveries().values() if each["key"] == "w2")
    described = contracts.described(entry)
    assert all(label == described[name]["label"] for name, label in meta.column_names_to_labels.items())
    assert {label for labels in meta.variable_value_labels.values() for label in labels.values()} <= {
        label for each in described.values() for label in each["values"].values()
    }
    assert meta.missing_ranges["dov_mig"] == [{"lo": 97.0, "hi": 99.0}]


def test_stata_tags_its_missing_values(deliveries: Path) -> None:
    meta = pyreadstat.read_dta(deliveries / "gmf_2025_simulated_stata.dta", user_missing=True)[1]
    assert set(meta.missing_user_values["wish_move"]) == {"a"}


def test_an_answer_that_holds_the_separator_occurs_in_the_workbook(deliveries: Path) -> None:
    sheet = openpyxl.load_workbook(deliveries / "okr_2022_simulated_google_forms.xlsx", read_only=True).active
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert any("Призыва в армию, мобилизации, " in cell for cell in cells)


def extensions() -> str:
    """The instruction sets beyond the oldest that numpy would use on this processor; without them it adds up as an old one does."""
    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


@pytest.mark.parametrize("surroundings", [
    {"PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Asia/Tbilisi", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Apia", "OMP_NUM_THREADS": "7", "NPY_DISABLE_CPU_FEATURES": extensions()},
])  # fmt: skip
def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed_locale_threads_and_processor(
    deliveries: Path, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    command = [sys.executable, str(ROOT / "raw" / "simulate.py"), str(tmp_path), "--seed", "1"]
    subprocess.run(command, check=True, env=os.environ | surroundings, cwd=tmp_path)
    assert digests(tmp_path) == digests(deliveries)


def test_another_seed_gives_other_bytes(simulate: ModuleType, deliveries: Path, tmp_path: Path) -> None:
    simulate.main(tmp_path, seed=2)
    ours = digests(tmp_path)
    assert all(ours[name] != digest for name, digest in digests(deliveries).items())
