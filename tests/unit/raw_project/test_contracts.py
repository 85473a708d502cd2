"""Contracts and items.csv say what the questionnaire says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from panelpress.paths import places
from panelpress.schemas.contracts import load_contracts
from simulation import contracts, questionnaire

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", sorted(contracts.contracts()))
def test_a_contract_in_the_project_is_what_the_questionnaire_says(name: str) -> None:
    assert (ROOT / "schemas" / "raw" / name).read_text(encoding="utf-8") == contracts.contracts()[name]


def test_the_list_of_items_is_fresh() -> None:
    assert (ROOT / "raw" / "items.csv").read_text(encoding="utf-8") == contracts.items()


def test_the_engine_reads_every_contract_in_both_languages() -> None:
    loaded = load_contracts(places(ROOT), ("en", "ru"))
    assert len(loaded) == 6
    for contract in loaded:
        assert contract.id_column.name
        assert all({"en", "ru"} <= set(column.text.by_language) for column in contract.columns)


def test_a_raw_code_of_a_variable_means_one_thing() -> None:
    with (ROOT / "raw" / "items.csv").open(encoding="utf-8", newline="") as lines:
        keys = [(row["variable"], row["study"], row["wave"], row["raw_column"], row["raw_code"]) for row in csv.DictReader(lines)]
    assert len(keys) == len(set(keys))


def test_every_prior_has_a_share_for_every_answer() -> None:
    for item in questionnaire.load():
        for asked in item.asked.values():
            if item.kind == "choice" and asked.prior:
                assert len(asked.prior) == len(asked.labels), (item.id, asked.delivery)
                assert sum(asked.prior) == 100, (item.id, asked.delivery)
