"""Facts that no life changes show a wrong link, by count."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.linkage import Fact
from panelpress.model.text import LocalText
from panelpress.raw.facts import conflicts

BORN = Fact("born", {"w1": "yob", "w2": "birth"})


def count(
    fact: Fact, first: Sequence[str | None], second: Sequence[str | None], labels: dict[str, str] | None = None
) -> tuple[int, int]:
    texts = {code: LocalText({"en": label}) for code, label in (labels or {}).items()}
    contracts = {
        "w1": Contract("s", "w1", "plain_csv", (ContractColumn("yob", "quasi"),)),
        "w2": Contract("s", "w2", "plain_csv", (ContractColumn("birth", "quasi", values=texts),)),
    }
    waves = {
        "w1": pl.DataFrame({"person_id": range(len(first)), "yob": first}, schema_overrides={"yob": pl.String}),
        "w2": pl.DataFrame({"person_id": range(len(second)), "birth": second}, schema_overrides={"birth": pl.String}),
    }
    finding = conflicts(fact, waves, contracts, "s", "run")
    assert finding.severity == "warning" and finding.field == fact.id
    return finding.n_failed, finding.n_total


def test_persons_who_contradict_themselves_are_counted_among_those_who_answered_twice() -> None:
    assert count(BORN, ["1980", "1990", None, "1970"], ["1980", "1991", "1960"]) == (1, 2)


@pytest.mark.parametrize(("tolerance", "n"), [(0, 2), (1, 1), (2, 0)])
def test_numbers_may_be_apart_by_the_declared_tolerance(tolerance: float, n: int) -> None:
    assert count(Fact("born", BORN.columns, tolerance), ["1980", "1990"], ["1981", "1992"]) == (n, 2)


def test_numbers_are_compared_as_numbers_and_codes_by_their_labels() -> None:
    assert count(BORN, ["1980", "female"], ["1980.0", "female"]) == (0, 2)
    assert count(BORN, ["female", "male"], ["1", "1"], {"1": "female"}) == (1, 2)


def test_a_fact_asked_in_one_wave_only_contradicts_nobody() -> None:
    assert count(BORN, ["1980"], []) == (0, 0)
