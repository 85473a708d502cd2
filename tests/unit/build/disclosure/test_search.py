"""The search finds what looking at every node finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import nodes, slow_loss, tuples

from panelpress.build.disclosure.classes import Counter
from panelpress.build.disclosure.columns import Tuples
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.losses import CellLoss, Discernibility, Objective, column_bits, with_entropy
from panelpress.build.disclosure.search import search


@pytest.mark.parametrize("measure", ["ncp", "entropy", "discernibility"])
@settings(max_examples=150, deadline=None)
@given(tuples(), st.integers(2, 6), st.integers(1, 3), st.sampled_from([0.0, 0.1, 0.3, 1.0]))
def test_the_search_equals_brute_force(measure: str, of: Tuples, k: int, diversity: int, limit: float) -> None:
    given = with_entropy(of, column_bits(of)) if measure == "entropy" else of
    counter = Counter(given, Demand(k, diversity))
    objective: Objective = CellLoss(given)
    if measure == "discernibility":
        objective = Discernibility(of, counter.node((0,) * of.dimensions))
    found = search(counter, objective, limit=limit)
    slow = [slow_loss(of, levels, k, measure, diversity) for levels in nodes(of)]
    allowed = [loss for loss, residual in slow if residual <= limit * of.persons + 1e-9]
    if not allowed:
        assert found is None
        return
    assert found is not None
    assert found.optimal
    assert found.loss == pytest.approx(min(allowed), abs=1e-9)
    assert (found.loss, found.residual) == pytest.approx(slow_loss(of, found.levels, k, measure, diversity), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(tuples(), st.integers(2, 5))
def test_a_search_that_stops_early_says_so_and_bounds_what_it_missed(of: Tuples, k: int) -> None:
    stopped = search(Counter(of, Demand(k)), CellLoss(of), limit=1.0, effort=0)
    whole = search(Counter(of, Demand(k)), CellLoss(of), limit=1.0)
    assert stopped is not None
    assert whole is not None
    assert stopped.bound <= whole.loss + 1e-9
    assert stopped.loss >= whole.loss - 1e-9
    assert not stopped.optimal or stopped.loss == pytest.approx(whole.loss)


@settings(max_examples=60, deadline=None)
@given(tuples(), st.integers(2, 5))
def test_a_node_rolled_up_counts_what_a_fresh_count_counts(of: Tuples, k: int) -> None:
    warm = Counter(of, Demand(k))
    for levels in nodes(of):
        fresh = Counter(of, Demand(k))
        assert sorted(warm.classes(levels).counts) == sorted(fresh.classes(levels).counts)
        assert warm.node(levels).residual == fresh.node(levels).residual
