"""Reads what one variable says of one wave: status, map, missing, copy, expr, universe, filter, units.

A block under ``waves`` of ``build/variables/<group>/<variable>.yaml``; ``docs/reference/crosswalk.md`` shows every key. What a
single wave can say wrong is refused here; what needs other files (contracts, other variables) in ``crosswalk_checks``.
"""

from __future__ import annotations

import itertools
from typing import Any

from panelpress.model.variable import Filter, Interval, ItemFacts, Units, WaveRule
from panelpress.schemas.checker import Problem
from panelpress.schemas.common import local_text, raw_code, texts
from panelpress.schemas.intervals import overlap, read_interval
from panelpress.schemas.yaml_reader import Document

RawKey = str | Interval | None
WAYS = ("map", "copy", "expr", "options", "columns")


def read_rule(document: Document, wave: str, given: Any, languages: tuple[str, ...]) -> tuple[WaveRule, list[Problem]]:
    """The rule and everything wrong with it. Multi-select blocks are read by ``multi_reader``, which calls this for the rest."""
    problems: list[Problem] = []
    values, wrong = _keys(document, given, "map")
    problems += wrong
    missing, wrong = _keys(document, given, "missing")
    problems += wrong
    problems += _clashes(document, given, values, missing)
    rule = WaveRule(
        wave=wave,
        status=given["status"],
        detail=given.get("detail"),
        source=texts(given.get("source")),
        map_on=given.get("map_on"),
        value_map=tuple(values),
        missing_map=tuple((key, str(reason)) for key, reason in missing),
        copy=bool(given.get("copy")),
        expr=given.get("expr"),
        universe=given.get("universe"),
        filters=_filters(given.get("filter")),
        units=_units(given.get("units")),
        date_format=given.get("date_format"),
        reason=given.get("reason"),
        coverage=tuple(given.get("coverage") or ()),
        breaks_with=texts(given.get("breaks_with")),
        item=ItemFacts(**given["item"]) if given.get("item") else None,
        question=local_text(given.get("question"), languages),
        note=local_text(given.get("note"), languages),
        line=given.line,
    )
    return rule, problems + _shape(document, given, rule)


def _filters(given: Any) -> tuple[Filter, ...]:
    if given is None:
        return ()
    return tuple(Filter(each["expr"], each["value"]) for each in (given if isinstance(given, list) else [given]))


def _units(given: Any) -> Units | None:
    if not given:
        return None
    return Units(given["source"], given["target"], raw_code(given.get("factor")), given.get("table"), given.get("key"))


def _keys(document: Document, given: Any, name: str) -> tuple[list[tuple[RawKey, Any]], list[Problem]]:
    block: Any = given.get(name) or {}
    read: list[tuple[RawKey, Any]] = []
    problems: list[Problem] = []
    for raw, target in block.items():
        key = raw_code(raw)
        try:
            interval = read_interval(key) if key is not None else None
        except ValueError:
            problems.append(
                Problem(
                    document.where(block.lines[raw]),
                    f"the interval {key} is empty.",
                    "Write the smaller bound first, e.g. [0,4].",
                )
            )
            continue
        read.append((interval or key, target))
    return read, problems


def _clashes(
    document: Document, given: Any, values: list[tuple[RawKey, Any]], missing: list[tuple[RawKey, Any]]
) -> list[Problem]:
    where = document.where(given.line)
    problems = []
    both = {key for key, _ in values if not isinstance(key, Interval)} & {
        key for key, _ in missing if not isinstance(key, Interval)
    }
    for key in sorted(both, key=str):
        shown = "null (a blank cell)" if key is None else key
        problems.append(
            Problem(
                where, f"the raw code {shown} stands in `map` and in `missing`.", "Decide whether it is an answer or a reason."
            )
        )
    intervals = [key for key, _ in (*values, *missing) if isinstance(key, Interval)]
    for one, other in itertools.combinations(intervals, 2):
        if overlap(one, other):
            problems.append(
                Problem(
                    where, f"the intervals {one.text} and {other.text} overlap.", "Use ( and ) for bounds that are not inside."
                )
            )
    return problems


def _shape(document: Document, given: Any, rule: WaveRule) -> list[Problem]:
    where = document.where(given.line)
    ways = [way for way in WAYS if way in given]
    if rule.status == "impossible":
        extra = sorted(set(given) - {"status", "reason", "note", "question"})
        problems = (
            []
            if rule.reason
            else [Problem(where, f"wave {rule.wave} is impossible, but no reason is given.", "Add `reason: not_asked`.")]
        )
        if extra:
            problems.append(
                Problem(where, f"wave {rule.wave} is impossible and still has `{extra[0]}`.", "Remove it or change the status.")
            )
        return problems
    problems = []
    if rule.reason is not None:
        problems.append(
            Problem(
                where, f"wave {rule.wave} has a `reason` but is not impossible.", "Reasons of single codes stand in `missing`."
            )
        )
    if len(ways) > 1:
        problems.append(
            Problem(
                where, f"wave {rule.wave} has {' and '.join(f'`{way}`' for way in ways)}.", "Keep one way of making the value."
            )
        )
    if rule.status == "partial":
        if not rule.note:
            problems.append(Problem(where, f"wave {rule.wave} is partial without a note.", "Say in `note` what is lost."))
        if not rule.coverage and not rule.breaks_with:
            problems.append(
                Problem(
                    where,
                    f"wave {rule.wave} is partial, but nothing says how.",
                    "Add `coverage` (codes) or `breaks_with` (waves).",
                )
            )
    if len(rule.source) > 1 and rule.map_on is None and rule.expr is None:
        problems.append(
            Problem(where, f"wave {rule.wave} reads several columns.", "Say in `map_on` which of them the map is about.")
        )
    if rule.map_on is not None and rule.map_on not in rule.source:
        problems.append(Problem(where, f"`map_on: {rule.map_on}` is not among the sources.", "List it in `source`."))
    if rule.units and bool(rule.units.factor) == bool(rule.units.table):
        problems.append(Problem(where, "`units` needs a factor or a table.", "Give exactly one of them."))
    if rule.units and rule.units.table and not rule.units.key:
        problems.append(Problem(where, "`units` has a table, but no column that says the unit.", "Name it in `key`."))
    return problems


def is_asked(given: Any) -> bool:
    """True where the wave can yield the variable at all."""
    return bool(given["status"] in ("complete", "partial"))
