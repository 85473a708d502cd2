"""Compiles one wave of one study to one SELECT: a column pair a variable, in crosswalk order.

The text is kept in the release as provenance (``sql/<study>_<wave>.sql``), so it is written to be read: one variable a line,
one step a block, no literal of any correction. It is run as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panelpress.build.compiler.cells import Cells, impossible, source_cells
from panelpress.build.compiler.derived import derived_cells, levels, panel_stage
from panelpress.build.compiler.multi import mark_sql, marked
from panelpress.build.compiler.quote import name, text
from panelpress.model.missing import NOT_ASKED, MissingReasons
from panelpress.model.study import Study
from panelpress.model.variable import MultiSource, Variable


@dataclass(frozen=True, slots=True)
class WaveQuery:
    """The SQL of one wave and the names of its columns: the keys, then every variable that its own rows determine."""

    study: str
    wave: str
    sql: str
    columns: tuple[str, ...]


def raw_table(study: Study, wave: str) -> str:
    """Where the de-identified, cleaned and corrected rows of a wave stand: all text, blank cells NULL."""
    return f"raw.{name(f'{study.id}_{wave}')}"


def compile_wave(study: Study, wave: str, variables: Sequence[Variable], missing: MissingReasons) -> WaveQuery:
    """The SELECT of one wave over ``raw.<study>_<wave>``. Variables that look at other waves are left to ``compile_study``."""
    late = panel_stage(variables)
    early = [variable for variable in variables if variable.id not in late]
    keys = ["record_id"] if study.kind == "records" else ["person_id", f"{text(wave)} AS wave"]
    steps = [[variable for variable in step if variable.waves[wave].expr and variable.id not in late] for step in levels(early)]
    derived = {variable.id for step in steps for variable in step}
    first = [variable for variable in early if variable.id not in derived]
    helpers = _helpers(first, wave)
    source = raw_table(study, wave)
    blocks = []
    if helpers:
        lines = ["*", *(f"{sql} AS {name(marked(column))}" for column, sql in helpers.items())]
        blocks.append(("taken_apart", select(lines, source)))
        source = "taken_apart"
    done: list[Variable] = []
    selected = [*keys, *(line for variable in first for line in columns_of(variable, _first_cells(variable, wave)))]
    blocks.append(("coded", select(selected, source)))
    done += first
    previous = "coded"
    for number, step in enumerate((step for step in steps if step), start=1):
        kept = [*(_bare(key) for key in keys), *(column for variable in done for column in (variable.id, variable.why))]
        lines = [name(column) for column in kept]
        lines += [
            line for variable in step for line in columns_of(variable, derived_cells(variable, variable.waves[wave], missing))
        ]
        blocks.append((f"derived_{number}", select(lines, previous)))
        done += step
        previous = f"derived_{number}"
    columns = [*(_bare(key) for key in keys), *(column for variable in early for column in (variable.id, variable.why))]
    head = f"-- {study.id}, wave {wave}. Compiled from build/variables; edit there, not here.\n"
    body = ",\n".join(f"{label} AS (\n{indented(sql)}\n)" for label, sql in blocks)
    return WaveQuery(
        study.id, wave, f"{head}WITH {body}\n{select([name(column) for column in columns], previous)}\n", tuple(columns)
    )


def _helpers(variables: Sequence[Variable], wave: str) -> dict[str, str]:
    helpers: dict[str, str] = {}
    for variable in variables:
        multi: MultiSource | None = variable.waves[wave].multi
        if multi is not None:
            helpers.setdefault(multi.column, mark_sql(multi))
    return helpers


def _first_cells(variable: Variable, wave: str) -> Cells:
    rule = variable.waves[wave]
    if rule.status == "impossible":
        return impossible(variable, rule.reason or NOT_ASKED)
    if rule.status == "undetermined":
        # Blocks a release; until a person decides, the wave holds nothing that could be taken for an answer.
        return impossible(variable, "uncodeable")
    return source_cells(variable, rule)


def columns_of(variable: Variable, cells: Cells) -> list[str]:
    """The two columns of a variable, under its label as a comment."""
    label = " ".join(variable.label.in_language().split())
    return [f"-- {label}\n{cells.value} AS {name(variable.id)}", f"{cells.why} AS {name(variable.why)}"]


def _bare(key: str) -> str:
    return key.rpartition(" AS ")[2]


def select(columns: Sequence[str], source: str) -> str:
    """A SELECT with one column below the other."""
    return "SELECT\n" + indented(",\n".join(columns)) + f"\nFROM {source}"


def indented(sql: str) -> str:
    # Literals hold no line break (``quote.text`` writes it as CHR(10)), so indenting never changes one.
    return "\n".join(f"  {line}" for line in sql.split("\n"))
