"""What a build made of every raw code, counted, for the people who wrote the maps: the data of the maintainers' review page.

Only codes that a declaration names are listed; all others stand together under a heading in brackets, so that no answer that
somebody typed comes onto the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.compiler.wave import raw_table
from panelpress.build.frequencies import inside, number_of
from panelpress.model.delivery import Contract
from panelpress.model.study import Study
from panelpress.model.variable import Interval, Variable, WaveRule

BLANK = "(blank)"
OTHER = "(any other)"
JOINED = "(joined texts)"
AS_IT_IS = "(as it is)"


@dataclass(frozen=True, slots=True)
class ReviewedCode:
    """One raw code of a wave and what it became in ``n`` rows: a harmonized code, or a missing reason. For a joined cell
    ``raw_label`` holds the texts that mean yes."""

    raw: str
    raw_label: str
    code: str
    label: str
    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class ReviewedWave:
    """One wave of a variable. ``codes`` is empty where the wave has no raw codes; ``note`` then says why."""

    wave: str
    column: str
    note: str
    codes: tuple[ReviewedCode, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewedVariable:
    """One variable of one study, all waves side by side."""

    study: str
    variable: Variable
    waves: tuple[ReviewedWave, ...]


def review(
    rows: duckdb.DuckDBPyConnection, study: Study, variables: Sequence[Variable], contracts: Sequence[Contract]
) -> tuple[ReviewedVariable, ...]:
    """The review of ``study``, while its raw and its harmonized tables stand in ``rows``."""
    by_wave = {contract.wave: contract for contract in contracts if contract.study == study.id}
    return tuple(
        ReviewedVariable(
            study.id,
            variable,
            tuple(_wave(rows, study, variable, variable.waves[wave], by_wave.get(wave)) for wave in study.wave_ids),
        )
        for variable in variables
    )


def _wave(
    rows: duckdb.DuckDBPyConnection, study: Study, variable: Variable, rule: WaveRule, contract: Contract | None
) -> ReviewedWave:
    if rule.expr:
        return ReviewedWave(rule.wave, "", f"derived: {rule.expr}")
    if rule.status not in ("complete", "partial"):
        return ReviewedWave(rule.wave, "", f"{rule.status}: {rule.reason}" if rule.reason else rule.status)
    column = rule.map_on or rule.source[0]
    key = study.key[0]
    where = "" if study.kind == "records" else f"WHERE h.wave = {text(rule.wave)}"
    counted = rows.execute(
        f"SELECT r.{name(column)}, h.{name(variable.id)}, h.{name(variable.why)}, count(*) "
        f"FROM {name(study.table)} h JOIN {raw_table(study, rule.wave)} r USING ({key}) {where} GROUP BY ALL"
    ).fetchall()
    found: Counter[tuple[str, str, str]] = Counter()
    for raw, value, why, n in counted:
        code = "" if value is None else AS_IT_IS if rule.copy else str(value)
        found[_shown(rule, raw), code, why or ""] += n
    declared = [(_key(raw), str(code), "") for raw, code in rule.value_map]
    declared += [(_key(raw), "", reason) for raw, reason in rule.missing_map]
    never = [line for line in declared if line[0] not in {raw for raw, _, _ in found}]
    order = {raw: position for position, (raw, _, _) in enumerate(declared)}
    lines = sorted({*found, *never}, key=lambda line: (order.get(line[0], len(order)), line))
    values = next((each.values for each in contract.columns if each.name == column), {}) if contract else {}
    raw_labels = {raw: label.in_language() for raw, label in values.items()}
    labels = {str(category.code): category.label.in_language() for category in variable.categories}
    chosen = " | ".join(rule.multi.chosen) if rule.multi is not None else ""
    codes = [
        ReviewedCode(
            raw,
            chosen if (raw, code) == (JOINED, "1") else raw_labels.get(raw, ""),
            code,
            labels.get(code, ""),
            why,
            found[raw, code, why],
        )
        for raw, code, why in lines
    ]
    return ReviewedWave(rule.wave, column, rule.note.in_language(), tuple(codes))


def _key(raw: str | Interval | None) -> str:
    return BLANK if raw is None else raw.text if isinstance(raw, Interval) else raw


def _shown(rule: WaveRule, raw: str | None) -> str:
    """How the page names a raw code: itself or its interval where a map names it, else what it is one of."""
    if raw is None:
        return BLANK
    keys = [key for key, _ in (*rule.missing_map, *rule.value_map)]
    if raw in keys:
        return raw
    number = number_of(raw)
    for key in keys:
        if isinstance(key, Interval) and number is not None and inside(number, key):
            return key.text
    return JOINED if rule.multi is not None else OTHER
