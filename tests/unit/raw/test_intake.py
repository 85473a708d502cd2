"""Intake takes in all deliveries or none, and only what the contracts let through."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from raw_worlds import HEADER, ROWS, STUDIES, contract, raw_table, read_csv, register

from panelpress.errors import DeclarationError, IntakeRefused, UsageError
from panelpress.model.delivery import Consent, Contract, RawTable
from panelpress.paths import Places
from panelpress.raw.arrival import Reader
from panelpress.raw.identity import person_id, record_id
from panelpress.raw.intake import Declared, IntakeResult, take_in
from panelpress.raw.key import PseudonymKey

BOTH = (contract("w1"), contract("w2"))
Rows = Sequence[Sequence[str]]


def run(
    places: Places,
    key: PseudonymKey,
    first: Rows = ROWS,
    second: Rows = ROWS,
    contracts: tuple[Contract, ...] = BOTH,
    reader: Reader = read_csv,
) -> IntakeResult:
    return take_in(
        places,
        key,
        [register(places, key, "w1", first), register(places, key, "w2", second)],
        Declared(STUDIES, contracts),
        reader,
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_wave_file_holds_pseudonyms_and_kept_columns_and_nothing_else(places: Places, key: PseudonymKey) -> None:
    run(places, key)
    wave = pl.read_csv(places.wave_file("tiny", "w1"), infer_schema=False)
    assert wave.columns == ["person_id", "record_id", "country", "vote", "q1"]
    expected = {person_id(key, "tiny", row[0]): row[3:6] for row in ROWS}
    assert {row[0]: tuple(cell or "" for cell in row[2:]) for row in wave.rows()} == expected
    assert set(wave["record_id"]) == {record_id(key, "tiny", "w1", row[0]) for row in ROWS}
    assert wave["person_id"].is_sorted(), "the order of arrival would tell times apart"


def test_counts_say_what_became_of_every_row_and_column(places: Places, key: PseudonymKey) -> None:
    counts = run(places, key).waves[0]
    assert (counts.rows_in, counts.rows_kept, counts.columns_kept) == (5, 5, 3)
    assert counts.columns_dropped == {"id": 1, "direct": 1, "free_text": 1, "drop": 1, "paradata": 1}


def test_the_same_person_has_the_same_id_in_both_waves(places: Places, key: PseudonymKey) -> None:
    run(places, key)
    waves = [set(pl.read_csv(places.wave_file("tiny", wave))["person_id"]) for wave in ("w1", "w2")]
    assert waves[0] == waves[1]


def test_nothing_changed_says_so_and_writes_nothing(places: Places, key: PseudonymKey) -> None:
    first = run(places, key)
    stamp = places.waves_work.stat().st_ino
    again = run(places, key)
    assert again.unchanged and not first.unchanged and again.waves == first.waves
    assert places.waves_work.stat().st_ino == stamp


def test_a_touched_wave_file_is_written_anew(places: Places, key: PseudonymKey) -> None:
    run(places, key)
    places.wave_file("tiny", "w1").write_text("person_id\n")
    assert not run(places, key).unchanged
    assert places.wave_file("tiny", "w1").read_text() != "person_id\n"


def test_only_the_owner_can_read_what_intake_wrote(places: Places, key: PseudonymKey) -> None:
    run(places, key)
    assert stat.S_IMODE(places.waves_work.stat().st_mode) == 0o700
    assert stat.S_IMODE(places.wave_file("tiny", "w1").stat().st_mode) == 0o600


def test_people_without_consent_are_left_out_and_counted(places: Places, key: PseudonymKey) -> None:
    agreed = replace(contract("w1"), consent=Consent("vote", ("1",)))
    counts = run(places, key, contracts=(agreed, contract("w2"))).waves[0]
    assert (counts.rows_in, counts.rows_kept, counts.refused) == (5, 2, {"no_consent": 3})


def test_one_file_may_hold_several_waves(places: Places, key: PseudonymKey) -> None:
    rows = [*((*row[:5], "1", *row[6:]) for row in ROWS), *((*row[:5], "2", *row[6:]) for row in ROWS[:3])]
    both = tuple(replace(contract(wave), rows=Consent("q1", (code,))) for wave, code in (("w1", "1"), ("w2", "2")))
    first = register(places, key, "w1", rows)
    result = take_in(places, key, [first, replace(first, wave="w2")], Declared(STUDIES, both), read_csv)
    assert [counts.rows_kept for counts in result.waves] == [5, 3]
    assert [counts.refused for counts in result.waves] == [{"other_wave": 3}, {"other_wave": 5}]
    assert result.persons[0].by_waves == (2, 3)


def with_cell(position: int, value: str, row: int = 1) -> list[tuple[str, ...]]:
    rows = [list(each) for each in ROWS]
    rows[row][position] = value
    return [tuple(each) for each in rows]


def headless(path: Path, *_: object) -> RawTable:
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()][1:]
    return raw_table(lines[1:], lines[0])


def with_extra_column(path: Path, *_: object) -> RawTable:
    return raw_table([(*row, "x") for row in ROWS], (*HEADER, "surname"))


def without_column(path: Path, *_: object) -> RawTable:
    return raw_table([row[:-1] for row in ROWS], HEADER[:-1])


def losing_rows(path: Path, *_: object) -> RawTable:
    return replace(raw_table(), rows_in=7)


def none_left(path: Path, *_: object) -> RawTable:
    return raw_table([], refused={"preview": 5})


BAD_FILES: list[tuple[Reader, str]] = [
    (with_extra_column, "a column without a role: `surname`"),
    (without_column, "a column missing that the contract declares: `ip`"),
    (headless, "8 columns without a role: number 1, number 2"),
    (losing_rows, "are not the rows of the file"),
    (none_left, "none of its 5 rows"),
    (lambda path, *_: raw_table(platform="qualtrics"), "is a qualtrics export; its contract says plain_csv"),
]


@pytest.mark.parametrize(("reader", "message"), BAD_FILES)
def test_a_delivery_unlike_its_contract_changes_nothing(places: Places, key: PseudonymKey, reader: Reader, message: str) -> None:
    run(places, key)
    before = tree(places.work)

    def second_is_bad(path: Path, *_: object) -> RawTable:
        return reader(path) if path.name == "w2.csv" else read_csv(path)

    with pytest.raises(IntakeRefused) as refused:
        run(places, key, first=ROWS[:4], reader=second_is_bad)
    assert message in str(refused.value)
    assert tree(places.work) == before
    assert not any(cell in str(refused.value) for row in ROWS for cell in (row[0], row[1]) if cell != "")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (with_cell(0, ""), "the id column `token` is blank in 1 of 5 rows"),
        (with_cell(0, " \ufeff"), "the id column `token` is blank in 1 of 5 rows"),
        (with_cell(0, "R1"), r"a person stands in more than one row of the wave (2 rows)"),
        ([*ROWS, *ROWS], "5 persons stand in more than one row of the wave (10 rows)"),
    ],
)
def test_a_blank_id_and_a_person_twice_are_refused_by_count(places: Places, key: PseudonymKey, rows: Rows, message: str) -> None:
    run(places, key)
    before = tree(places.work)
    with pytest.raises(IntakeRefused) as refused:
        run(places, key, second=rows)
    assert message in str(refused.value)
    assert "R1" not in str(refused.value)
    assert tree(places.work) == before


def test_a_missing_file_and_a_missing_contract_change_nothing(places: Places, key: PseudonymKey) -> None:
    run(places, key)
    before = tree(places.work)
    gone = register(places, key, "w2", ROWS[:3])
    (places.deliveries / "w2.csv").unlink()
    with pytest.raises(IntakeRefused, match="missing"):
        take_in(places, key, [register(places, key, "w1"), gone], Declared(STUDIES, BOTH), read_csv)
    with pytest.raises(DeclarationError, match=r"tiny_w2\.yaml"):
        run(places, key, contracts=BOTH[:1])
    assert tree(places.work) == before


def test_two_kept_columns_that_sql_cannot_tell_apart_are_refused(places: Places, key: PseudonymKey) -> None:
    twin = tuple(replace(each, name="Q1") if each.name == "vote" else each for each in contract("w1").columns)
    header = tuple("Q1" if name == "vote" else name for name in HEADER)
    with pytest.raises(IntakeRefused, match="name of another"):
        run(
            places,
            key,
            contracts=(replace(contract("w1"), columns=twin), BOTH[1]),
            reader=lambda path, *_: raw_table(header=header),
        )


def test_a_delivery_of_an_undeclared_wave_is_refused(places: Places, key: PseudonymKey) -> None:
    with pytest.raises(DeclarationError, match="w9"):
        take_in(places, key, [register(places, key, "w9")], Declared(STUDIES, BOTH), read_csv)


def test_intake_without_deliveries_says_what_to_do(places: Places, key: PseudonymKey) -> None:
    with pytest.raises(IntakeRefused, match="panelpress register"):
        take_in(places, key, [], Declared(STUDIES, BOTH), read_csv)


def test_a_work_folder_in_the_checkout_takes_nothing_in(places: Places, key: PseudonymKey) -> None:
    with pytest.raises(UsageError):
        run(Places(places.root, places.root / "work"), key)
    assert not (places.root / "work").exists()


@pytest.mark.parametrize("cut_after", ["new", "old"])
def test_a_kill_between_the_renames_loses_nothing(places: Places, key: PseudonymKey, cut_after: str) -> None:
    run(places, key)
    before = tree(places.waves_work)
    (places.work / "waves.new").mkdir()
    if cut_after == "old":
        places.waves_work.rename(places.work / "waves.old")
    run(places, key)
    assert tree(places.waves_work) == before
    assert sorted(path.name for path in places.work.iterdir()) == ["waves"]


def test_a_full_disk_leaves_the_waves_as_they_were(places: Places, key: PseudonymKey, monkeypatch: pytest.MonkeyPatch) -> None:
    run(places, key)
    before = tree(places.work)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(IntakeRefused, match="No space left"):
        run(places, key, first=ROWS[:4])
    assert tree(places.work) == before and sorted(each.name for each in places.work.iterdir()) == ["waves"]
