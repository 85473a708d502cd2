"""Published aggregates: what is counted, what is hidden, and that nothing hidden follows from what is shown."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panelpress.errors import DeclarationError
from panelpress.model.aggregate import MEAN, AggregatePlan, Margin, PublishedCell
from panelpress.model.estimate import Base
from panelpress.model.study import Sample, Study, Wave
from panelpress.paths import Places
from panelpress.publish.tables.aggregate_table import contribute_aggregates, lookup
from panelpress.publish.tables.aggregates import COMPLEMENT, NESTED, PART, SMALL, count_aggregates
from panelpress.schemas.aggregates import load_aggregates
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from worlds import MISSING, PROJECT, STUDY, VARIABLES, both, tiny_edition

ONE = Study("one", both("One", "Один"), (Wave("w", "one", both("W", "В"), "2022", "2022"),))
ALL = Sample("all", "one", both("All", "Все"), None)
NORTH = Sample("north", "one", both("North", "Север"), "land = 1")
SOUTH = Sample("south", "one", both("South", "Юг"), "land = 2")
EAST = Sample("east", "one", both("East", "Восток"), "land = 3")


def counted(people: list[tuple[int, int]], margins: list[Margin], partitions: tuple[object, ...] = ()) -> list[PublishedCell]:
    """Cells of a world of people (land, fear)."""
    rows = duckdb.connect(":memory:")
    rows.execute("CREATE TABLE one_responses (person_id VARCHAR, wave VARCHAR, land INTEGER, fear INTEGER, fear__why VARCHAR)")
    ids, lands, fears = list(range(len(people))), [land for land, _ in people], [fear for _, fear in people]
    rows.execute("INSERT INTO one_responses SELECT unnest(?), 'w', unnest(?), unnest(?), NULL", [ids, lands, fears])
    plan = AggregatePlan(tuple(margins), 30, partitions)  # type: ignore[arg-type]
    return list(count_aggregates(rows, plan, (ONE,), (ALL, NORTH, SOUTH, EAST), MISSING))


def margin(sample: str, *codes: int, exhaustive: bool = False) -> Margin:
    return Margin("fear", "one", Base((sample,)), tuple((str(code), (code,)) for code in codes), exhaustive)


def test_a_share_is_a_whole_percent_and_its_base_is_rounded_to_ten() -> None:
    (cell,) = counted([(1, 1)] * 41 + [(1, 2)] * 83, [margin("all", 1)])
    assert (cell.share, cell.n, cell.hidden) == (33, 120, "")


def test_a_mean_is_a_whole_number_over_enough_people() -> None:
    mean = Margin("fear", "one", Base(("all",)), ((MEAN, ()),), False)
    (cell,) = counted([(1, 3)] * 41 + [(1, 6)] * 83, [mean])
    assert (cell.share, cell.n, cell.hidden) == (5, 120, "")
    (few,) = counted([(1, 3)] * 29, [mean])
    assert (few.share, few.hidden) == (None, SMALL)


def test_a_cell_or_its_complement_below_the_minimum_is_hidden() -> None:
    few, most = counted([(1, 1)] * 29 + [(1, 2)] * 200, [margin("all", 1), margin("all", 2)])
    assert (few.share, few.hidden) == (None, SMALL) and (most.n, most.hidden) == (None, SMALL)


def test_one_hidden_answer_takes_the_next_smallest_with_it() -> None:
    people = [(1, 1)] * 10 + [(1, 2)] * 50 + [(1, 3)] * 90
    cells = counted(people, [margin("all", 1, 2, 3, exhaustive=True)])
    assert [cell.hidden for cell in cells] == [SMALL, COMPLEMENT, ""]


def test_a_sample_that_nearly_fills_another_is_hidden() -> None:
    people = [(1, 1)] * 60 + [(1, 2)] * 60 + [(2, 1)] * 5 + [(2, 2)] * 40
    north, everybody = counted(people, [margin("north", 1), margin("all", 1)])
    assert north.hidden == NESTED and everybody.share is not None


def test_one_hidden_part_of_a_whole_takes_the_next_smallest_with_it() -> None:
    people = [(land, fear) for land, n in ((1, 20), (2, 60), (3, 90)) for fear in (1, 2) for _ in range(n)]
    parts = [margin(name, 1) for name in ("north", "south", "east", "all")]
    cells = counted(people, parts, (("all", ("north", "south", "east")),))
    assert [cell.hidden for cell in cells] == [SMALL, PART, "", ""]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 80), min_size=6, max_size=6))
def test_no_shown_cell_and_no_difference_of_shown_cells_is_small(sizes: list[int]) -> None:
    people = [(1 + at // 2, 1 + at % 2) for at, n in enumerate(sizes) for _ in range(n)]
    if not people:
        return
    cells = {
        cell.margin.base.samples[0]: cell
        for cell in counted(
            people,
            [margin(name, 1) for name in ("north", "south", "east", "all")],
            (("all", ("north", "south", "east")),),
        )
    }
    true = {"north": sizes[0:2], "south": sizes[2:4], "east": sizes[4:6]}
    true["all"] = [sum(part) for part in zip(*true.values(), strict=True)]
    for name, cell in cells.items():
        if cell.share is not None:
            assert min(true[name]) >= 30
    hidden = [name for name in ("north", "south", "east") if cells[name].share is None]
    if cells["all"].share is not None and hidden:
        assert len(hidden) > 1 and all(sum(true[name][at] for name in hidden) >= 30 for at in (0, 1))


def test_the_table_leaves_out_what_the_edition_holds_and_gives_shares_back() -> None:
    edition, rows = tiny_edition()
    shown = PublishedCell(Margin("fear", "tiny", Base(("everyone",), "a"), (("1", (1,)),), False), "1", 40, 120)
    held = PublishedCell(Margin("trust", "tiny", Base(("everyone",)), (("1", (1,)),), False), "1", 40, 120)
    contribute_aggregates([shown, held])(edition, rows)
    assert rows.execute("SELECT variable, share, n FROM aggregates").fetchall() == [("fear", 40, 120)]
    find = lookup(rows, lambda _: None)
    found = find(Base(("everyone",), "a"), "fear", ["1"])
    assert found is not None and (found.value, found.n, found.slack) == (40.0, 120, 0.5)
    assert find(Base(("everyone",)), "fear", ["1"]) is None and find(Base(("everyone",), "a"), "fear", ["2"]) is None


def declared(folder: object, text: str) -> None:
    places = Places(root=folder, work=folder)  # type: ignore[arg-type]
    places.publish.mkdir(exist_ok=True)
    places.aggregates_file.write_text(text, encoding="utf-8")
    sample = (Sample("everyone", "tiny", both("E", "Э"), None),)
    load_aggregates(Declarations(places, PROJECT, Crosswalk(VARIABLES, (STUDY,), MISSING, ()), sample, ()))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{variables: [trust], answers: [1], samples: [everyone]}", "`trust` is in the open tier"),
        ("{variables: [fear], answers: [1], samples: [everyone]}", "no variable is called `fear`"),
        ("{variables: [trust], answers: [1], samples: [nobody]}", "is in the open tier"),
    ],
)
def test_a_margin_that_may_not_be_is_refused(tmp_path: object, line: str, said: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(tmp_path, f"spec: panel-aggregates/0.1\nminimum_cell: 30\nmargins:\n- {line}\n")
    assert said in refused.value.what
