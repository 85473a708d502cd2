"""Compiles what needs all waves of a study at once: variables that look at a person's other waves, and the named samples."""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.build.compiler.case import case
from panelpress.build.compiler.cells import Cells, impossible
from panelpress.build.compiler.derived import derived_cells, levels, panel_functions, panel_stage
from panelpress.build.compiler.quote import name, text
from panelpress.build.compiler.wave import columns_of, indented, select
from panelpress.errors import DeclarationError
from panelpress.model.missing import NOT_ASKED, MissingReasons
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Variable
from panelpress.schemas.expressions import Expression, parse, render


def compile_study(study: Study, variables: Sequence[Variable], missing: MissingReasons, source: str) -> str | None:
    """The SELECT that adds the variables of the panel stage to ``source`` (all waves, early variables), with every variable in
    crosswalk order; None where the study has no such variable."""
    late = panel_stage(variables)
    if not late:
        return None
    panel = panel_functions(study)
    done = [variable for variable in variables if variable.id not in late]
    blocks: list[tuple[str, str]] = []
    previous = source
    for number, step in enumerate(levels(variables), start=1):
        added = [variable for variable in step if variable.id in late]
        if not added:
            continue
        lines = [name(key) for key in study.key]
        lines += [name(column) for variable in done for column in (variable.id, variable.why)]
        for variable in added:
            arms = _by_wave(study, variable, missing, panel)
            lines += columns_of(variable, Cells(*arms))
        blocks.append((f"panel_{number}", select(lines, previous)))
        previous = f"panel_{number}"
        done += added
    columns = [*study.key, *(column for variable in variables for column in (variable.id, variable.why))]
    head = f"-- {study.id}, all waves: variables that look at a person's other waves. Compiled from build/variables.\n"
    body = ",\n".join(f"{label} AS (\n{indented(sql)}\n)" for label, sql in blocks)
    return f"{head}WITH {body}\n{select([name(column) for column in columns], previous)}\n"


def _by_wave(study: Study, variable: Variable, missing: MissingReasons, panel: object) -> tuple[str, str]:
    cells = []
    for wave in study.wave_ids:
        rule = variable.waves[wave]
        if rule.expr is None:
            cells.append(
                (wave, impossible(variable, rule.reason or (NOT_ASKED if rule.status == "impossible" else "uncodeable")))
            )
        else:
            cells.append((wave, derived_cells(variable, rule, missing, panel)))  # type: ignore[arg-type]
    same = {(cell.value, cell.why) for _, cell in cells}
    if len(same) == 1:
        return next(iter(same))
    values = [(f"wave = {text(wave)}", cell.value) for wave, cell in cells]
    whys = [(f"wave = {text(wave)}", cell.why) for wave, cell in cells]
    return case(values), case(whys)


def sample_sql(sample: Sample, study: Study, source: str, known: Sequence[str]) -> str:
    """The SELECT of a named sample over ``source``. Raises DeclarationError where its condition cannot be read."""
    if sample.where is None:
        return f"SELECT * FROM {source}"
    where = f"build/samples.yaml ({sample.id})"
    parsed = parse(sample.where, "harmonized", where, [*known, "wave"])
    if not isinstance(parsed, Expression):
        raise DeclarationError(parsed.where, parsed.what, parsed.todo)
    condition = render(parsed, name, panel_functions(study))
    return f"SELECT * FROM {source} QUALIFY {condition}" if parsed.uses_panel else f"SELECT * FROM {source} WHERE {condition}"
