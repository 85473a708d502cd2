"""Writes the protected table: one SELECT over the secure one. Nothing is updated in place, because files remember.

What differs from person to person comes from two small temporary tables: ``pp_marks`` (person, published pattern, set) and
``pp_sets`` (set, wave, hidden variables as bit masks, level of each key that is published at more than one level).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.grouping import alike_rows
from panelpress.build.disclosure.history import LOOKED_UP, PEOPLE, Histories
from panelpress.build.disclosure.plan import Shown
from panelpress.build.disclosure.relatives import Relatives
from panelpress.build.disclosure.sql import PREFIX, person_column, value_literal, wave_number
from panelpress.build.disclosure.vocabulary import Vocabulary, published
from panelpress.model.missing import SUPPRESSED
from panelpress.model.study import Study
from panelpress.model.variable import Variable

MARKS, SETS = f"{PREFIX}marks", f"{PREFIX}sets"
_MASK = 60


@dataclass(frozen=True)
class Pieces:
    """Persons by what is published of them: ``history``, ``start`` and ``end`` (ranks within the history, end exclusive),
    published ``pattern`` (0: left out), ``sets`` (index into ``shown``: sets x keys x waves, published levels)."""

    history: Ints
    start: Ints
    end: Ints
    pattern: Ints
    sets: Ints
    shown: Shown


def write(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    source: str,
    target: str,
    variables: Sequence[Variable],
    vocabularies: Sequence[Vocabulary],
    histories: Histories,
    pieces: Pieces,
    relatives: Relatives,
    levels: Mapping[str, tuple[int, ...]],
) -> None:
    """Creates ``target`` from ``source`` with ``variables`` (those of the tier), in their order. ``levels`` lists, by key, the
    levels it is published at somewhere, withheld not counted; the first is that of persons without a mark."""
    hideable = _hideable(variables, relatives)
    sets, which = _distinct(pieces)
    _marks(rows, histories, pieces, which, levels, vocabularies, sets)
    _sets(rows, study, sets, vocabularies, relatives, levels, hideable)
    by_key = {vocabulary.key.variable: vocabulary for vocabulary in vocabularies}
    lines = [f"r.{name(key)}" for key in study.key]
    for variable in variables:
        value, why = _cell(variable, by_key.get(variable.id), levels.get(variable.id, ()))
        if variable.id in hideable:
            word, bit = divmod(hideable[variable.id], _MASK)
            hidden = f"(coalesce(s.hidden{word}, 0) >> {bit}) & 1 = 1"
            value = f"CASE WHEN {hidden} THEN NULL ELSE {value} END"
            why = f"CASE WHEN {hidden} THEN {text(SUPPRESSED)} ELSE {why} END"
        lines += [f"{value} AS {name(variable.id)}", f"{why} AS {name(variable.why)}"]
    person = name(person_column(study))
    rows.execute(
        f"CREATE OR REPLACE TABLE {target} AS SELECT {', '.join(lines)} FROM {source} AS r "
        f"LEFT JOIN {MARKS} AS m ON m.person = r.{person} "
        f"LEFT JOIN {SETS} AS s ON s.set = m.set AND s.wave = {wave_number(study)} "
        f"WHERE m.person IS NULL OR (m.pattern >> {wave_number(study)}) & 1 = 1"
    )
    for table in (MARKS, SETS):
        rows.execute(f"DROP TABLE {table}")


def _hideable(variables: Sequence[Variable], relatives: Relatives) -> dict[str, int]:
    """Bit numbers of the variables of the tier that starring may reach."""
    reached = {cell[0] for cells in relatives.closure.values() for cell in cells} | relatives.panel
    return {variable.id: place for place, variable in enumerate(each for each in variables if each.id in reached)}


def _distinct(pieces: Pieces) -> tuple[Shown, Ints]:
    flat = pieces.shown.reshape(len(pieces.shown), -1)
    if not flat.size:
        return pieces.shown[:1], np.zeros(len(pieces.sets), dtype=np.int64)
    first, which = alike_rows(flat)
    return pieces.shown[first], which[pieces.sets]


def _marks(
    rows: duckdb.DuckDBPyConnection,
    histories: Histories,
    pieces: Pieces,
    which: Ints,
    levels: Mapping[str, tuple[int, ...]],
    vocabularies: Sequence[Vocabulary],
    sets: Shown,
) -> None:
    usual = np.array([levels[each.key.variable][0] if levels[each.key.variable] else each.key.top for each in vocabularies])
    plain = (sets == usual[None, :, None]).all(axis=(1, 2)) if len(sets) else np.zeros(0, dtype=bool)
    withheld = pieces.pattern != histories.patterns[pieces.history]
    marked = np.flatnonzero(~plain[which] | withheld)
    history = pieces.history[marked]
    columns = {"pattern": histories.patterns[history], "earlier": histories.earlier[history], "known": histories.known[history]}
    columns |= {each: words[history] for each, words in zip(histories.word_names, histories.words, strict=True)}
    columns |= {"first": pieces.start[marked], "past": pieces.end[marked], "kept": pieces.pattern[marked]}
    columns |= {"set": which[marked] * 2 + withheld[marked]}
    divided = (pieces.start[marked] > 0) | (pieces.end[marked] < histories.counts[history])
    same = " AND ".join(f"p.{each} = k.{each}" for each in LOOKED_UP + histories.word_names)
    over = ", ".join(f"p.{each}" for each in LOOKED_UP + histories.word_names)
    whole_table = pa.table({each: column[~divided] for each, column in columns.items()})
    split_table = pa.table({each: column[divided] for each, column in columns.items()})
    rows.register("pp_whole", whole_table)
    rows.register("pp_split", split_table)
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {MARKS} AS "
        f"SELECT p.person, k.kept AS pattern, k.set FROM {PEOPLE} AS p JOIN pp_whole AS k ON {same} "
        "UNION ALL SELECT p.person, k.kept, k.set FROM ("
        f"SELECT p.*, row_number() OVER (PARTITION BY {over} ORDER BY p.person) - 1 AS rank FROM {PEOPLE} AS p "
        f"SEMI JOIN pp_split AS k ON {same}) AS p JOIN pp_split AS k ON {same} AND p.rank >= k.first AND p.rank < k.past"
    )
    rows.unregister("pp_whole")
    rows.unregister("pp_split")


def _sets(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    sets: Shown,
    vocabularies: Sequence[Vocabulary],
    relatives: Relatives,
    levels: Mapping[str, tuple[int, ...]],
    hideable: Mapping[str, int],
) -> None:
    """``pp_sets``: two rows of masks a set and wave, the second for persons who lost responses (set * 2 + 1)."""
    n, waves = len(sets), len(study.waves)
    words = 1 + max(hideable.values(), default=0) // _MASK
    masks = np.zeros((words, 2, n, waves), dtype=np.int64)
    for place, vocabulary in enumerate(vocabularies):
        top = vocabulary.key.top
        for wave, wave_id in enumerate(study.wave_ids):
            starred = sets[:, place, wave] == top
            for variable, at in relatives.closure[(vocabulary.key.variable, wave_id)]:
                if variable in hideable:
                    word, bit = divmod(hideable[variable], _MASK)
                    masks[word, :, starred, study.wave_ids.index(at)] |= 1 << bit
    for variable in relatives.panel & set(hideable):
        word, bit = divmod(hideable[variable], _MASK)
        masks[word, 1] |= 1 << bit
    columns: dict[str, object] = {
        "set": np.repeat(np.arange(n) * 2, waves).tolist() + np.repeat(np.arange(n) * 2 + 1, waves).tolist(),
        "wave": np.tile(np.arange(waves), 2 * n),
    }
    columns |= {f"hidden{word}": masks[word].reshape(-1) for word in range(words)}
    for place, vocabulary in enumerate(vocabularies):
        if len(levels[vocabulary.key.variable]) > 1:
            columns[f"level_{vocabulary.key.variable}"] = np.tile(sets[:, place, :].reshape(-1), 2)
    rows.register("pp_given", pa.table(columns))
    rows.execute(f"CREATE OR REPLACE TEMP TABLE {SETS} AS SELECT * FROM pp_given")
    rows.unregister("pp_given")


def _cell(variable: Variable, vocabulary: Vocabulary | None, levels: Sequence[int]) -> tuple[str, str]:
    """SQL of both channels before hiding."""
    value, why = f"r.{name(variable.id)}", f"r.{name(variable.why)}"
    if vocabulary is None:
        return value, why
    if vocabulary.key.reasons == "merged":
        arms = {
            reason: look[1]
            for (_, reason), look in zip(vocabulary.tokens, vocabulary.looks[0], strict=True)
            if reason is not None and look[1] != reason
        }
        if arms:
            merged = " ".join(f"WHEN {text(old)} THEN {text(str(new))}" for old, new in arms.items())
            why = f"CASE {why} {merged} ELSE {why} END"
    shown = [recoded(vocabulary, level, value) for level in levels]
    if not shown:
        return f"CAST(NULL AS {_type(vocabulary, 0)})", text(SUPPRESSED)
    if len(shown) == 1:
        return shown[0], why
    kind = _type(vocabulary, levels[-1])
    column = f"s.{name(f'level_{variable.id}')}"
    arms_sql = " ".join(f"WHEN {level} THEN CAST({each} AS {kind})" for level, each in zip(levels[1:], shown[1:], strict=True))
    return f"CASE coalesce({column}, {levels[0]}) {arms_sql} ELSE CAST({shown[0]} AS {kind}) END", why


def _type(vocabulary: Vocabulary, level: int) -> str:
    """Storage type of the codes of a level (the harmonized type at level 0)."""
    categories = vocabulary.variable.categories if level == 0 else vocabulary.key.levels[level - 1].categories
    return "VARCHAR" if any(isinstance(category.code, str) for category in categories) else "INTEGER"


def recoded(vocabulary: Vocabulary, level: int, value: str) -> str:
    """SQL that sends ``value`` (SQL) to its published code at ``level``."""
    if level == 0:
        return value
    rule = vocabulary.key.levels[level - 1]
    codes = [category.code for category in rule.categories]
    if rule.cuts:
        kind = "DATE " if vocabulary.variable.type == "date" else ""
        arms = " ".join(
            f"WHEN {value} < {kind}{text(cut) if kind else cut} THEN {value_literal(code)}"
            for cut, code in zip(rule.cuts, codes, strict=False)
        )
        return f"CASE WHEN {value} IS NULL THEN NULL {arms} ELSE {value_literal(codes[-1])} END"
    by_group: dict[object, list[str]] = {}
    for token, _ in vocabulary.tokens:
        if token is not None:
            by_group.setdefault(published(rule, token), []).append(value_literal(token))
    arms = " ".join(f"WHEN {value} IN ({', '.join(tokens)}) THEN {value_literal(code)}" for code, tokens in by_group.items())
    return f"CASE {arms} END" if arms else f"CAST(NULL AS {_type(vocabulary, level)})"
