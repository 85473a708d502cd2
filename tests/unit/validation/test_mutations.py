"""The mutation matrix: one error a kind of constraint, and exactly the owner of that kind reports it.

Each entry breaks a sound little world in one way. The three stages that read tables, files and wave files all run on it; the
test wants one failed check, that of the entry, reported by the tool that owns it. A kind without an entry fails the last test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from packages import describe, publish
from panelpress.model.constraint import OWNERS
from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.model.text import LocalText
from panelpress.validation.structure import check_package, check_tables, check_wave
from worlds import tiny_edition


def sound() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny edition with every kind of constraint on it: a pattern, a unique key, a required column that is no key."""
    edition, rows = tiny_edition()
    responses, persons, waves = edition.tables
    waves = replace(
        waves,
        fields=tuple(replace(each, pattern="[A-Z].*") if each.name == "label_en" else each for each in waves.fields),
        unique_keys=(("label_ru",),),
    )
    return replace(edition, tables=(responses, persons, waves)), rows


def broken(findings: list[Finding]) -> set[tuple[str, str, str]]:
    return {(each.rule, each.tool, each.resource) for each in findings if each.failed}


TABLES = {
    "columns": ("waves", "ALTER TABLE waves ADD COLUMN more VARCHAR"),
    "type": ("tiny_responses", "ALTER TABLE tiny_responses ALTER age TYPE VARCHAR"),
    "required": ("waves", "UPDATE waves SET study = NULL WHERE wave = 'a'"),
    "pattern": ("waves", "UPDATE waves SET label_en = 'first' WHERE wave = 'a'"),
    "codes": ("tiny_responses", "UPDATE tiny_responses SET trust = 9 WHERE person_id = 'p3'"),
    "range": ("tiny_responses", "UPDATE tiny_responses SET age = 17 WHERE person_id = 'p1' AND wave = 'a'"),
    "key_complete": ("tiny_persons", "INSERT INTO tiny_persons VALUES (NULL, 'a', 1, 'a')"),
    "key_unique": ("tiny_persons", "INSERT INTO tiny_persons SELECT * FROM tiny_persons WHERE person_id = 'p1'"),
    "unique": ("waves", "UPDATE waves SET label_ru = 'Вторая волна'"),
    "foreign_key": ("tiny_responses", "DELETE FROM tiny_persons WHERE person_id = 'p4'"),
    "one_channel": ("tiny_responses", "UPDATE tiny_responses SET gender__why = 'refused' WHERE person_id = 'p3'"),
    "blank_text": ("waves", "UPDATE waves SET field_end = '' WHERE wave = 'a'"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_an_error_in_a_table_is_reported_by_the_owner_of_its_kind_alone(kind: str) -> None:
    edition, rows = sound()
    table, change = TABLES[kind]
    rows.execute(change)
    assert broken(check_tables(rows, edition.tables)) == {(f"table.{kind}", OWNERS[("table", kind)], table)}


def edit(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


FILES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "encoding": ("tiny_responses", lambda content: content.replace(b"BBB", b"\xd0BB")),
    "header": ("waves", edit("field_end", "ended")),
    "row_shape": ("waves", edit("2022-03,2022-03", "2022-03,2022-03,2022-03")),
    "type": ("tiny_responses", edit(",30,", ",thirty,")),
    "required": ("waves", edit(",tiny,", ",,")),
    "pattern": ("waves", edit("First", "first")),
    "codes": ("tiny_responses", edit("p3,a,1", "p3,a,7")),
    "range": ("tiny_responses", edit(",30,", ",17,")),
    "key_unique": ("tiny_persons", edit("p1,a b,2,a\n", "p1,a b,2,a\np1,a b,2,a\n")),
    "foreign_key": ("tiny_responses", edit("p4,b", "p9,b")),
}


@pytest.mark.parametrize("kind", FILES)
def test_an_error_in_a_published_file_is_reported_by_frictionless_under_its_kind_alone(kind: str, tmp_path: Path) -> None:
    edition, rows = sound()
    publish(edition, rows, tmp_path)
    table, change = FILES[kind]
    path = tmp_path / "data" / "csv" / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))
    assert broken(check_package(describe(edition, tmp_path))) == {(f"package.{kind}", "frictionless", table)}


def test_a_file_that_differs_from_its_hash_is_reported_as_integrity_alone(tmp_path: Path) -> None:
    edition, rows = sound()
    descriptor = publish(edition, rows, tmp_path)
    path = tmp_path / "data" / "csv" / "waves.csv"
    path.write_bytes(path.read_bytes().replace(b"First", b"Other"))
    assert broken(check_package(descriptor)) == {("package.integrity", "frictionless", "waves")}


def test_a_file_that_is_missing_is_reported_as_unreadable_alone(tmp_path: Path) -> None:
    edition, rows = sound()
    edition = replace(edition, tables=(edition.table("waves"),))
    descriptor = publish(edition, rows, tmp_path)
    (tmp_path / "data" / "csv" / "waves.csv").unlink()
    assert broken(check_package(descriptor)) == {("package.readable", "frictionless", "waves")}


CONTRACT = Contract(
    study="tiny",
    wave="a",
    platform="plain_csv",
    columns=(
        ContractColumn("token", "id"),
        ContractColumn("sex", "quasi", values={"1": LocalText({"en": "w"}), "2": LocalText({"en": "m"})}),
        ContractColumn("age", "quasi", type="integer", minimum="18", maximum="99", values={"-9": LocalText(), "dk": LocalText()}),
        ContractColumn("status", "plain", required=True),
    ),
)
WAVE = "person_id,record_id,sex,age,status\np1,r1,1,30,done\np2,r2,2,-9,done\np3,r3,,dk,done\n"
WAVES: dict[str, Callable[[bytes], bytes]] = {
    "encoding": lambda content: content.replace(b"done", "сделано".encode("cp1251")),
    "header": edit("status", "state"),
    "row_shape": edit("p2,r2,2", "p2,r2,2,2"),
    "type": edit("30", "thirty"),
    "required": edit("dk,done", "dk,"),
    "codes": edit("p1,r1,1", "p1,r1,3"),
    "range": edit("30", "17"),
    "key_complete": edit("p1,r1", ",r1"),
    "key_unique": edit("p2,r2", "p1,r2"),
}


@pytest.mark.parametrize("kind", WAVES)
def test_an_error_in_a_wave_file_is_reported_by_the_owner_of_its_kind_alone(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny_a.csv"
    path.write_bytes(WAVES[kind](WAVE.encode()))
    assert broken(check_wave(path, CONTRACT)) == {(f"wave.{kind}", OWNERS[("wave", kind)], "tiny_a")}


def test_a_wave_file_that_is_missing_is_reported_as_unreadable_alone(tmp_path: Path) -> None:
    assert broken(check_wave(tmp_path / "tiny_a.csv", CONTRACT)) == {("wave.readable", "frictionless", "tiny_a")}


def test_a_sound_world_breaks_no_rule_at_any_stage(tmp_path: Path) -> None:
    edition, rows = sound()
    (tmp_path / "tiny_a.csv").write_text(WAVE, encoding="utf-8")
    assert broken(check_tables(rows, edition.tables)) == set()
    assert broken(check_package(publish(edition, rows, tmp_path))) == set()
    assert broken(check_wave(tmp_path / "tiny_a.csv", CONTRACT)) == set()


def test_every_kind_of_constraint_has_a_mutation() -> None:
    covered = {("table", kind) for kind in TABLES} | {("package", kind) for kind in FILES} | {("wave", kind) for kind in WAVES}
    covered |= {("package", "integrity"), ("package", "readable"), ("wave", "readable")}
    assert covered == set(OWNERS)
