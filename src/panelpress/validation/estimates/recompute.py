"""Computes the statistic behind a printed number from tables of responses (secure, or those of a release)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import duckdb

from panelpress.model.aggregate import MEAN
from panelpress.model.estimate import Base, PrintedNumber, Recomputed
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Code, Variable
from panelpress.validation.bases import Bases
from panelpress.validation.quote import literal

Elsewhere = Callable[[Base, PrintedNumber], Recomputed | None]
"""Finds a share or a mean that the tables lack in another published place, or nothing."""


class Recomputer:
    """Answers questions about one database. Reads tables named as in the declarations; a table or column that is not there is
    reported as lacking, never guessed. ``elsewhere`` is asked for shares and means that the tables lack;
    ``unusable`` are columns that do not mean what the declarations say."""

    def __init__(
        self,
        rows: duckdb.DuckDBPyConnection,
        studies: Iterable[Study],
        samples: Iterable[Sample],
        variables: Iterable[Variable],
        missing: MissingReasons,
        elsewhere: Elsewhere | None = None,
        unusable: frozenset[str] = frozenset(),
    ) -> None:
        self._rows = rows
        self._elsewhere = elsewhere
        self._variables = {variable.id: variable for variable in variables}
        self._samples = {sample.id: sample for sample in samples}
        design = tuple(reason.reason for reason in missing if reason.kind == "design")
        self._bases: dict[str, Bases] = {}
        for study in studies:
            own = {name: sample for name, sample in self._samples.items() if sample.study == study.id}
            self._bases[study.id] = Bases(study, own, frozenset(self._columns(study.table)) - unusable, design)

    def _columns(self, table: str) -> list[str]:
        found = self._rows.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = 'main'", [table]
        ).fetchall()
        return [str(row[0]) for row in found]

    def compute(self, number: PrintedNumber) -> Recomputed:
        """The statistic of ``number`` here and now. ``value`` is None where something is lacking or the base is empty."""
        if number.statistic == "none":
            return Recomputed(None, None, why=number.note)
        bases = self._bases.get(self._samples[number.samples[0]].study)
        return self._statistic(number, bases) if bases else Recomputed(None, None, why="lacks the study")

    def _base(self, number: PrintedNumber, *samples: str, wave: str | None = None) -> Base:
        one = wave or (number.waves[0] if len(number.waves) == 1 else None)
        return Base(samples or number.samples, one, number.where, number.denominator)

    def _statistic(self, number: PrintedNumber, bases: Bases) -> Recomputed:
        whole = self._base(number)
        if number.statistic == "share":
            return self._share(bases, number, whole)
        if number.statistic == "change":
            return _minus(self._share(bases, number, whole), self._share(bases, number, replace(whole, wave=number.from_wave)))
        if number.statistic == "difference":
            other = self._base(number, number.versus or "")
            return _minus(self._share(bases, number, whole), self._share(bases, number, other))
        if number.statistic in ("lowest_share", "highest_share"):
            parts = [self._share(bases, number, base) for base in self._parts(number)]
            return _extreme(parts, number.statistic == "highest_share")
        if number.statistic == "lowest_n":
            return _extreme([self._n(bases, base) for base in self._parts(number)], highest=False)
        if number.statistic == "n":
            return self._n(bases, whole)
        return self._number(bases, number, whole)

    def _parts(self, number: PrintedNumber) -> list[Base]:
        if len(number.waves) > 1:
            return [self._base(number, wave=wave) for wave in number.waves]
        return [self._base(number, sample) for sample in number.samples]

    def _share(self, bases: Bases, number: PrintedNumber, base: Base) -> Recomputed:
        lacking = bases.lacking(base, number.variable)
        if lacking:
            found = self._elsewhere(base, number) if self._elsewhere else None
            return found or Recomputed(None, None, why=f"lacks {', '.join(lacking)}")
        codes = ", ".join(literal(code) for code in self.codes(number))
        sql = f"SELECT count(*) FILTER (WHERE value IN ({codes})), count(*) FROM ({bases.sql(base, number.variable)})"
        hit, n = self._rows.execute(sql).fetchall()[0]
        return Recomputed(100 * hit / n, n) if n else Recomputed(None, 0, why="nobody is in the base")

    def codes(self, number: PrintedNumber) -> tuple[Code, ...]:
        """The codes that count: a named top box of the variable, or codes joined by ``|``."""
        variable = self._variables[number.variable or ""]
        if number.answer in variable.top_box:
            return variable.top_box[number.answer]
        texts = tuple(number.answer.split("|"))
        return texts if variable.codes_are_text else tuple(int(code) for code in texts)

    def _n(self, bases: Bases, base: Base) -> Recomputed:
        lacking = bases.lacking(base, None)
        if lacking:
            return Recomputed(None, None, why=f"lacks {', '.join(lacking)}")
        found = self._rows.execute(f"SELECT count(DISTINCT unit) FROM ({bases.sql(base, None)})").fetchall()[0][0]
        return Recomputed(float(found), int(found))

    def _number(self, bases: Bases, number: PrintedNumber, base: Base) -> Recomputed:
        lacking = bases.lacking(base, number.variable)
        if lacking:
            found = self._elsewhere(base, number) if self._elsewhere and number.statistic == MEAN else None
            return found or Recomputed(None, None, why=f"lacks {', '.join(lacking)}")
        call = {"mean": "avg(value)", "median": "median(value)", "minimum": "min(value)", "distinct": "count(DISTINCT value)"}
        sql = f"SELECT {call[number.statistic]}, count(value) FROM ({bases.sql(base, number.variable)})"
        value, n = self._rows.execute(sql).fetchall()[0]
        return Recomputed(float(value), n) if value is not None else Recomputed(None, 0, why="nobody is in the base")


def _minus(one: Recomputed, other: Recomputed) -> Recomputed:
    if one.value is None or other.value is None:
        return one if one.value is None else other
    return Recomputed(one.value - other.value, min(one.n or 0, other.n or 0), one.source, one.slack + other.slack)


def _extreme(parts: list[Recomputed], highest: bool) -> Recomputed:
    if any(part.value is None for part in parts):
        return next(part for part in parts if part.value is None)
    chosen = (max if highest else min)(parts, key=lambda part: part.value or 0.0)
    return replace(chosen, n=min(part.n or 0 for part in parts))
