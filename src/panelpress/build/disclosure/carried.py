"""Shows everybody what the last release showed, where a new one brings no new answer of any key: people withdrew, or something
else was corrected. A search begun anew would find other stars, and the difference of two releases is itself something to read.

What may change is what k asks for. Who shared a class of earlier releases of which fewer than k are left keeps no key, and, where
fewer than k such people took part in the same waves, loses responses. Nothing else changes, except that a cell newly
starred for fewer than k people is starred for one class more, until every count of changes is 0 or at least k.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.earlier import TOO_FEW, Earlier
from panelpress.build.disclosure.history import LOOKED_UP, PEOPLE, Histories
from panelpress.build.disclosure.output import Pieces
from panelpress.build.disclosure.participation import withhold
from panelpress.build.disclosure.plan import Shown
from panelpress.build.disclosure.planning import Planned
from panelpress.build.disclosure.relatives import Relatives
from panelpress.build.disclosure.sql import PREFIX, person_column, wave_number
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import StudyKeys, StudyRules, TierRules
from panelpress.model.missing import SUPPRESSED
from panelpress.model.study import Study

Flags = NDArray[np.bool_]
_CELL = "coalesce(CAST(o.{value} AS VARCHAR), '?' || o.{why})"


def demands(study: Study, keys: StudyKeys, tier: TierRules, rules: StudyRules) -> str:
    """SHA-256 of everything that is declared about protecting ``study``: what a release with other demands showed is no model."""
    asked = (study.wave_ids, keys, tier.class_size, tier.diversity, tier.loss, rules)
    return hashlib.sha256(repr(asked).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class _People:
    """Persons in order of history and rank: their ``history``, ``rank`` in it, ``pattern`` of waves and ``shown`` levels (persons
    x keys x waves) in the last release."""

    history: Ints
    rank: Ints
    pattern: Ints
    shown: Shown

    def present(self, waves: int) -> Flags:
        return ((self.pattern[:, None] >> np.arange(waves)) & 1).astype(bool)


def carry(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    source: str,
    vocabularies: Sequence[Vocabulary],
    histories: Histories,
    last: Earlier,
    relatives: Relatives,
    released: Sequence[str],
    k: int,
) -> Planned | None:
    """The plan of the ``last`` release for those who are still there; None where an answer of a key was corrected since.
    ``released`` are the variables of the tier, ``k`` the least class."""
    levels = {
        each.key.variable: tuple(each.key.level_index(level) for level in last.levels.get(each.key.variable, ()))
        for each in vocabularies
    }
    shown_at = [_levels(rows, study, source, each, last, levels[each.key.variable]) for each in vocabularies]
    if None in shown_at:
        return None
    before = _read(rows, study, source, vocabularies, histories, last, levels)
    tops = np.array([each.key.top for each in vocabularies], dtype=np.int8)
    few = histories.earlier[before.history] == TOO_FEW
    pattern = np.where(few, _withheld(before.pattern, few, k, len(study.waves)), before.pattern)
    full = histories.patterns[before.history]
    reach = _reach(study, vocabularies, relatives, released)
    starred = few.copy()
    while True:
        shown = np.where(starred[:, None, None], tops[None, :, None], before.shown)
        changed = _changed(before, _People(before.history, before.rank, pattern, shown), tops, reach, full)
        short = next((cell for cell, (now, then) in changed.items() if 0 < int((now & ~then).sum()) < k), None)
        if short is None:
            break
        more = _one_class_more(histories.earlier[before.history], ~starred & (pattern > 0), changed[short])
        if not more.any():
            break
        starred |= more
    flat, sets = np.unique(shown.reshape(len(shown), -1), axis=0, return_inverse=True)
    pieces = Pieces(
        history=before.history,
        start=before.rank,
        end=before.rank + 1,
        pattern=pattern,
        sets=sets.reshape(-1).astype(np.int64),
        shown=flat.reshape(len(flat), *shown.shape[1:]),
    )
    return Planned(pieces, (), levels)


def _levels(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    source: str,
    vocabulary: Vocabulary,
    last: Earlier,
    levels: Sequence[int],
) -> str | None:
    """Creates a table (token, cell, level) of what the last release showed of a key, and at which of ``levels``; its name, or
    None where a cell shows another answer than people have now."""
    table = name(f"{PREFIX}level_{vocabulary.key.variable}")
    found: list[tuple[int, str, int]] = []
    if levels:
        value, why = name(vocabulary.variable.id), name(vocabulary.variable.why)
        pairs = rows.execute(
            f"SELECT DISTINCT t.token, {_CELL.format(value=value, why=why)} FROM {last.table} AS o "
            f"JOIN {source} AS r USING ({', '.join(name(each) for each in study.key)}) JOIN {vocabulary.token_table} AS t "
            f"ON r.{value} IS NOT DISTINCT FROM t.value AND r.{why} IS NOT DISTINCT FROM t.why"
        ).fetchall()
        for token, cell in pairs:
            level = _level_of(vocabulary, token, cell, levels)
            if level is None:
                return None
            found.append((token, cell, level))
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    types = (pa.int64(), pa.string(), pa.int8())
    given = pa.table([pa.array(each, kind) for each, kind in zip(columns, types, strict=True)], names=["token", "cell", "level"])
    rows.register("pp_given", given)
    rows.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM pp_given")
    rows.unregister("pp_given")
    return table


def _level_of(vocabulary: Vocabulary, token: int, cell: str, levels: Sequence[int]) -> int | None:
    if cell == f"?{SUPPRESSED}":
        return vocabulary.key.top
    for level in levels:
        code, reason = vocabulary.looks[level][token]
        if cell == (f"?{reason}" if reason is not None else str(code)):
            return level
    return None


def _read(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    source: str,
    vocabularies: Sequence[Vocabulary],
    histories: Histories,
    last: Earlier,
    levels: Mapping[str, Sequence[int]],
) -> _People:
    person, key = name(person_column(study)), ", ".join(name(each) for each in study.key)
    listed = ", ".join((*LOOKED_UP, *histories.word_names))
    joins, shown = [], []
    for place, each in enumerate(vocabularies):
        value, why = name(each.variable.id), name(each.variable.why)
        if levels[each.key.variable]:
            joins.append(
                f"JOIN {each.token_table} AS t{place} ON r.{value} IS NOT DISTINCT FROM t{place}.value "
                f"AND r.{why} IS NOT DISTINCT FROM t{place}.why JOIN {name(f'{PREFIX}level_{each.key.variable}')} AS l{place} "
                f"ON l{place}.token = t{place}.token AND l{place}.cell = {_CELL.format(value=value, why=why)}"
            )
            shown.append(f"l{place}.level::TINYINT AS k{place}")
    cells = ", ".join((f"r.{person} AS person", f"{wave_number(study)} AS wave", *shown))
    found = rows.execute(
        f"WITH ranked AS (SELECT person, dense_rank() OVER (ORDER BY {listed}) - 1 AS history, "
        f"row_number() OVER (PARTITION BY {listed} ORDER BY person) - 1 AS rank FROM {PEOPLE}), "
        f"cells AS (SELECT {cells} FROM {last.table} AS o JOIN {source} AS r USING ({key}) {' '.join(joins)}) "
        "SELECT * EXCLUDE (person) REPLACE (coalesce(wave, -1) AS wave) FROM ranked LEFT JOIN cells USING (person) "
        "ORDER BY history, rank, wave"
    ).fetchnumpy()
    history, rank, wave = (np.asarray(found[each], dtype=np.int64) for each in ("history", "rank", "wave"))
    first = np.concatenate(([True], (history[1:] != history[:-1]) | (rank[1:] != rank[:-1])))
    of = np.cumsum(first) - 1
    there = wave >= 0
    usual = [levels[each.key.variable][0] if levels[each.key.variable] else each.key.top for each in vocabularies]
    n, waves = int(first.sum()), len(study.waves)
    cells_shown = np.broadcast_to(np.array(usual, dtype=np.int8)[None, :, None], (n, len(usual), waves)).copy()
    for place, each in enumerate(vocabularies):
        if levels[each.key.variable]:
            cells_shown[of[there], place, wave[there]] = np.asarray(found[f"k{place}"][there], dtype=np.int8)
    pattern = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(pattern, of[there], 1 << wave[there])
    return _People(history[first], rank[first], pattern, cells_shown)


def _withheld(pattern: Ints, few: Flags, k: int, waves: int) -> Ints:
    """The waves that people of shrunken classes keep, so that at least ``k`` of them share each pattern."""
    kept = pattern.copy()
    known, counts = np.unique(pattern[few & (pattern > 0)], return_counts=True)
    moves = withhold(dict(zip(known.tolist(), counts.tolist(), strict=True)), k, waves).moves
    for each in known.tolist():
        own = np.flatnonzero(few & (pattern == each))
        targets = sorted((after, n) for (before, after), n in moves.items() if before == each)
        kept[own] = np.repeat([after for after, _ in targets], [n for _, n in targets])
    return kept


Reach = Mapping[tuple[str, int], tuple[list[tuple[int, int]], bool]]


def _reach(study: Study, vocabularies: Sequence[Vocabulary], relatives: Relatives, released: Sequence[str]) -> Reach:
    """By variable and wave: which starred cells (key, wave) hide it, and whether a lost response does."""
    found: dict[tuple[str, int], tuple[list[tuple[int, int]], bool]] = {}
    for place, vocabulary in enumerate(vocabularies):
        for wave, wave_id in enumerate(study.wave_ids):
            for variable, at in relatives.closure[(vocabulary.key.variable, wave_id)]:
                if variable in released:
                    cell = (variable, study.wave_ids.index(at))
                    found.setdefault(cell, ([], variable in relatives.panel))[0].append((place, wave))
    return found


def _changed(before: _People, now: _People, tops: Shown, reach: Reach, full: Ints) -> dict[tuple[str, int], tuple[Flags, Flags]]:
    """By variable and wave: whose cell is hidden now, and who had none to show in the last release or has no response now."""
    waves = before.shown.shape[2]
    here = now.present(waves)
    found = {}
    for cell, (hidden_by, panel) in reach.items():
        hidden = []
        for people in (now, before):
            there = people.present(waves)
            stars = [(people.shown[:, key, wave] == tops[key]) & there[:, wave] for key, wave in hidden_by]
            lost = (people.pattern != full) if panel else np.zeros(len(full), dtype=bool)
            hidden.append(np.any(stars, axis=0) | lost)
        absent = ~here[:, cell[1]]
        found[cell] = (hidden[0] & ~absent, hidden[1] | absent)
    return found


def _one_class_more(classes: Ints, open_to: Flags, hidden: tuple[Flags, Flags]) -> Flags:
    """The smallest class of earlier releases that still shows the cell."""
    shows = open_to & ~hidden[0] & ~hidden[1] & (classes > TOO_FEW)
    sizes = np.bincount(classes[open_to], minlength=int(classes.max(initial=0)) + 1)
    possible = np.unique(classes[shows])
    if not len(possible):
        return np.zeros(len(classes), dtype=bool)
    chosen: Flags = open_to & (classes == possible[np.argmin(sizes[possible])])
    return chosen
