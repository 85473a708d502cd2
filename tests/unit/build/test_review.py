"""The maintainers' page of value maps: what became of each raw code, counted, and nothing that anybody typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from crosswalk_world import NOT_IN_B, YES_NO, declare, people, put

from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.build.review import ReviewedCode, ReviewedVariable, review
from panelpress.build.review_page import review_page
from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.text import LocalText
from worlds import MISSING, STUDY

LABELS = {"1": LocalText({"en": "Rather <yes>"}), "2": LocalText({"en": "Rather no"})}
CONTRACT = Contract("tiny", "a", "plain_csv", (ContractColumn("q", "plain", values=LABELS),))
MAP = f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q], map: {{1: 1, 2: 0, 3: 0}}, missing: {{null: skipped}}}}\n{NOT_IN_B}"
NUMBER = f"id: v\ntype: integer\nwaves:\n  a: {{status: complete, source: [q], copy: true, missing: {{99: refused}}}}\n{NOT_IN_B}"
JOINED = (
    "id: v\ntype: multi\noptions: [{id: x, label: {en: X}}]\nwaves:\n"
    f"  a: {{status: complete, source: [q], separator: '; ', options: {{War: x, '~': none}}, missing: {{null: skipped}}}}\n{NOT_IN_B}"
)


def reviewed(folder: Path, text: str, values: list[str | None]) -> tuple[ReviewedVariable, ...]:
    variables, problems = declare(folder, text)
    assert problems == []
    rows = connect(":memory:")
    put(rows, "tiny_a", people("q", values))
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, variables, MISSING)
    return review(rows, STUDY, variables, [CONTRACT])


def test_each_code_stands_with_its_label_and_what_it_became(tmp_path: Path) -> None:
    (found,) = reviewed(tmp_path, MAP, ["1", "1", "2", None])
    assert found.waves[0].codes == (
        ReviewedCode("1", "Rather <yes>", "1", "Yes", "", 2),
        ReviewedCode("2", "Rather no", "0", "No", "", 1),
        ReviewedCode("3", "", "0", "No", "", 0),
        ReviewedCode("(blank)", "", "", "", "skipped", 1),
    )
    assert (found.waves[1].codes, found.waves[1].note) == ((), "impossible: not_asked")


@pytest.mark.parametrize(
    ("text", "values", "lines"),
    [
        (NUMBER, ["31337", "99", "4"], [("99", "", "refused", 1), ("(any other)", "(as it is)", "", 2)]),
        (
            JOINED,
            ["War; I live at Elm Street", "Elm Street", None],
            [("(blank)", "", "skipped", 1), ("(joined texts)", "0", "", 1), ("(joined texts)", "1", "", 1)],
        ),
    ],
)
def test_what_somebody_typed_is_counted_and_not_shown(
    tmp_path: Path, text: str, values: list[str | None], lines: list[tuple[str, str, str, int]]
) -> None:
    found = reviewed(tmp_path, text, values)
    assert [(each.raw, each.code, each.reason, each.n) for each in found[0].waves[0].codes] == lines
    page = review_page("Tiny", found, 2)
    assert "31337" not in page and "Elm" not in page and "p1" not in page


def test_a_count_below_k_is_not_printed_and_labels_are_escaped(tmp_path: Path) -> None:
    page = review_page("Tiny", reviewed(tmp_path, MAP, ["1", "1", "2", None]), 2)
    assert page.count("&lt; 2") == 2 and "Rather &lt;yes&gt;" in page
    assert "http" not in page and "<script" not in page and "<link" not in page
