"""The ledger can be added to and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panelpress.errors import ReleaseRefused
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from releasing import project


def filled(folder: Path, n: int = 4) -> Places:
    places = project(folder)
    for number in range(n):
        ledger.append(places, "release", "2026-01-31", {"version": f"0.{number}.0", "tier": "open"})
    return places


def lines(places: Places) -> list[str]:
    return places.ledger.read_text(encoding="utf-8").splitlines()


def write(places: Places, kept: list[str]) -> None:
    places.ledger.write_text("".join(line + "\n" for line in kept), encoding="utf-8")


def test_an_empty_ledger_verifies(tmp_path: Path) -> None:
    assert ledger.check(project(tmp_path)) == ((), ())


def test_what_was_appended_can_be_read_again(tmp_path: Path) -> None:
    places = filled(tmp_path, 2)
    first, second = ledger.read(places)
    assert (first.number, first.version, first.previous) == (1, "0.0.0", ledger.START)
    assert second.previous == first.hash


@pytest.mark.parametrize("number", range(4))
def test_a_changed_line_is_named(tmp_path: Path, number: int) -> None:
    places = filled(tmp_path)
    kept = lines(places)
    kept[number] = kept[number].replace(f'"0.{number}.0"', '"9.9.9"')
    write(places, kept)
    _, problems = ledger.check(places)
    assert problems[0].line == number + 1


@pytest.mark.parametrize("number", range(3))
def test_a_removed_line_is_noticed(tmp_path: Path, number: int) -> None:
    places = filled(tmp_path)
    kept = lines(places)
    del kept[number]
    write(places, kept)
    with pytest.raises(ReleaseRefused):
        ledger.read(places)


def test_lines_cut_off_at_the_end_are_noticed_where_they_were_written(tmp_path: Path) -> None:
    places = filled(tmp_path)
    write(places, lines(places)[:2])
    _, problems = ledger.check(places)
    assert [problem.line for problem in problems] == [0]


def test_a_line_rewritten_with_a_fresh_hash_breaks_the_next_one(tmp_path: Path) -> None:
    places = filled(tmp_path)
    kept = lines(places)
    content = json.loads(kept[1])
    content["version"] = "9.9.9"
    del content["hash"]
    content["hash"] = ledger.text_hash(ledger.canonical(content))
    kept[1] = ledger.canonical(content)
    write(places, kept)
    _, problems = ledger.check(places)
    assert problems[0].line == 3


def test_nothing_is_added_to_a_broken_ledger(tmp_path: Path) -> None:
    places = filled(tmp_path)
    write(places, lines(places)[1:])
    before = places.ledger.read_bytes()
    with pytest.raises(ReleaseRefused):
        ledger.append(places, "release", "2026-02-28", {"version": "0.9.0"})
    assert places.ledger.read_bytes() == before


def test_a_line_without_its_end_is_noticed(tmp_path: Path) -> None:
    places = filled(tmp_path)
    places.ledger.write_text(places.ledger.read_text(encoding="utf-8")[:-1], encoding="utf-8")
    _, problems = ledger.check(places)
    assert any("cut off" in problem.what for problem in problems)


def test_a_sign_off_counts_for_its_own_report_alone(tmp_path: Path) -> None:
    places = project(tmp_path)
    ledger.append(places, "sign_off", "2026-01-31", ledger.sign_off_facts("0.1.0", "data protection officer", "a" * 64))
    entries = ledger.read(places)
    assert ledger.signed_off(entries, "0.1.0", "a" * 64) is not None
    assert ledger.signed_off(entries, "0.1.0", "b" * 64) is None
    assert ledger.signed_off(entries, "0.2.0", "a" * 64) is None


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_single_changed_byte_goes_unnoticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    places = filled(tmp_path_factory.mktemp("ledger"), 3)
    content = bytearray(places.ledger.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(32, 126).filter(lambda byte: byte != content[position]))
    content[position] = other
    places.ledger.write_bytes(bytes(content))
    assert ledger.check(places)[1]
