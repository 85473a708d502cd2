"""What one key can show: its tokens (value and reason as they occur), and what each token looks like at every level.

A *token* is a pair (value, reason), one of them None. A *look* is what is published for it: a pair (code, reason) again, or
``STAR``. Reasons are tokens too, because a rare "refused" finds a person as surely as a rare occupation does.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.sql import PREFIX
from panelpress.errors import BuildRefused, DisclosureRefused
from panelpress.model.disclosure import Key, Level
from panelpress.model.missing import NO_ANSWER, NOT_ASKED, MissingReasons
from panelpress.model.small_counts import shown
from panelpress.model.variable import Variable

Look = tuple[object, str | None]
STAR: Look = ("*", "*")
_MERGED = frozenset({"item", "process"})


@dataclass(frozen=True)
class Vocabulary:
    """``tokens`` of a key in a fixed order; ``looks[level][token]``, ``losses[level][token]`` (share of the domain covered, the
    normalized certainty penalty), and which tokens hold ``something`` to lose."""

    key: Key
    variable: Variable
    tokens: tuple[Look, ...]
    looks: tuple[tuple[Look, ...], ...]
    losses: tuple[tuple[float, ...], ...]
    something: tuple[bool, ...]

    @property
    def size(self) -> int:
        return len(self.tokens)

    @property
    def token_table(self) -> str:
        return token_table(self.key.variable)


def read_vocabulary(
    rows: duckdb.DuckDBPyConnection, table: str, key: Key, variable: Variable, missing: MissingReasons, k: int
) -> Vocabulary:
    """Reads the tokens of ``key`` from ``table`` and keeps them in a temporary table (value, why, token).

    Raises BuildRefused where a cell holds neither value nor reason, both, or NaN; DisclosureRefused where the hierarchy has a
    hole at a value that occurs. Both name counts only.
    """
    value, why = name(variable.id), name(variable.why)
    kept = token_table(key.variable)
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {kept} AS SELECT {value} AS value, {why} AS why, count(*) AS n, "
        f"(row_number() OVER (ORDER BY {value} NULLS LAST, {why} NULLS FIRST) - 1)::INTEGER AS token "
        f"FROM {table} GROUP BY {value}, {why}"
    )
    found = rows.execute(f"SELECT value, why, n FROM {kept} ORDER BY token").fetchall()
    for cell, reason, n in found:
        if isinstance(cell, float) and math.isnan(cell):
            _broken(table, variable, n, k, "hold NaN, which is neither a value nor a reason")
        if (cell is None) == (reason is None):
            _broken(table, variable, n, k, "hold a value and a reason at once" if cell is not None else "are empty for no reason")
    tokens = tuple((cell, reason) for cell, reason, _ in found)
    looks = tuple(_looks(key, variable, level, found, missing, k) for level in range(key.top + 1))
    return Vocabulary(
        key=key,
        variable=variable,
        tokens=tokens,
        looks=looks,
        losses=tuple(_losses(key, variable, level, tokens) for level in range(key.top + 1)),
        something=tuple(reason != NOT_ASKED for _, reason in tokens),
    )


def token_table(variable: str) -> str:
    """Name of the temporary table (value, why, token) of the tokens of ``variable``."""
    return name(f"{PREFIX}token_{variable}")


def _broken(table: str, variable: Variable, n: int, k: int, what: str) -> None:
    raise BuildRefused(
        f"{table}.{variable.id}",
        f"{shown(n, k)} cells {what}.",
        f"Every cell holds either a value or a reason in {variable.why}; mend the crosswalk of `{variable.id}`.",
    )


def _looks(
    key: Key,
    variable: Variable,
    level: int,
    found: Sequence[tuple[object, str | None, int]],
    missing: MissingReasons,
    k: int,
) -> tuple[Look, ...]:
    if level == key.top:
        return (STAR,) * len(found)
    rule = key.levels[level - 1] if level else None
    kinds = {reason.reason: reason.kind for reason in missing}
    looks: list[Look] = []
    holes = 0
    for value, reason, n in found:
        if reason is not None:
            merged = key.reasons == "merged" and kinds.get(reason) in _MERGED
            looks.append((None, NO_ANSWER if merged else reason))
            continue
        code = published(rule, value) if rule else value
        holes += n if code is None else 0
        looks.append((code, None))
    if holes and rule:
        raise DisclosureRefused(
            f"build/disclosure.yaml, key `{key.variable}`",
            f"the level `{rule.id}` has a hole: {shown(holes, k)} answers have no group.",
            f"Give every code of `{variable.id}` that can occur a group at `{rule.id}`.",
        )
    return tuple(looks)


def published(level: Level, value: object) -> object:
    """The code that ``level`` publishes for ``value``; None where it has none."""
    return level.parent(value.isoformat() if isinstance(value, datetime.date) else value)


def _losses(key: Key, variable: Variable, level: int, tokens: Sequence[Look]) -> tuple[float, ...]:
    if level == key.top:
        return (1.0,) * len(tokens)
    if level == 0:
        return (0.0,) * len(tokens)
    rule = key.levels[level - 1]
    share = _band_shares(variable, rule, tokens) if rule.cuts else _group_shares(variable, rule, tokens)
    return tuple(0.0 if value is None else share[rule_code] for value, rule_code in _coded(rule, tokens))


def _coded(rule: Level, tokens: Sequence[Look]) -> list[tuple[object, object]]:
    return [(value, None if value is None else published(rule, value)) for value, _ in tokens]


def _group_shares(variable: Variable, rule: Level, tokens: Sequence[Look]) -> Mapping[object, float]:
    """(|group| - 1) / (|domain| - 1) over the codes of the questionnaire, so that 0 is untouched and 1 is everything."""
    domain: set[Any] = {category.code for category in variable.categories}
    domain = domain or {value for value, _ in tokens if value is not None}
    sizes: dict[object, int] = {}
    for code in domain:
        group = rule.parent(code)
        sizes[group] = sizes.get(group, 0) + 1
    return {group: (size - 1) / max(len(domain) - 1, 1) for group, size in sizes.items()}


def _band_shares(variable: Variable, rule: Level, tokens: Sequence[Look]) -> Mapping[object, float]:
    """Width of the band over the width of the range, both within what the variable may hold (or holds)."""
    values = [_number(value) for value, _ in tokens if value is not None]
    low = _number(variable.minimum) if variable.minimum is not None else min(values, default=0.0)
    high = _number(variable.maximum) if variable.maximum is not None else max(values, default=1.0)
    step = 0.0 if variable.type == "decimal" else 1.0
    bounds = [low, *(_number(_day(cut)) for cut in rule.cuts), high + step]
    shares: dict[object, float] = {}
    for category, (start, end) in zip(rule.categories, pairwise(bounds), strict=True):
        width = max(0.0, min(end, high + step) - max(start, low) - step)
        shares[category.code] = min(1.0, width / max(high - low, 1e-9))
    return shares


def _day(cut: str) -> object:
    return datetime.date.fromisoformat(cut) if len(cut) == 10 and cut[4] == "-" else cut


def _number(value: object) -> float:
    if isinstance(value, datetime.date):
        return float(value.toordinal())
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        return float(datetime.date.fromisoformat(value).toordinal())
    return float(Decimal(str(value)))
