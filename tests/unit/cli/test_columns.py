"""Tables fit the terminal: the widest columns give way first."""

from __future__ import annotations

import pytest

from panelpress.cli.columns import NARROWEST, fitted


def test_the_widest_columns_give_way_first() -> None:
    assert fitted([50, 5, 30], 64) == [27, 5, 28]
    assert fitted([50, 5, 30], 200) == [50, 5, 30]


@pytest.mark.parametrize("room", [40, 80, 120])
def test_columns_take_no_more_than_there_is_or_stay_readable(room: int) -> None:
    widths = fitted([300, 9, 8, 6, 200, 40], room)
    assert sum(widths) + 10 <= room or max(widths) == NARROWEST
