"""Exports that nobody here wrote, taken in: the right people, none of their names."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from panelpress.model.delivery import Consent, Contract, ContractColumn, PrivacyRole, RawTable
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.raw.detectors.scan import scan
from panelpress.raw.identity import delivery_digest
from panelpress.raw.intake import Declared, IntakeResult, take_in
from panelpress.raw.key import PseudonymKey
from panelpress.raw.readers import read_delivery
from panelpress.raw.registry import Registration

TEXT = LocalText({"en": "x"})


def deliver(places: Places, key: PseudonymKey, source: Path, study: str, wave: str) -> Registration:
    places.deliveries.mkdir(parents=True, exist_ok=True)
    path = places.deliveries / source.name
    shutil.copyfile(source, path)
    raw = read_delivery(path)
    digest = delivery_digest(key, path)
    return Registration(path.name, digest, path.stat().st_size, raw.rows_in, study, wave, raw.platform, "2024-01-31", "as named")


def contract_of(source: Path, study: str, wave: str, id_column: str, kept: Sequence[str], **more: Consent) -> Contract:
    def role(name: str) -> PrivacyRole:
        return "id" if name == id_column else "plain" if name in kept else "drop"

    raw = read_delivery(source)
    columns = tuple(ContractColumn(each.name, role(each.name)) for each in raw.columns)
    return Contract(study, wave, raw.platform, columns, declared_in="contract", **more)


def study_of(name: str, waves: Sequence[str]) -> Study:
    return Study(name, TEXT, tuple(Wave(wave, name, TEXT, "2000", "2000") for wave in waves))


def take(
    places: Places, key: PseudonymKey, lines: list[Registration], study: Study, contracts: tuple[Contract, ...]
) -> IntakeResult:
    return take_in(places, key, lines, Declared((study,), contracts), read_delivery)


def consent_of_21(raw: RawTable) -> tuple[str, str]:
    """The question about consent, and the answer that 21 people gave."""
    for name in raw.data.columns:
        answers = raw.data.get_column(name).drop_nulls().value_counts(name="n")
        if "onsent" in f"{name} {raw.column(name).text}" and 21 in answers["n"]:
            return name, str(answers.filter(pl.col("n") == 21).item(0, 0))
    raise AssertionError("the export asks nobody for consent")


def test_of_25_qualtrics_responses_the_21_with_consent_come_in_without_their_names(
    places: Places, key: PseudonymKey, shared_data: Path
) -> None:
    source = shared_data / "qualtrics" / "ldi_tutorial.csv"
    raw = read_delivery(source)
    secret = [name for name in raw.data.columns if "confidential" in name]
    values = {value for name in secret for value in raw.data.get_column(name).drop_nulls().to_list() if len(value) > 3}
    assert secret and values
    agreed, yes = consent_of_21(raw)
    contract = contract_of(source, "ldi", "w1", "ResponseId", [agreed], consent=Consent(agreed, (yes,)))
    result = take(places, key, [deliver(places, key, source, "ldi", "w1")], study_of("ldi", ["w1"]), (contract,))
    [counts] = result.waves
    assert (counts.rows_in, counts.rows_kept, sum(counts.refused.values())) == (25, 21, 4)
    written = b"".join(path.read_bytes() for path in places.work.rglob("*") if path.is_file())
    assert not [value for value in values if value.encode() in written]


def test_a_long_panel_in_one_file_becomes_waves_of_the_same_persons(places: Places, key: PseudonymKey, shared_data: Path) -> None:
    source = shared_data / "nlswork" / "nlswork.csv"
    years = ("68", "69", "88")
    with source.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    contracts = tuple(
        contract_of(source, "nls", f"y{year}", "idcode", ["race", "age"], rows=Consent("year", (year,))) for year in years
    )
    line = deliver(places, key, source, "nls", "y68")
    lines = [Registration(**{**{name: getattr(line, name) for name in line.__slots__}, "wave": f"y{year}"}) for year in years]
    result = take(places, key, lines, study_of("nls", [f"y{year}" for year in years]), contracts)
    by_year = {year: {row["idcode"] for row in rows if row["year"] == year} for year in years}
    assert [counts.rows_kept for counts in result.waves] == [len(by_year[year]) for year in years]
    [persons] = result.persons
    assert persons.persons == len(set.union(*by_year.values()))
    assert persons.by_waves[2] == len(set.intersection(*by_year.values()))


@pytest.mark.parametrize("name", ["2016/uk", "2017/de", "2017/zaf", "2018"])
def test_questions_of_a_real_survey_raise_no_false_alarm(shared_data: Path, name: str) -> None:
    raw = read_delivery(shared_data / "rse" / "analysis" / name / "data" / "public_data.csv")
    assert {hit.column for hit in scan(raw) if hit.strength != "possible"} == set()


def test_a_postal_code_lost_in_a_real_survey_is_found(shared_data: Path) -> None:
    raw = read_delivery(shared_data / "rse" / "analysis" / "2017" / "uk" / "data" / "public_data.csv")
    empty = raw.data.columns[40]
    for code in ("SO17 1BJ", "79104", "1012 WX"):
        leak = pl.Series(empty, [code, *[None] * (raw.data.height - 1)], dtype=pl.String)
        leaked = type(raw)(raw.platform, raw.columns, raw.data.with_columns(leak), rows_in=raw.rows_in)
        [hit] = [hit for hit in scan(leaked) if hit.column == empty]
        assert hit.detector == "postal_code" and hit.strength != "possible"
