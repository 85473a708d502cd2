"""Links each person's waves into one history and counts the distinct ones. DuckDB does the work that grows with rows; what
comes back grows with distinct histories only.

The tokens of all keys of one response are packed into few 62-bit words. A person's history is the words of all waves side by
side, -1 where there is no response. Temporary tables: ``pp_people`` (person, pattern, words) stays for writing the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb
import numpy as np

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.columns import Codes, Ints
from panelpress.build.disclosure.earlier import EARLIER, NEW
from panelpress.build.disclosure.grouping import alike_rows
from panelpress.build.disclosure.sql import PREFIX, first_row, person_column, wave_number
from panelpress.errors import BuildRefused
from panelpress.model.study import Study
from panelpress.model.variable import Variable

PEOPLE = f"{PREFIX}people"
ABSENT = -1  # no response in this wave
HIDDEN = -2  # hidden before the search begins
LOOKED_UP = ("pattern", "earlier", "known")  # columns of ``pp_people`` beside the words
_WORD = 62


class Coded(Protocol):
    """A variable whose cells are numbered below ``size`` in the table ``token_table`` (value, why, token)."""

    @property
    def variable(self) -> Variable: ...

    @property
    def size(self) -> int: ...

    @property
    def token_table(self) -> str: ...


@dataclass(frozen=True)
class Histories:
    """Distinct linked histories: ``tokens[key]`` is (n x waves), -1 without a response, ``answers`` the same of sensitive
    variables; ``patterns`` (n) bit masks of waves; ``counts`` (n) persons; ``earlier`` (n) what earlier releases show of them
    (``earlier.py``), ``known`` (n) the waves that they show; ``words`` the packed form by which ``pp_people`` finds its tuple."""

    tokens: tuple[Codes, ...]
    answers: tuple[Codes, ...]
    patterns: Ints
    counts: Ints
    earlier: Ints
    known: Ints
    words: tuple[Ints, ...]
    word_names: tuple[str, ...]

    def exposed(self, k: int) -> int:
        """Persons whose history, as answered, fewer than ``k`` share; what earlier releases show of them does not count."""
        answered = np.concatenate([each - ABSENT for each in self.tokens], axis=1) if self.tokens else self.patterns[:, None]
        _, which = alike_rows(answered)
        sizes = np.bincount(which, weights=self.counts)
        return int(self.counts[sizes[which] < k].sum())


def link(
    rows: duckdb.DuckDBPyConnection, study: Study, table: str, keys: Sequence[Coded], sensitive: Sequence[Coded] = ()
) -> Histories:
    """The distinct histories of ``table``, whose persons ``note_earlier`` has looked up: of ``keys``, and of ``sensitive`` ones,
    so that persons of one history are alike in both.

    Raises BuildRefused where a response names no wave of the study, or a person stands twice in a wave."""
    coded = (*keys, *sensitive)
    layout = _layout([each.size for each in coded])
    n_words = 1 + max((word for word, _, _ in layout), default=0)
    names = tuple(f"w{wave}_{word}" for wave in range(len(study.waves)) for word in range(n_words))
    _people(rows, study, table, coded, layout, n_words)
    listed = ", ".join((*LOOKED_UP, *names))
    fetched = rows.execute(f"SELECT {listed}, count(*) AS persons FROM {PEOPLE} GROUP BY ALL ORDER BY ALL").fetchnumpy()
    words = tuple(np.asarray(fetched[each], dtype=np.int64) for each in names)
    tokens = []
    for word, shift, bits in layout:
        column = [words[wave * n_words + word] for wave in range(len(study.waves))]
        tokens.append(np.stack([_unpack(each, shift, bits) for each in column], axis=1))
    return Histories(
        tokens=tuple(tokens[: len(keys)]),
        answers=tuple(tokens[len(keys) :]),
        patterns=np.asarray(fetched["pattern"], dtype=np.int64),
        counts=np.asarray(fetched["persons"], dtype=np.int64),
        earlier=np.asarray(fetched["earlier"], dtype=np.int64),
        known=np.asarray(fetched["known"], dtype=np.int64),
        words=words,
        word_names=names,
    )


def _layout(sizes: Sequence[int]) -> list[tuple[int, int, int]]:
    """(word, shift, bits) of each key, filled in order."""
    places = []
    word = used = 0
    for size in sizes:
        bits = max(1, (max(size, 1) - 1).bit_length())
        if used + bits > _WORD:
            word, used = word + 1, 0
        places.append((word, used, bits))
        used += bits
    return places


def _unpack(words: Ints, shift: int, bits: int) -> Codes:
    tokens = ((words >> shift) & ((1 << bits) - 1)).astype(np.int32)
    tokens[words < 0] = ABSENT
    return tokens


def _people(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    table: str,
    coded: Sequence[Coded],
    layout: Sequence[tuple[int, int, int]],
    n_words: int,
) -> None:
    person = name(person_column(study))
    joins, parts = [], [["0::BIGINT"] for _ in range(n_words)]
    for place, (each, (word, shift, _)) in enumerate(zip(coded, layout, strict=True)):
        value, why = name(each.variable.id), name(each.variable.why)
        joins.append(
            f"LEFT JOIN {each.token_table} AS t{place} "
            f"ON r.{value} IS NOT DISTINCT FROM t{place}.value AND r.{why} IS NOT DISTINCT FROM t{place}.why"
        )
        parts[word].append(f"(t{place}.token::BIGINT << {shift})")
    words = ", ".join(f"{' + '.join(part)} AS word{place}" for place, part in enumerate(parts))
    linked = ", ".join(
        f"coalesce(max(word{word}) FILTER (wave = {wave}), -1) AS w{wave}_{word}"
        for wave in range(len(study.waves))
        for word in range(n_words)
    )
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {PEOPLE} AS "
        f"WITH cells AS (SELECT r.{person} AS person, {wave_number(study)} AS wave, {words} "
        f"FROM {table} AS r {' '.join(joins)}) "
        f"SELECT person, bit_or(1::BIGINT << wave) AS pattern, count(*) AS responses, count(wave) AS dated, {linked}, "
        f"coalesce(any_value(e.class), {NEW}) AS earlier, coalesce(any_value(e.pattern), 0) AS known "
        f"FROM cells LEFT JOIN {EARLIER} AS e USING (person) GROUP BY person"
    )
    strange, twice = first_row(
        rows, f"SELECT count(*) FILTER (dated < responses), count(*) FILTER (dated > bit_count(pattern)) FROM {PEOPLE}"
    )
    if strange:
        raise BuildRefused(table, "holds responses of a wave that the study does not have.", "List the wave in build/waves.yaml.")
    if twice:
        raise BuildRefused(table, "holds persons twice in one wave.", "Keep one response of a person a wave.")
