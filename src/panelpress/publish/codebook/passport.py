"""The passport of a variable: all that declarations and the releases at hand say of it, as data; and the rule behind a cell.

The passport holds no answers. ``cell_rule`` reads the private wave file of one person and says which rule made the cell; the raw
code and the value are in it only on request.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.errors import UsageError
from panelpress.model.study import Study
from panelpress.model.variable import Interval, Variable, WaveRule
from panelpress.publish.versions.identities import identities_file
from panelpress.publish.versions.shelf import published_folders
from panelpress.raw.registry import read_registry
from panelpress.schemas.contracts import find_contract
from panelpress.schemas.declarations import Declarations


def passport(declared: Declarations, table: str, variable: str) -> Mapping[str, Any]:
    """Facts of one variable of one study. Raises UsageError where there is no such table or variable."""
    study, found = find(declared, table, variable)
    delivered: dict[tuple[str, str], str] = {}
    for each in read_registry(declared.places):
        earlier = delivered.get((each.study, each.wave))
        delivered[each.study, each.wave] = f"{earlier}, {each.file}" if earlier else each.file
    return {
        "table": table,
        "variable": found.id,
        "label": found.label.in_language(),
        "concept": found.concept,
        "type": found.type,
        "tier": found.tier,
        "tier_reason": found.tier_reason.in_language(),
        "disclosure": found.disclosure,
        "external": [f"{each.scheme}:{each.id}" for each in found.external],
        "declared_in": found.declared_in,
        "replaced_by": found.replaced_by,
        "releases": _releases(declared, found.id),
        "waves": [_wave(declared, study, found, found.waves[wave], delivered) for wave in study.wave_ids],
    }


def find(declared: Declarations, table: str, variable: str) -> tuple[Study, Variable]:
    """The study whose table it is and its variable."""
    for study in declared.studies:
        if study.table == table:
            for each in declared.crosswalk.of_study(study.id):
                if each.id == variable:
                    return study, each
            alike = ", ".join(get_close_matches(variable, [each.id for each in declared.crosswalk.of_study(study.id)]))
            todo = f"Is it one of these: {alike}?" if alike else "Its variables are the files of `build/variables/`."
            raise UsageError(f"table {table}", f"has no variable `{variable}`.", todo)
    known = ", ".join(study.table for study in declared.studies)
    raise UsageError(f"table {table}", "does not exist.", f"Known: {known}.")


def _releases(declared: Declarations, variable: str) -> list[str]:
    found = []
    for folder in published_folders(declared.places):
        listed = folder / "data" / "csv" / "variables.csv"
        if listed.is_file():
            rows = duckdb.execute(
                "SELECT count(*) FROM read_csv(?, all_varchar = true) WHERE variable = ?", [str(listed), variable]
            )
            if rows.fetchall()[0][0]:
                found.append(folder.name)
    return found


def _wave(
    declared: Declarations, study: Study, variable: Variable, rule: WaveRule, delivered: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    questions = {}
    if rule.source:
        contract = find_contract(declared.contracts, study.id, rule.wave)
        questions = {each.name: each.text.in_language() for each in contract.columns if each.name in rule.source}
    return {
        "wave": rule.wave,
        "status": rule.status,
        "detail": rule.detail,
        "delivery": delivered.get((study.id, rule.wave)),
        "question": "; ".join(text for text in questions.values() if text) or variable.question.in_language(),
        "columns": ", ".join(rule.source),
        "universe": rule.universe,
        "filter": "; ".join(f"{each.expr} → {each.value}" for each in rule.filters),
        "expr": rule.expr,
        "breaks_with": ", ".join(rule.breaks_with),
        "note": rule.note.in_language(),
        "rule": _lines(rule),
    }


def _lines(rule: WaveRule) -> list[str]:
    lines = [f"{_key(key)} → {code}" for key, code in rule.value_map]
    lines += [f"{_key(key)} → {reason}" for key, reason in rule.missing_map]
    if rule.copy:
        lines.append("every other value is taken as it is")
    if rule.reason:
        lines.append(f"every row → {rule.reason}")
    return lines


def _key(key: str | Interval | None) -> str:
    return "a blank cell" if key is None else key.text if isinstance(key, Interval) else key


def cell_rule(declared: Declarations, table: str, variable: str, person: str, wave: str, show_value: bool) -> dict[str, Any]:
    """Which rule made the cell of ``person`` in ``wave``. Raises UsageError where the work folder has no such cell."""
    study, found = find(declared, table, variable)
    if wave not in study.wave_ids:
        raise UsageError(f"wave {wave}", f"is no wave of {study.id}.", f"Known: {', '.join(study.wave_ids)}.")
    database = declared.places.secure_database
    if not database.is_file():
        raise UsageError("work folder", "holds no secure database.", "Run `panelpress build` first.")
    rows = duckdb.connect(str(database), read_only=True)
    try:
        where = "record_id = ?" if study.kind == "records" else "person_id = ? AND wave = ?"
        given = [secure_id(declared, study, person), *([] if study.kind == "records" else [wave])]
        cells = rows.execute(
            f"SELECT {name(found.id)}, {name(found.why)} FROM {name(study.table)} WHERE {where}", given
        ).fetchall()
    finally:
        rows.close()
    if len(cells) != 1:
        raise UsageError(
            "--person, --wave", "name no row of the secure database.", "Give a secure id or an id of a release at hand."
        )
    value, why = cells[0]
    told = {"rule": _which(found.waves[wave], value, why), "has": "a reason" if why is not None else "a value"}
    return {**told, "value": why if why is not None else str(value)} if show_value else told


def _which(rule: WaveRule, value: object, why: str | None) -> str:
    """The part of ``rule`` that yields this outcome, without telling the outcome itself apart from value or reason."""
    if rule.status == "impossible":
        return "the wave does not have the item"
    if rule.expr is not None:
        return f"expr: {rule.expr}"
    if why is not None:
        return "universe" if rule.universe and why == "not_applicable" else "missing"
    if any(value == each.value for each in rule.filters):
        return "filter or map"
    return "copy" if rule.copy else "options" if rule.multi else "map"


def secure_id(declared: Declarations, study: Study, person: str) -> str:
    """``person`` itself, or the secure id behind it in the private map of a release at hand."""
    for folder in published_folders(declared.places):
        path = identities_file(declared.places, folder.name)
        if path.is_file():
            sql = "SELECT secure_id FROM read_csv(?, all_varchar = true) WHERE study = ? AND released_id = ?"
            found = duckdb.execute(sql, [str(path), study.id, person]).fetchall()
            if found:
                return str(found[0][0])
    return person
