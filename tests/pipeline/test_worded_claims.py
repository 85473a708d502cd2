"""What the source documents say in words is true of the private tables of the reference project."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from panelpress.paths import Places
from worded_claims import CLAIMS, UNTESTABLE, unmet


def test_every_worded_claim_is_asked_or_has_a_reason_why_not(shared_reference: Path) -> None:
    with (shared_reference / "qualitative_claims.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["id"] for row in csv.DictReader(stream)}
    assert set(CLAIMS) | set(UNTESTABLE) == listed and not set(CLAIMS) & set(UNTESTABLE)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_private_tables_agree_with_every_worded_claim(chain: Places) -> None:
    with duckdb.connect(str(chain.secure_database), read_only=True) as rows:
        assert unmet(rows) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_answers_that_contradict_a_claim_are_named(chain: Places, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "turned.duckdb")) as rows:
        rows.execute(f"ATTACH '{chain.secure_database}' AS secure (READ_ONLY)")
        for table in ("outrush_responses", "okr_2022_responses", "gmf_2025_responses"):
            rows.execute(f"CREATE TABLE {table} AS SELECT * FROM secure.{table}")
        rows.execute("UPDATE gmf_2025_responses SET residence_status = 3 WHERE residence_status = 2")
        rows.execute("UPDATE outrush_responses SET rally_participation = 1 WHERE wave = 'w2'")
        assert {"gmf-no-status-s2", "or-rally-dip"} <= set(unmet(rows))
