"""No finding carries a cell or a person, whatever the tools underneath would have printed."""

from __future__ import annotations

from pathlib import Path

from packages import describe, publish
from panelpress.model.delivery import Contract, ContractColumn
from panelpress.validation.structure import check_package, check_tables, check_wave
from worlds import tiny_edition

SECRET = "leaky-cell-77"


def test_a_table_finding_names_rules_and_counts_and_no_cell() -> None:
    edition, rows = tiny_edition()
    rows.execute(f"UPDATE tiny_responses SET country = '{SECRET}', wave = '{SECRET}', gender__why = '{SECRET}'")
    rows.execute(f"INSERT INTO tiny_persons SELECT '{SECRET}', '{SECRET}', 0, '{SECRET}' FROM range(2)")
    found = check_tables(rows, edition.tables)
    assert sum(each.n_failed for each in found) > 10
    assert SECRET not in repr(found)


def test_a_package_finding_names_rules_and_counts_and_no_cell(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    publish(edition, rows, tmp_path)
    for name in ("tiny_responses", "tiny_persons"):
        path = tmp_path / "data" / "csv" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("\np", f"\n{SECRET},{SECRET}").replace(",a,", f",{SECRET},"))
    found = check_package(describe(edition, tmp_path))
    assert any(each.failed for each in found)
    assert SECRET not in repr(found)


def test_a_wave_finding_names_rules_and_counts_and_no_cell(tmp_path: Path) -> None:
    contract = Contract("tiny", "a", "plain_csv", (ContractColumn("id", "id"), ContractColumn("age", "quasi", type="integer")))
    path = tmp_path / "tiny_a.csv"
    path.write_text(f"person_id,record_id,age\n{SECRET},{SECRET},{SECRET}\n{SECRET},r,4\n,,\n", encoding="utf-8")
    found = check_wave(path, contract)
    assert any(each.failed for each in found)
    assert SECRET not in repr(found)
