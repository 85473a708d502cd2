"""Wide files repeat the long ones, person by person; Parquet says what it holds and is sorted as its readers ask; coded CSV folds
reasons into numbers."""

from __future__ import annotations

import csv as text_csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from labelled_world import hard_edition
from panelpress.errors import DeclarationError
from panelpress.model.missing import MissingReasons
from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.publish.formats import csv_coded, parquet, wide
from panelpress.schemas.tables import responses_table
from worlds import STUDY, VARIABLES, both, tiny_edition


def wide_rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "data/wide/tiny_wide.csv").open(encoding="utf-8", newline="") as stream:
        return {row["person_id"]: row for row in text_csv.DictReader(stream)}


def test_a_wide_cell_is_the_long_cell_of_its_wave(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    wide.write(edition, rows, tmp_path)
    found = wide_rows(tmp_path)
    for person, wave, trust, why in rows.execute("SELECT person_id, wave, trust, trust__why FROM tiny_responses").fetchall():
        assert found[person][f"trust_{wave}"] == ("" if trust is None else str(trust))
        assert found[person][f"trust_{wave}__why"] == (why or "")
    assert len(found) == 5


def test_a_wave_without_an_answer_is_late_entry_before_the_first_wave_and_nonresponse_after(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    wide.write(edition, rows, tmp_path)
    found = wide_rows(tmp_path)
    assert (found["p4"]["trust_a"], found["p4"]["trust_a__why"]) == ("", "late_entrant")
    assert (found["p3"]["trust_b"], found["p3"]["trust_b__why"]) == ("", "wave_nonresponse")
    assert found["p1"]["trust_b__why"] == ""


def test_a_wave_that_could_not_ask_has_no_wide_column(tmp_path: Path) -> None:
    edition, _ = tiny_edition()
    names = wide.wide_table(edition, STUDY).field_names
    assert "age_a" in names
    assert "age_b" not in names


def test_the_wide_file_leaves_no_table_behind(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    before = rows.execute("SHOW ALL TABLES").fetchall()
    wide.write(edition, rows, tmp_path)
    assert rows.execute("SHOW ALL TABLES").fetchall() == before


def test_all_formats_of_the_wide_table_hold_the_same_persons(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    names = {path.name for path in wide.write(edition, rows, tmp_path)}
    assert names == {
        "tiny_wide.csv",
        "tiny_wide.parquet",
        *(f"tiny_wide.{each}" for each in ("en.zsav", "ru.zsav", "en.dta", "ru.dta")),
    }
    frame = pl.read_parquet(tmp_path / "data/wide/tiny_wide.parquet")
    assert frame["person_id"].to_list() == ["p1", "p2", "p3", "p4", "p5"]


def test_a_name_that_two_wide_columns_would_share_is_refused() -> None:
    edition, _ = tiny_edition()
    third = Wave("a_a", "tiny", both("Third", "Третья"), "2024", "2024")
    everywhere = {**VARIABLES[0].waves, "a_a": VARIABLES[0].waves["a"]}
    variables = (replace(VARIABLES[0], waves=everywhere), replace(VARIABLES[1], id="gender_a"))
    study = replace(STUDY, waves=(*STUDY.waves, third))
    tables = (responses_table(study, variables, edition.missing), *edition.tables[1:])
    with pytest.raises(DeclarationError, match="two columns of the wide file are called `gender_a_a`"):
        wide.wide_table(replace(edition, variables=variables, tables=tables), study)


def test_a_taxonomy_without_words_for_absence_is_refused(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    poor = replace(edition, missing=MissingReasons(tuple(each for each in edition.missing if each.reason != "late_entrant")))
    with pytest.raises(DeclarationError, match="late_entrant"):
        wide.write(poor, rows, tmp_path)


def test_a_study_of_one_wave_has_no_wide_file(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    short = replace(edition, studies=(Study("tiny", STUDY.title, STUDY.waves[:1]),))
    assert wide.write(short, rows, tmp_path) == ()


def test_parquet_carries_titles_labels_and_reasons_in_its_metadata(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    parquet.write(edition, rows, tmp_path)
    metadata = pq.read_schema(tmp_path / "data/parquet/tiny_responses.parquet").metadata
    said = json.loads(metadata[b"panelpress"])
    assert metadata[b"simulated"].startswith(b"yes")
    assert said["fields"]["gender"]["categories"][0] == {"code": 1, "label": {"en": "Woman", "ru": "Женщина"}}
    assert said["fields"]["age"]["unit"] == "years"
    assert [each["code"] for each in said["missing"]] == [-1, -2, -3, -4, -6, -9, -10, -11, -12]
    assert (said["version"], said["simulated"], said["primary_key"]) == ("0.1.0", True, ["person_id", "wave"])


def sorted_by(edition: Edition, *names: str) -> Edition:
    return replace(edition, studies=tuple(replace(study, read_by=names) for study in edition.studies))


def test_parquet_is_sorted_by_what_its_study_is_read_by_and_then_by_its_key(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    parquet.write(sorted_by(edition, "country", "wave", "not_in_this_tier"), rows, tmp_path)
    found = pl.read_parquet(tmp_path / "data/parquet/tiny_responses.parquet").select("country", "wave", "person_id").rows()
    assert found == rows.execute("SELECT country, wave, person_id FROM tiny_responses ORDER BY ALL").fetchall()
    assert found[0] == ("AAA", "a", "p1")


def test_a_range_read_of_one_country_needs_few_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 2048)
    edition, rows = tiny_edition()
    rows.execute("DELETE FROM tiny_responses")
    rows.execute(
        "INSERT INTO tiny_responses SELECT md5(i::VARCHAR), 'a', 1, NULL, 1, NULL, 30, NULL, "
        "CASE WHEN hash(i) % 10 = 0 THEN 'AAA' ELSE 'BBB' END, NULL FROM range(40960) t(i)"
    )
    path = tmp_path / "data/parquet/tiny_responses.parquet"
    groups = {}
    for order in ((), ("country",)):
        parquet.write(sorted_by(edition, *order), rows, tmp_path)
        found = duckdb.execute(
            "SELECT count(*) FROM parquet_metadata(?) WHERE path_in_schema = 'country' AND stats_min_value <= 'AAA'", [str(path)]
        ).fetchall()
        groups[order] = found[0][0]
    assert groups[()] == 20
    assert groups["country",] <= 3


def test_coded_csv_writes_reasons_as_negative_codes_and_leaves_texts_alone(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    csv_coded.write(edition, rows, tmp_path)
    with (tmp_path / "data/csv-coded/tiny_responses.csv").open(encoding="utf-8", newline="") as stream:
        found = list(text_csv.DictReader(stream))
    assert [each["trust"] for each in found] == ["3", "2", "-2", "1", "2", "3", "2"]
    assert [each["income"] for each in found[:4]] == ["1200.50", "0.00", "-2", "7.25"]
    assert (found[2]["change"], found[2]["change__why"]) == ("", "skipped")
    assert (found[0]["visits"], found[6]["visits"]) == ("3000000000", "-12")
    assert (found[2]["born"], found[2]["born__why"]) == ("", "refused")
    assert "trust__why" not in found[0]


def test_every_coded_cell_decodes_to_its_two_channels(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    csv_coded.write(edition, rows, tmp_path)
    codes = {str(each.code): each.reason for each in edition.missing}
    with (tmp_path / "data/csv-coded/tiny_responses.csv").open(encoding="utf-8", newline="") as stream:
        for row in text_csv.DictReader(stream):
            values = rows.execute(
                "SELECT gender, gender__why, trust, trust__why, age, age__why FROM tiny_responses WHERE person_id = ? AND wave = ?",
                [row["person_id"], row["wave"]],
            ).fetchall()[0]
            for name, value, why in zip(("gender", "trust", "age"), values[::2], values[1::2], strict=True):
                assert codes.get(row[name]) == why
                assert why or int(row[name]) == value
