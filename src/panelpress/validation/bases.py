"""Turns a named sample, a wave and a condition into SQL over the table of responses of one study.

A sample with ``unit: person`` counts every person once, by the latest questionnaire in which the variable has an answer. Panel
functions are windows over the person's rows *in this table*, so what is computed from a release is a function of that release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from panelpress.errors import DeclarationError
from panelpress.model.estimate import Base
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.study import Sample, Study
from panelpress.schemas.expressions import Expression, parse, render
from panelpress.validation.panel_sql import position
from panelpress.validation.quote import literal, name

DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True)
class Bases:
    """Renders bases of one study. ``columns`` are those that its table has; ``design`` the reasons that mean not asked."""

    study: Study
    samples: Mapping[str, Sample]
    columns: frozenset[str]
    design: tuple[str, ...] = ()

    def lacking(self, base: Base, variable: str | None) -> tuple[str, ...]:
        """Names that the number needs and the table does not have."""
        needed = {variable} if variable else set()
        for expression in self._conditions(base):
            needed |= {*expression.names, *expression.panel_names} - {"wave"}
        return tuple(sorted(needed - self.columns))

    def by_person(self, base: Base) -> bool:
        return base.wave is None and any(self.samples[each].unit == "person" for each in base.samples)

    def sql(self, base: Base, variable: str | None) -> str:
        """SELECT with one row a counted unit: ``unit`` (person, or record) and ``value`` (NULL for a counted don't-know)."""
        rows = name(self.study.table)
        conditions = self._conditions(base)
        needed = sorted({read for each in conditions for read in (*each.names, *each.panel_names)} | set(self.study.key))
        if variable:
            needed = sorted({*needed, variable, *({variable + WHY_SUFFIX} & self.columns)})
        listed = ", ".join(name(each) for each in needed)
        marks = [f"{position(self.study)} AS __position"] if "wave" in self.study.key else []
        marks += [f"({self._render(each)}) AS __holds_{at}" for at, each in enumerate(conditions)]
        tests = [f"__holds_{at}" for at in range(len(conditions))]
        if base.wave is not None and "wave" in self.study.key:
            tests.append(f"wave = {literal(base.wave)}")
        if variable:
            tests.append(self._counted(variable, base.denominator))
        value = name(variable) if variable else "1"
        once = ""
        if self.by_person(base):
            once = "\nQUALIFY row_number() OVER (PARTITION BY person_id ORDER BY __position DESC) = 1"
        return (
            f"WITH marked AS (SELECT {', '.join([listed, *marks])} FROM {rows})\n"
            f"SELECT {self.study.key[0]} AS unit, {value} AS value FROM marked\nWHERE {' AND '.join(tests) or 'TRUE'}{once}"
        )

    def _conditions(self, base: Base) -> list[Expression]:
        wheres = [self.samples[each].where for each in base.samples]
        united = [] if any(where is None for where in wheres) else [" OR ".join(f"({where})" for where in wheres)]
        return [self._parsed(condition) for condition in (*united, *([base.where] if base.where else []))]

    def _parsed(self, condition: str) -> Expression:
        parsed = parse(condition, "harmonized", self.study.id)
        if not isinstance(parsed, Expression):
            raise DeclarationError(parsed.where, parsed.what, parsed.todo)
        return parsed

    def _counted(self, variable: str, denominator: str) -> str:
        valid, why = f"{name(variable)} IS NOT NULL", name(variable + WHY_SUFFIX)
        if denominator == "valid" or variable + WHY_SUFFIX not in self.columns:
            return valid
        if denominator == "valid_plus_dont_know":
            return f"({valid} OR {why} = {literal(DONT_KNOW)})"
        return f"({valid} OR {why} NOT IN ({', '.join(literal(reason) for reason in self.design) or literal('')}))"

    def _render(self, expression: Expression) -> str:
        return render(expression, name, panel_windows(position(self.study)))


def panel_windows(place: str) -> Callable[[str, tuple[str, ...]], str]:
    """Renders the panel functions of the expression language as window functions over a table of responses, in words that
    DuckDB and SQLite both read. ``place`` is SQL of the position of a row's wave."""
    person = "PARTITION BY person_id"

    def call(function: str, arguments: tuple[str, ...]) -> str:
        if function == "n_waves":
            return f"count(*) OVER ({person})"
        if function == "in_wave":
            return f"(max(CASE WHEN wave = {literal(arguments[0])} THEN 1 ELSE 0 END) OVER ({person}) = 1)"
        if function == "first_wave":
            return f"first_value(wave) OVER ({person} ORDER BY {place})"
        if function == "previous":
            return f"lag({name(arguments[0])}) OVER ({person} ORDER BY {place})"
        return f"max(CASE WHEN wave = {literal(arguments[1])} THEN {name(arguments[0])} END) OVER ({person})"

    return call
