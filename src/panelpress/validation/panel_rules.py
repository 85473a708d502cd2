"""Rules that only a panel can break: facts that change though they cannot, waves in an impossible order, wrong routing.

They run on the secure tables, before disclosure control, where every answer is still there; what leaves is counts. One row a
person and wave, the first rule of any panel, is the key of the table (``table.key_unique``); retention is judged on summaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from panelpress.model.findings import Finding, Severity
from panelpress.model.rules import ProjectRule, Routing, Rules, Weight
from panelpress.model.study import Study, Wave
from panelpress.model.variable import Variable
from panelpress.validation.checks import finding, finding_of, project_check
from panelpress.validation.panel_sql import condition
from panelpress.validation.quote import literal, name

RULES_FILE = "validation/rules.yaml"


def check_panel(
    rows: duckdb.DuckDBPyConnection, studies: Sequence[Study], variables: Sequence[Variable], rules: Rules
) -> list[Finding]:
    """Every panel rule on every study whose table stands in ``rows``."""
    tables = {row[0] for row in rows.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    present = [study for study in studies if study.table in tables]
    found = list(_disjoint(rows, [study for study in present if study.kind == "panel"]))
    for study in present:
        columns = {str(row[0]) for row in rows.execute(f"DESCRIBE {name(study.table)}").fetchall()}
        own = {variable.id: variable for variable in variables if variable.id in columns}
        if study.kind == "panel" and len(study.waves) > 1:
            found += _constant(rows, study, [each for each in _constants(own, rules) if each in columns], rules)
            found += _participation(rows, study, rules)
        found += [each for variable in rules.field_dates if variable in own for each in _field_dates(rows, study, variable)]
        found += [each for weight in rules.weights if weight.study == study.id for each in _weight(rows, study, weight)]
        found += [_routing(rows, study, each, columns) for each in rules.routing if each.study == study.id]
        found += [_project_rule(rows, study, each, columns) for each in rules.rules if each.study == study.id]
    return found


def _constants(own: dict[str, Variable], rules: Rules) -> list[str]:
    listed = [variable.id for variable in own.values() if variable.person_level]
    return list(dict.fromkeys([*listed, *rules.constant]))


def _one(rows: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return tuple(int(each or 0) for each in rows.execute(sql).fetchall()[0])


def _disjoint(rows: duckdb.DuckDBPyConnection, panels: Sequence[Study]) -> Iterator[Finding]:
    """Two studies are independent samples: a person id in both means that one key labels two id spaces."""
    if len(panels) < 2:
        return
    persons = " UNION ALL ".join(f"SELECT DISTINCT person_id FROM {name(study.table)}" for study in panels)
    studies = f"SELECT count(*) AS n FROM ({persons}) GROUP BY person_id"
    failed, total = _one(rows, f"SELECT count(*) FILTER (WHERE n > 1), count(*) FROM ({studies})")
    yield finding("panel.studies_disjoint", "all studies", "person_id", failed=failed, total=total)


def _constant(rows: duckdb.DuckDBPyConnection, study: Study, constants: Sequence[str], rules: Rules) -> Iterator[Finding]:
    """Persons who contradict themselves on a fact that cannot change, and those who do on two: likely two people linked."""
    if not constants:
        return
    columns = [name(each) for each in constants]
    marks = ", ".join(f"count(DISTINCT {each}) > 1 AS c{at}, count({each}) > 1 AS b{at}" for at, each in enumerate(columns))
    persons = f"SELECT person_id, {marks} FROM {name(study.table)} GROUP BY person_id"
    counted = ", ".join(f"count(*) FILTER (WHERE c{at}), count(*) FILTER (WHERE b{at})" for at in range(len(constants)))
    conflicts = " + ".join(f"c{at}::INTEGER" for at in range(len(constants)))
    either = " OR ".join(f"b{at}" for at in range(len(constants)))
    answer = _one(
        rows,
        f"SELECT count(*) FILTER (WHERE {conflicts} > 1), count(*) FILTER (WHERE {either}), {counted} FROM ({persons})",
    )
    for at, each in enumerate(constants):
        failed, total = answer[2 + 2 * at], answer[3 + 2 * at]
        yield _tolerated("panel.constant", study.table, each, failed, total, rules.conflict_tolerance)
    if len(constants) > 1:
        yield _tolerated("panel.linkage_conflict", study.table, "person_id", answer[0], answer[1], rules.conflict_tolerance)


def _tolerated(check: str, table: str, field: str, failed: int, total: int, tolerance: float) -> Finding:
    within = failed <= tolerance * total
    severity: Severity | None = "info" if failed and within else None
    message = f"within the tolerated share of {tolerance:g}" if severity else ""
    return finding(check, table, field, failed=failed, total=total, severity=severity, message=message)


def _participation(rows: duckdb.DuckDBPyConnection, study: Study, rules: Rules) -> Iterator[Finding]:
    legal = rules.participation.get(study.id)
    if legal is None:
        return
    allowed = ", ".join(literal(" ".join(sorted(pattern.split()))) for pattern in legal)
    failed, total = _one(
        rows,
        f"SELECT count(*) FILTER (WHERE pattern NOT IN ({allowed})), count(*) FROM (SELECT string_agg(DISTINCT wave, ' ' "
        f"ORDER BY wave) AS pattern FROM {name(study.table)} GROUP BY person_id)",
    )
    yield finding("panel.participation", study.table, "wave", failed=failed, total=total)


def field_period(wave: Wave) -> tuple[str, str]:
    """SQL of the first and the last day of a wave; months and years count whole."""
    first = {4: f"{wave.start}-01-01", 7: f"{wave.start}-01"}.get(len(wave.start), wave.start)
    last = {4: f"DATE '{wave.end}-12-31'", 7: f"last_day(DATE '{wave.end}-01')"}.get(len(wave.end), f"DATE '{wave.end}'")
    return f"DATE '{first}'", last


def _field_dates(rows: duckdb.DuckDBPyConnection, study: Study, variable: str) -> Iterator[Finding]:
    for wave in study.waves:
        first, last = field_period(wave)
        where = "" if study.kind == "records" else f" WHERE wave = {literal(wave.id)}"
        column, table = name(variable), name(study.table)
        failed, total = _one(
            rows,
            f"SELECT count(*) FILTER (WHERE {column} NOT BETWEEN {first} AND {last}), count({column}) FROM {table}{where}",
        )
        if total:
            yield finding("panel.field_dates", study.table, f"{variable}, {wave.id}", failed=failed, total=total)


def _weight(rows: duckdb.DuckDBPyConnection, study: Study, weight: Weight) -> Iterator[Finding]:
    column, table = name(weight.variable), name(study.table)
    answers = rows.execute(
        f"SELECT wave, count(*) FILTER (WHERE {column} <= 0), count({column}), sum({column}) FROM {table} GROUP BY wave"
    ).fetchall()
    for wave, wrong, total, summed in sorted(answers):
        if total:
            field = f"{weight.variable}, {wave}"
            yield finding("panel.weight_positive", study.table, field, failed=wrong, total=total)
            wanted = float(total) if weight.total == "rows" else float(weight.total)
            off = abs(float(summed) - wanted) > weight.tolerance * wanted
            yield finding("panel.weight_sum", study.table, field, failed=int(off), total=1)


def _routing(rows: duckdb.DuckDBPyConnection, study: Study, routing: Routing, columns: set[str]) -> Finding:
    """Rows that were routed past the item though the filter let them in, or answered though it did not."""
    where = f"{RULES_FILE} (routing of {routing.variable})"
    asked = condition(routing.asked_when, study, where, columns)
    why = name(f"{routing.variable}__why")
    waves = f" WHERE wave IN ({', '.join(map(literal, routing.waves))})" if routing.waves else ""
    failed, total = _one(
        rows,
        f"SELECT count(*) FILTER (WHERE asked = skipped), count(asked) FROM (SELECT ({asked}) AS asked, "
        f"coalesce({why} = 'not_applicable', FALSE) AS skipped, wave FROM {name(study.table)}){waves}",
    )
    return finding("panel.routing", study.table, routing.variable, failed=failed, total=total)


def _project_rule(rows: duckdb.DuckDBPyConnection, study: Study, rule: ProjectRule, columns: set[str]) -> Finding:
    holds = condition(rule.holds, study, f"{RULES_FILE} ({rule.id})", columns)
    waves = f" WHERE wave IN ({', '.join(map(literal, rule.waves))})" if rule.waves else ""
    wave = ", wave" if study.kind == "panel" else ""
    failed, total = _one(
        rows,
        f"SELECT count(*) FILTER (WHERE NOT ok), count(*) FROM (SELECT ({holds}) AS ok{wave} FROM {name(study.table)}){waves}",
    )
    within = failed <= rule.tolerance * total
    severity: Severity = "info" if failed and within else rule.severity
    return finding_of(project_check(rule), study.table, rule.id, failed=failed, total=total, severity=severity)
