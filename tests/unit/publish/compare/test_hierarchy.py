"""A key that is shown coarser or finer was not corrected; one that is shown as another answer was."""

from __future__ import annotations

import pytest

from panelpress.model.disclosure import DisclosureDeclaration, Hierarchy, Key, Level, StudyKeys
from panelpress.model.variable import Category
from panelpress.publish.compare.hierarchy import Cell, related_by
from worlds import both

REGIONS = Level(
    "region",
    both("Region", "Регион"),
    (Category("west", both("West", "Запад")), Category("east", both("East", "Восток"))),
    parents={"AAA": "west", "BBB": "west", "CCC": "east"},
)
YEARS = Level(
    "bands", both("Bands", "Группы"), tuple(Category(code, both(str(code), str(code))) for code in (1, 2, 3)), cuts=("30", "50")
)
DAYS = Level(
    "halves",
    both("Halves", "Половины"),
    (Category("2022h1", both("first", "первая")), Category("2022h2", both("second", "вторая"))),
    cuts=("2022-07-01",),
)
KEYS = (
    Key("country", "varying", Hierarchy("places", (REGIONS,)), reasons="merged"),
    Key("age", "static", Hierarchy("ages", (YEARS,))),
    Key("left", "static", Hierarchy("days", (DAYS,))),
)
RELATED = related_by(DisclosureDeclaration({"tiny": StudyKeys("tiny", KEYS)}, {}))


def value(text: str) -> Cell:
    return text, None


@pytest.mark.parametrize(
    ("variable", "before", "after", "expected"),
    [
        ("country", "AAA", "west", True),
        ("country", "west", "AAA", True),
        ("country", "AAA", "east", False),
        ("country", "AAA", "BBB", False),
        ("country", "west", "east", False),
        ("age", "35", "2", True),
        ("age", "30", "2", True),
        ("age", "29", "1", True),
        ("age", "35", "3", False),
        ("age", "1", "2", False),
        ("left", "2022-03-05", "2022h1", True),
        ("left", "2022h2", "2022-03-05", False),
        ("trust", "1", "2", False),
    ],
)
def test_two_codes_are_related_when_some_answer_is_shown_as_either(
    variable: str, before: str, after: str, expected: bool
) -> None:
    assert RELATED(variable, value(before), value(after)) is expected


def test_merged_reasons_are_one() -> None:
    assert RELATED("country", (None, "refused"), (None, "no_answer"))
    assert not RELATED("age", (None, "refused"), (None, "no_answer"))
    assert not RELATED("country", (None, "refused"), (None, "dont_know"))


def test_an_answer_that_became_a_reason_is_a_correction() -> None:
    assert not RELATED("country", value("AAA"), (None, "refused"))
