"""The crosswalk language does what it says, on worlds of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from crosswalk_world import NOT_IN_B, YES_NO, declare, people, put, run

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.build.unmapped import find_unmapped, refuse_unmapped
from panelpress.errors import BuildRefused
from worlds import MISSING, STUDY


def cells(rows: list[dict[str, object]], variable: str) -> list[tuple[object, object]]:
    return [(row[variable], row[f"{variable}__why"]) for row in rows]


def test_a_map_gives_codes_and_a_missing_map_gives_reasons(tmp_path: Path) -> None:
    text = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{yes: 1, no: 0}}, missing: {{dk: dont_know, null: skipped}}}}\n{NOT_IN_B}"
    rows = run(tmp_path, [text], people("q", ["yes", "no", "dk", None]))
    assert cells(rows, "v") == [(1, None), (0, None), (None, "dont_know"), (None, "skipped")]


def test_an_exact_code_wins_over_the_interval_that_contains_it(tmp_path: Path) -> None:
    text = (
        f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{'[0,4]': 0, '(5,10]': 1}}, missing: {{5: uncodeable, 7: refused}}}}\n"
        + NOT_IN_B
    )
    rows = run(tmp_path, [text], people("q", ["0", "4", "5", "6.5", "7", "10"]))
    assert cells(rows, "v") == [(0, None), (0, None), (None, "uncodeable"), (1, None), (None, "refused"), (1, None)]


def test_those_outside_the_universe_are_not_applicable_and_an_unknown_filter_counts_as_outside(tmp_path: Path) -> None:
    text = (
        f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q, abroad], map_on: q, universe: 'abroad = 1', "
        "map: {1: 1, 2: 0}, missing: {null: skipped}}\n" + NOT_IN_B
    )
    raw = [
        {"person_id": "p1", "record_id": "r1", "q": "1", "abroad": "1"},
        {"person_id": "p2", "record_id": "r2", "q": None, "abroad": "0"},
        {"person_id": "p3", "record_id": "r3", "q": None, "abroad": "1"},
        {"person_id": "p4", "record_id": "r4", "q": None, "abroad": None},
    ]
    assert cells(run(tmp_path, [text], raw), "v") == [
        (1, None),
        (None, "not_applicable"),
        (None, "skipped"),
        (None, "not_applicable"),
    ]


def test_a_filter_implies_the_value_for_those_who_were_routed_past(tmp_path: Path) -> None:
    text = (
        f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [works, kind], map_on: kind, filter: {{expr: 'works = 0', value: 0}}, "
        "map: {ru: 1}, missing: {null: skipped}}\n" + NOT_IN_B
    )
    raw = [
        {"person_id": "p1", "record_id": "r1", "works": "0", "kind": None},
        {"person_id": "p2", "record_id": "r2", "works": "1", "kind": "ru"},
        {"person_id": "p3", "record_id": "r3", "works": "1", "kind": None},
    ]
    assert cells(run(tmp_path, [text], raw), "v") == [(0, None), (1, None), (None, "skipped")]


def test_an_option_that_contains_the_separator_is_one_option(tmp_path: Path) -> None:
    text = (
        "id: why\ntype: multi\noptions: [{id: war, label: {en: War}}, {id: money, label: {en: Money}}, {id: rest, label: {en: Rest}}]\n"
        "waves:\n  a: {status: complete, source: [q], separator: ', ', "
        "options: {'War, of course': war, War: war, Money: money, '~': rest}, missing: {null: skipped}}\n" + NOT_IN_B
    )
    rows = run(tmp_path, [text], people("q", ["War, of course, Money", "War", "Money, gold", None]))
    assert cells(rows, "why_war") == [(1, None), (1, None), (0, None), (None, "skipped")]
    assert cells(rows, "why_money") == [(1, None), (0, None), (1, None), (None, "skipped")]
    assert cells(rows, "why_rest") == [(0, None), (0, None), (1, None), (None, "skipped")]


def test_a_derived_variable_takes_the_strongest_reason_of_its_sources(tmp_path: Path) -> None:
    base = f"{YES_NO}waves:\n  a: {{status: complete, source: [%s], map: {{1: 1, 0: 0}}, missing: {{d: dont_know, r: refused, null: skipped}}}}\n{NOT_IN_B}"
    either = f"id: either\nprecedence: [refused]\nexpr: 'x = 1 OR y = 1'\n{YES_NO}waves:\n  a: {{status: complete}}\n{NOT_IN_B}"
    raw = [
        {"person_id": "p1", "record_id": "r1", "x": "1", "y": "d"},
        {"person_id": "p2", "record_id": "r2", "x": "0", "y": "d"},
        {"person_id": "p3", "record_id": "r3", "x": "d", "y": "r"},
        {"person_id": "p4", "record_id": "r4", "x": "0", "y": "0"},
    ]
    rows = run(tmp_path, [f"id: x\n{base % 'x'}", f"id: y\n{base % 'y'}", either], raw)
    assert cells(rows, "either") == [(1, None), (None, "dont_know"), (None, "refused"), (0, None)]


def test_panel_functions_look_at_the_persons_other_waves_and_at_nobody_else(tmp_path: Path) -> None:
    both = "status: complete, source: [q], map: {1: 1, 0: 0}, missing: {null: skipped}"
    base = f"id: x\n{YES_NO}waves:\n  a: {{{both}}}\n  b: {{{both}}}\n"
    moved = f"id: moved\nexpr: 'previous(x) <> x'\n{YES_NO}waves:\n  a: {{status: impossible, reason: not_asked}}\n  b: {{status: complete}}\n"
    count = "id: n\ntype: integer\nexpr: 'n_waves()'\nwaves:\n  a: {status: complete}\n  b: {status: complete}\n"
    a = [*people("q", ["1", "0"]), {"person_id": "p9", "record_id": "r9", "q": "1"}]
    b = [
        {"person_id": "p1", "record_id": "s1", "q": "0"},
        {"person_id": "p2", "record_id": "s2", "q": "0"},
        {"person_id": "p5", "record_id": "s5", "q": "1"},
    ]
    rows = run(tmp_path, [base, moved, count], a, b)
    assert [(row["person_id"], row["wave"], row["moved"], row["moved__why"], row["n"]) for row in rows] == [
        ("p1", "a", None, "not_asked", 2),
        ("p1", "b", 1, None, 2),
        ("p2", "a", None, "not_asked", 2),
        ("p2", "b", 0, None, 2),
        ("p5", "b", None, "not_applicable", 1),
        ("p9", "a", None, "not_asked", 1),
    ]


def test_numbers_out_of_bounds_or_with_decimals_are_left_to_the_totality_check(tmp_path: Path) -> None:
    text = (
        "id: age\ntype: integer\nminimum: 18\nmaximum: 99\nwaves:\n  a: {status: complete, source: [q], copy: true, missing: {999: refused, null: skipped}}\n"
        + NOT_IN_B
    )
    rows = run(tmp_path, [text], people("q", ["18", "999", "17", "20.5", None]))
    assert cells(rows, "age") == [(18, None), (None, "refused"), (None, None), (None, None), (None, "skipped")]


def test_units_convert_by_factor_and_dates_by_their_format(tmp_path: Path) -> None:
    length = (
        "id: cm\ntype: decimal\nwaves:\n  a: {status: complete, source: [q], copy: true, units: {source: inch, target: cm, factor: '2.54'}}\n"
        + NOT_IN_B
    )
    day = "id: day\ntype: date\nwaves:\n  a: {status: complete, source: [d], copy: true, date_format: '%d.%m.%Y'}\n" + NOT_IN_B
    raw = [{"person_id": "p1", "record_id": "r1", "q": "10", "d": "24.02.2022"}]
    row = run(tmp_path, [length, day], raw)[0]
    assert (str(row["cm"]), str(row["day"])) == ("25.400000", "2022-02-24")


def test_a_person_twice_in_a_wave_stops_the_build_without_naming_anyone(tmp_path: Path) -> None:
    text = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{1: 1}}}}\n{NOT_IN_B}"
    with pytest.raises(BuildRefused, match="twice") as refusal:
        run(tmp_path, [text], [*people("q", ["1"]), *people("q", ["1"])])
    assert "p1" not in str(refusal.value)


def test_an_unmapped_rare_code_stops_the_build_and_is_not_printed(tmp_path: Path) -> None:
    text = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{1: 1}}}}\n{NOT_IN_B}"
    variables, _ = declare(tmp_path, text)
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", ["1", "CANARY"]))
    put(rows, "tiny_b", people("q", []) or [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    failed = [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    assert {finding.rule for finding in failed} == {"build.totality"}
    with pytest.raises(BuildRefused, match="column `q` in wave a of tiny") as refusal:
        refuse_unmapped(find_unmapped(rows, STUDY, variables, ["a", "b"]), (), variables, 11, tmp_path / "failures")
    assert "CANARY" not in str(refusal.value)
    assert "fewer than 11 rows" in str(refusal.value)
    assert "CANARY" in (tmp_path / "failures" / "unmapped_codes.csv").read_text(encoding="utf-8")


def test_a_short_code_that_k_people_gave_is_named(tmp_path: Path) -> None:
    text = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{1: 1}}}}\n{NOT_IN_B}"
    variables, _ = declare(tmp_path, text)
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", ["127"] * 11))
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    with pytest.raises(BuildRefused, match=r"raw code '127' of column `q` in wave a of tiny \(11 row"):
        refuse_unmapped(find_unmapped(rows, STUDY, variables, ["a"]), (), variables, 11, tmp_path)


def test_the_control_finds_a_code_that_the_table_holds_wrongly(tmp_path: Path) -> None:
    text = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{1: 1, 2: 0}}}}\n{NOT_IN_B}"
    variables, _ = declare(tmp_path, text)
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", ["1", "1", "2"]))
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    assert not [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    rows.execute("UPDATE tiny_responses SET v = 0 WHERE person_id = 'p1'")
    failed = [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    assert {finding.rule for finding in failed} == {"build.frequency"}


def test_an_unlisted_text_beside_a_ticked_option_is_no_answer_to_the_table_and_to_the_control(tmp_path: Path) -> None:
    text = (
        "id: v\ntype: multi\noptions: [{id: x, label: {en: X}}]\nwaves:\n"
        "  a: {status: complete, source: [q], separator: ', ', options: {'War': x}, missing: {null: skipped}}\n" + NOT_IN_B
    )
    variables, _ = declare(tmp_path, text)
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", ["War", "War, rain"]))
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    assert rows.execute("SELECT v_x FROM tiny_responses ORDER BY person_id").fetchall() == [(1,), (None,)]
    failed = [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    assert {finding.rule for finding in failed} == {"build.totality"}


def test_the_control_finds_an_option_that_was_ticked_for_nobody(tmp_path: Path) -> None:
    text = (
        "id: v\ntype: multi\noptions: [{id: x, label: {en: X}}, {id: y, label: {en: Y}}]\nwaves:\n"
        "  a: {status: complete, source: [q], separator: ', ', options: {'War': x, 'War, of course': y}, missing: {null: skipped}}\n"
        + NOT_IN_B
    )
    variables, _ = declare(tmp_path, text)
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", ["War", "War, of course", "War, War, of course", None]))
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    held = {finding.field for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.rule == "build.frequency"}
    assert held == {"v_x", "v_y"}
    assert not [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    rows.execute("UPDATE tiny_responses SET v_x = 0 WHERE person_id = 'p3'")
    failed = [finding for finding in control(rows, STUDY, variables, ["a", "b"], "r") if finding.failed]
    assert [(finding.field, finding.rule) for finding in failed] == [("v_x", "build.frequency")]
