"""Codes that no contract lists are counted by wave and item, and printed only where they can tell nobody apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from raw_worlds import contract, raw_table

from panelpress.model.delivery import ContractColumn, RawTable
from panelpress.model.text import LocalText
from panelpress.raw.codes import code_findings, unlisted_codes

YES_NO = {"1": LocalText({"en": "yes"}), "2": LocalText({"en": "no"})}


def answers(*codes: str) -> RawTable:
    return raw_table([(f"R{number}", "", "", "", code, "", "", "") for number, code in enumerate(codes)])


def test_an_unlisted_code_is_counted_by_wave_and_item() -> None:
    raw = answers("1", "2", "7", "7", "")
    listed = contract("w1", vote=ContractColumn("vote", "sensitive", values=YES_NO))
    [code] = unlisted_codes(raw, raw.data, listed)
    assert (code.study, code.wave, code.column, code.code, code.n) == ("tiny", "w1", "vote", "7", 2)


def test_a_rare_code_is_not_printed_and_a_frequent_one_is() -> None:
    raw = answers(*["7"] * 11, *["8"] * 10, *["a long answer"] * 12)
    listed = contract("w1", vote=ContractColumn("vote", "sensitive", values=YES_NO))
    [finding] = code_findings(unlisted_codes(raw, raw.data, listed), raw.data, "run")
    assert finding.n_failed == 33 and finding.severity == "warning"
    assert "7 (11)" in finding.message and "2 more" in finding.message
    assert "8 (10)" not in finding.message and "long answer" not in finding.message


def test_codes_that_the_file_marks_missing_are_listed() -> None:
    raw = answers("1", "99")
    columns = tuple(replace(each, missing=("99",)) if each.name == "vote" else each for each in raw.columns)
    listed = contract("w1", vote=ContractColumn("vote", "sensitive", values=YES_NO))
    assert unlisted_codes(replace(raw, columns=columns), raw.data, listed) == ()


@pytest.mark.parametrize(("code", "n"), [("18", 0), ("99", 0), ("17", 1), ("101", 1), ("old", 1)])
def test_where_a_range_is_declared_numbers_within_it_are_listed(code: str, n: int) -> None:
    raw = answers(code)
    special = {"99": LocalText({"en": "refused"})}
    age = ContractColumn("vote", "quasi", type="integer", values=special, minimum="18", maximum="98")
    assert len(unlisted_codes(raw, raw.data, contract("w1", vote=age))) == n


def test_a_column_that_lists_nothing_is_not_looked_at() -> None:
    raw = answers("7")
    assert unlisted_codes(raw, raw.data, contract("w1")) == ()
