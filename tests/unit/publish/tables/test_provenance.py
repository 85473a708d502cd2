"""What is told of cleaning is rounded."""

from __future__ import annotations

import pytest

from panelpress.publish.tables.flow import told


@pytest.mark.parametrize(("n", "printed"), [(0, "0"), (1, "< 10"), (9, "< 10"), (10, "10"), (14, "10"), (873, "870")])
def test_a_count_of_excluded_rows_is_told_to_the_nearest_ten(n: int, printed: str) -> None:
    assert told(n) == printed
