"""A table of rows is joined by hand, so it must escape what it shows and hide only what is told elsewhere."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from panelpress.publish.site.rows import answer_body, is_told, result_body


def test_a_value_is_escaped_and_markup_of_ours_is_not() -> None:
    body = result_body([["<b>", Markup('<span class="why">skipped</span>')]])
    assert body == '<tbody><tr><td>&lt;b&gt;</td><td><span class="why">skipped</span></td></tr>\n</tbody>'


def test_the_column_of_reasons_is_left_out_where_the_answer_stands_beside_it() -> None:
    row = [{"column": "trust", "value": "1"}, {"column": "trust__why", "value": "-"}, {"column": "sex__why", "value": "skipped"}]
    assert answer_body([row], ["trust", "trust__why", "sex__why"]) == "<tbody><tr><td>1</td><td>skipped</td></tr>\n</tbody>"


@pytest.mark.parametrize(("name", "told"), [("trust__why", True), ("trust", False), ("sex__why", False)])
def test_only_a_reason_beside_its_variable_is_told(name: str, told: bool) -> None:
    assert is_told(name, ["trust", "trust__why", "sex__why"]) is told
