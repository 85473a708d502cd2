"""A cleaning log explains every difference between the raw and the cleaned file, or the rest is named."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from panelpress.errors import DeliveryError
from panelpress.raw.cleaning_log import COLUMNS, Replay, replay

RAW = [("R1", "199", "1"), ("R2", "30", ""), ("R3", "40", "2")]
CLEANED = [("R1", "19", "1"), ("R2", "30", "")]
LOG = [("R1", "age", "199", "19", "typed twice"), ("R3", "", "", "", "withdrew")]


def text(rows: Sequence[Sequence[str]], header: Sequence[str]) -> pl.DataFrame:
    cells = [[cell or None for cell in row] for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")


def play(log: Sequence[Sequence[str]] = LOG, cleaned: Sequence[Sequence[str]] = CLEANED) -> Replay:
    return replay(text(RAW, ("id", "age", "vote")), text(log, COLUMNS), text(cleaned, ("id", "age", "vote")), "id")


def test_a_complete_log_leads_to_the_cleaned_file() -> None:
    found = play()
    assert found.documented and (found.applied, found.unfit) == (2, 0)


def test_an_undocumented_cell_is_named_by_row_and_column_without_its_answer() -> None:
    found = play(cleaned=[CLEANED[0], ("R2", "30", "2")])
    assert not found.documented and found.left.cells == {"vote": 1}
    assert found.cells.rows() == [("R2", "vote")]


def test_rows_that_went_or_came_without_a_line_in_the_log_are_counted() -> None:
    assert play(cleaned=CLEANED[:1]).left.gone == 1
    assert play(cleaned=[*CLEANED, ("R9", "1", "1")]).left.added == 1


def test_a_documented_step_that_was_not_done_is_a_difference() -> None:
    found = play(cleaned=[("R1", "199", "1"), CLEANED[1], RAW[2]])
    assert found.left.cells == {"age": 1} and found.left.added == 1


@pytest.mark.parametrize(
    "step",
    [
        ("R9", "age", "1", "2", "nobody has this id"),
        ("R1", "height", "1", "2", "no such column"),
        ("R1", "vote", "7", "2", "the export holds another value"),
        ("R3", "vote", "2", "1", "the response was taken out before"),
    ],
)
def test_a_step_that_does_not_fit_the_export_is_counted(step: tuple[str, ...]) -> None:
    found = play([*LOG, step])
    assert found.unfit == 1 and not found.documented


def test_a_step_without_a_reason_documents_nothing() -> None:
    assert not play([("R1", "age", "199", "19", " "), LOG[1]]).documented


def test_a_blank_cell_can_be_filled_and_a_cell_blanked() -> None:
    log = [*LOG, ("R2", "vote", "", "1", "from the paper form"), ("R2", "age", "30", "", "unreadable")]
    assert play(log, [CLEANED[0], ("R2", "", "1")]).documented


def test_a_log_with_other_columns_is_refused() -> None:
    with pytest.raises(DeliveryError, match="id,column,old,new,reason"):
        replay(text(RAW, ("id", "age", "vote")), text([("R1",)], ("who",)), text(CLEANED, ("id", "age", "vote")), "id")
    with pytest.raises(DeliveryError, match="lacks the id column"):
        replay(text(RAW, ("id", "age", "vote")), text(LOG, COLUMNS), text(CLEANED, ("i", "age", "vote")), "id")
