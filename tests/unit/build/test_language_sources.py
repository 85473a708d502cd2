"""Where a rule takes its codes from: joined cells of yes-or-no variables, code lists, several routings, folded texts."""

from __future__ import annotations

from pathlib import Path

from crosswalk_world import NOT_IN_B, YES_NO, declare, run

HELPED = (
    f"id: helped\n{YES_NO}waves:\n"
    "  a: {status: complete, source: [q7], separator: ', ', options: {'Helped, a little': 1, 'Gave': 0, 'Nothing': 0},"
    " missing: {null: skipped}}\n" + NOT_IN_B
)


def test_a_yes_or_no_variable_may_be_one_option_of_a_joined_cell(tmp_path: Path) -> None:
    answers = {"p1": "Helped, a little, Gave", "p2": "Gave", "p3": "Nothing", "p4": None}
    rows = run(tmp_path, [HELPED], [{"person_id": person, "record_id": person, "q7": text} for person, text in answers.items()])
    assert [(row["helped"], row["helped__why"]) for row in rows] == [(1, None), (0, None), (0, None), (None, "skipped")]


def test_an_option_that_is_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    _, problems = declare(tmp_path, HELPED.replace("'Gave': 0", "'Gave': 2"))
    assert any("not each is 1 or 0" in problem.what for problem in problems)


def test_an_answer_that_means_none_of_them_is_no_option(tmp_path: Path) -> None:
    text = (
        "id: reasons\ntype: multi\noptions: [{id: war, label: {en: War}}, {id: job, label: {en: Job}}]\nwaves:\n"
        "  a: {status: complete, source: [q1], separator: ',', options: {1: war, 2: job, 3: none}, missing: {null: skipped}}\n"
    )
    rows = run(tmp_path, [text + NOT_IN_B], [{"person_id": code, "record_id": code, "q1": code} for code in ("1", "2", "3")])
    assert [(row["reasons_war"], row["reasons_job"]) for row in rows] == [(1, 0), (0, 1), (0, 0)]


def test_columns_of_a_multi_select_can_have_a_universe(tmp_path: Path) -> None:
    text = (
        "id: when\ntype: multi\noptions: [{id: peace, label: {en: Peace}}]\nwaves:\n"
        "  a: {status: complete, source: [back], universe: back = 1, columns: {peace: c1}, map: {1: 1, 0: 0},"
        " missing: {null: skipped}}\n"
    )
    given = [{"person_id": "p1", "record_id": "r1", "back": "1", "c1": "1"}, {"person_id": "p2", "record_id": "r2", "back": "2"}]
    rows = run(tmp_path, [text + NOT_IN_B], given)
    assert [(row["when_peace"], row["when_peace__why"]) for row in rows] == [(1, None), (None, "not_applicable")]


def test_a_long_map_may_stand_in_a_code_list(tmp_path: Path) -> None:
    (tmp_path / "lands.csv").write_text("code,label_en,iso3\nAA,Aland,AAA\nBB,Borduria,BBB\n", encoding="utf-8")
    text = (
        "id: land\ntype: nominal\ncategories_from: lands.csv\nwaves:\n"
        "  a: {status: complete, source: [c], map_from: {list: lands.csv, column: iso3}, map: {QQQ: AA}, missing: {null: skipped}}\n"
    )
    rows = run(tmp_path, [text + NOT_IN_B], [{"person_id": code, "record_id": code, "c": code} for code in ("AAA", "BBB", "QQQ")])
    assert [row["land"] for row in rows] == ["AA", "BB", "AA"]
    _, problems = declare(tmp_path, text.replace("column: iso3", "column: iso4") + NOT_IN_B)
    assert any("lacks `code` or `iso4`" in problem.what for problem in problems)


def test_the_first_routing_that_holds_gives_the_value(tmp_path: Path) -> None:
    text = (
        "id: employer\ntype: nominal\ncategories: [{code: 1, label: {en: Firm}}, {code: 8, label: {en: None}}, "
        "{code: 9, label: {en: Looking}}]\nwaves:\n"
        "  a: {status: complete, source: [emp, works], map_on: emp, filter: [{expr: works = 2, value: 9}, {expr: works = 3,"
        " value: 8}], map: {firm: 1}, missing: {null: skipped}}\n"
    )
    given = [
        {"person_id": "p1", "record_id": "r1", "works": "1", "emp": "firm"},
        {"person_id": "p2", "record_id": "r2", "works": "2"},
        {"person_id": "p3", "record_id": "r3", "works": "3"},
    ]
    assert [row["employer"] for row in run(tmp_path, [text + NOT_IN_B], given)] == [1, 9, 8]


def test_a_folded_expression_is_read_as_one_line(tmp_path: Path) -> None:
    text = f"id: folded\n{YES_NO}expr: >-\n  helped = 1\n  AND helped = 1\nwaves:\n  a: {{status: complete}}\n{NOT_IN_B}"
    variables, problems = declare(tmp_path, HELPED, text)
    assert problems == [] and variables[1].waves["a"].expr == "helped = 1 AND helped = 1"
