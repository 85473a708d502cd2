"""Small panels for the tests of disclosure control: written as person -> wave -> cells, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from panelpress.model.disclosure import DisclosureDeclaration, Floor, Hierarchy, Key, Level, StudyKeys, StudyRules, TierRules
from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule

Cell = int | str | None
MISSING = MissingReasons(
    (
        MissingReason(-1, ".d", "dont_know", "item", "answered don't know"),
        MissingReason(-2, ".r", "refused", "item", "preferred not to say"),
        MissingReason(-3, ".i", "not_applicable", "design", "routed past the item"),
        MissingReason(-4, ".y", "not_asked", "design", "item not in this wave"),
        MissingReason(-5, ".n", "no_answer", "item", "no answer, the source does not say why"),
        MissingReason(-10, ".x", "suppressed", "disclosure", "removed from this release"),
    )
)


def english(text: str) -> LocalText:
    return LocalText({"en": text})


def study(waves: Sequence[str] = ("a", "b"), kind: str = "panel") -> Study:
    return Study("tiny", english("Tiny"), tuple(Wave(each, "tiny", english(each), "2022", "2022") for each in waves), kind)


def variable(name: str, codes: Sequence[int | str], waves: Sequence[str] = ("a", "b"), **facts: object) -> Variable:
    rules = facts.pop("rules", None) or {
        wave: WaveRule(wave, "complete", source=(f"raw {name}",), value_map=tuple((str(code), code) for code in codes))
        for wave in waves
    }
    given = {
        "label": english(name),
        "concept": "test",
        "type": "nominal",
        "tier": "open",
        "categories": tuple(Category(code, english(str(code))) for code in codes),
        "waves": rules,
    }
    return Variable(id=name, **(given | facts))  # type: ignore[arg-type]


def grouped(name: str, *levels: Mapping[int | str, int | str]) -> Hierarchy:
    """A hierarchy of levels that send harmonized codes to groups: called ``one``, ``two`` ..."""
    names = ("one", "two", "three", "four")
    return Hierarchy(
        name,
        tuple(
            Level(
                names[place],
                english(names[place]),
                tuple(Category(code, english(str(code))) for code in dict.fromkeys(parents.values())),
                parents,
            )
            for place, parents in enumerate(levels)
        ),
    )


def cut(name: str, bound: str) -> Hierarchy:
    """A hierarchy of one level, called ``cut``: below the bound, and from it."""
    below, above = (Category(code, english(str(code))) for code in (101, 102))
    return Hierarchy(name, (Level("cut", english("cut"), (below, above), cuts=(bound,)),))


def declare(
    keys: Sequence[Key], k: int, floors: Sequence[Floor] = (), tier: str = "open", **facts: object
) -> DisclosureDeclaration:
    """A declaration of one study and one tier in which only ``k`` matters."""
    rules = TierRules(tier, k, 1.0, studies={"tiny": StudyRules("tiny", floors=tuple(floors))})  # type: ignore[arg-type]
    return DisclosureDeclaration({"tiny": StudyKeys("tiny", tuple(keys), **facts)}, {rules.tier: rules})  # type: ignore[arg-type]


def fill(
    rows: duckdb.DuckDBPyConnection,
    of: Study,
    variables: Sequence[Variable],
    people: Mapping[str, Mapping[str, Sequence[Cell]]],
) -> None:
    """Creates the study's table. A cell is a code, or a reason as text where the variable's codes are numbers."""
    columns = ", ".join(
        f'"{each.id}" {"VARCHAR" if each.codes_are_text else "BIGINT"}, "{each.id}__why" VARCHAR' for each in variables
    )
    keys = "record_id VARCHAR" if of.kind == "records" else "person_id VARCHAR, wave VARCHAR"
    rows.execute(f"CREATE OR REPLACE TABLE {of.table} ({keys}, {columns})")
    lines = []
    for person, waves in people.items():
        for wave, cells in waves.items():
            line: list[object] = [person] if of.kind == "records" else [person, wave]
            for cell in cells:
                reason = cell in MISSING
                line += [None, cell] if reason else [cell, None]
            lines.append(line)
    marks = ", ".join("?" for _ in lines[0])
    rows.executemany(f"INSERT INTO {of.table} VALUES ({marks})", lines)


def histories(rows: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Every person's linked history as published, counted without any code of the engine."""
    listed = ", ".join(f'"{key}", "{key}__why"' for key in keys) or "NULL"
    found: dict[str, list[object]] = {}
    for person, *cells in rows.execute(f"SELECT person_id, wave, {listed} FROM {table} ORDER BY wave").fetchall():
        found.setdefault(person, []).append(tuple(cells))
    return {person: tuple(cells) for person, cells in found.items()}


def classes(rows: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str]) -> list[int]:
    """Sizes of the exact classes, smallest first."""
    sizes: dict[object, int] = {}
    for history in histories(rows, table, keys).values():
        sizes[history] = sizes.get(history, 0) + 1
    return sorted(sizes.values())
