"""Whatever crosswalk lints and whatever codes arrive: no row is lost, every cell has a value or a reason, and it is the right one.

The oracle evaluates the generated declarations in plain Python; it shares no code with the compiler or with ``build.control``.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crosswalk_world import declare, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from worlds import MISSING, STUDY

RAW_CODES = ["0", "1", "2", "3", "9", "-1", "a", "B c", "it's", "⟦0⟧", "да", "2.5"]
REASONS = ["dont_know", "refused", "skipped", "uncodeable"]


@dataclass(frozen=True)
class Drawn:
    """One generated variable: its YAML and what it means, for the oracle."""

    text: str
    codes: dict[str | None, Any]
    intervals: list[tuple[float, float, Any]]
    reasons: dict[str | None, str]
    universe: tuple[str, str] | None
    filter: tuple[str, str, int] | None

    def expected(self, row: dict[str, str | None]) -> tuple[Any, str | None] | None:
        """(value, reason) that the declaration means, or None where it has no rule for the code."""
        if self.universe and row[self.universe[0]] != self.universe[1]:
            return (None, "not_applicable")
        if self.filter and row[self.filter[0]] == self.filter[1]:
            return (self.filter[2], None)
        code = row["q"]
        if code in self.reasons:
            return (None, self.reasons[code])
        if code in self.codes:
            return (self.codes[code], None)
        try:
            number = float(code) if code is not None else None
        except ValueError:
            number = None
        if number is not None:
            for low, high, target in self.intervals:
                if low <= number <= high:
                    return (target, None)
        return None


@st.composite
def variables(draw: st.DrawFn) -> Drawn:
    keys = draw(st.lists(st.sampled_from(RAW_CODES), min_size=1, max_size=6, unique=True))
    split = draw(st.integers(1, len(keys)))
    codes: dict[str | None, Any] = {key: draw(st.integers(1, 4)) for key in keys[:split]}
    reasons: dict[str | None, str] = {key: draw(st.sampled_from(REASONS)) for key in keys[split:]}
    blank = draw(st.sampled_from(["none", "map", "missing"]))
    if blank == "map":
        codes[None] = draw(st.integers(1, 4))
    elif blank == "missing":
        reasons[None] = "skipped"
    intervals: list[tuple[float, float, Any]] = []
    if draw(st.booleans()):
        intervals = [(0.0, 2.0, draw(st.integers(1, 4))), (3.0, 9.0, draw(st.integers(1, 4)))]
    universe = draw(st.one_of(st.none(), st.tuples(st.just("u"), st.sampled_from(["0", "1"]))))
    routing = draw(st.one_of(st.none(), st.tuples(st.just("f"), st.sampled_from(["0", "1"]), st.integers(1, 4))))
    quoted = {key: "null" if key is None else "'" + str(key).replace("'", "''") + "'" for key in (*codes, *reasons)}
    pairs = [f"{quoted[key]}: {code}" for key, code in codes.items()]
    pairs += [f"'[{low:g},{high:g}]': {target}" for low, high, target in intervals]
    parts = ["status: complete", "source: [q, u, f]", "map_on: q", f"map: {{{', '.join(pairs)}}}"]
    if reasons:
        parts.append("missing: {" + ", ".join(f"{quoted[key]}: {reason}" for key, reason in reasons.items()) + "}")
    if universe:
        parts.append(f'universe: "{universe[0]} = {universe[1]}"')
    if routing:
        parts.append(f'filter: {{expr: "{routing[0]} = {routing[1]}", value: {routing[2]}}}')
    categories = ", ".join(f"{{code: {code}, label: {{en: C{code}}}}}" for code in range(1, 5))
    text = f"id: v\ntype: ordinal\ncategories: [{categories}]\nwaves:\n  a: {{{', '.join(parts)}}}\n  b: {{status: impossible, reason: not_asked}}\n"
    return Drawn(text, codes, intervals, reasons, universe, routing)


ROWS = st.lists(
    st.fixed_dictionaries(
        {"q": st.sampled_from([*RAW_CODES, None]), "u": st.sampled_from(["0", "1", None]), "f": st.sampled_from(["0", "1", None])}
    ),
    min_size=1,
    max_size=12,
)


def judge(drawn: list[Drawn], given_rows: list[dict[str, str | None]]) -> None:
    """Harmonizes all drawn variables over one raw table and holds every cell against the oracle."""
    texts = [each.text.replace("id: v\n", f"id: v{n}\n", 1) for n, each in enumerate(drawn)]
    with tempfile.TemporaryDirectory() as folder:
        declared, problems = declare(Path(folder), *texts)
    assert problems == []
    rows = connect(":memory:")
    raw = [{"person_id": f"p{n:02}", "record_id": f"r{n:02}", **row} for n, row in enumerate(given_rows)]
    put(rows, "tiny_a", raw)
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, declared, MISSING)
    findings = control(rows, STUDY, declared, ["a", "b"], "r")
    for n, each in enumerate(drawn):
        found = rows.execute(f"SELECT v{n}, v{n}__why FROM tiny_responses ORDER BY person_id").fetchall()
        expected = [each.expected(row) for row in raw]
        assert found == [cell or (None, None) for cell in expected]
        assert all(value is None or value in range(1, 5) for value, _ in found)
        failed = {finding.rule for finding in findings if finding.failed and finding.field == f"v{n}"}
        assert failed == ({"build.totality"} if None in expected else set())
    rows.close()


RELAXED = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]


@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(st.lists(variables(), min_size=1, max_size=2), ROWS)
def test_every_cell_is_what_its_declaration_means(drawn: list[Drawn], rows: list[dict[str, str | None]]) -> None:
    judge(drawn, rows)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=RELAXED)
@given(st.lists(variables(), min_size=20, max_size=20), ROWS)
def test_every_cell_of_ten_thousand_declarations_is_what_they_mean(drawn: list[Drawn], rows: list[dict[str, str | None]]) -> None:
    judge(drawn, rows)
