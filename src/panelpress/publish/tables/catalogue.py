"""Fills the catalogue tables of an edition, from declarations and from its open tables and nothing else.

Every count here is one that a reader of the release could make; a count from the secure side, minus the open count, would be
the number of starred people. Rows are plain dicts; ``fill`` puts them into an empty table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from panelpress.model.missing import SUPPRESSED
from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.text import LocalText
from panelpress.model.variable import Variable, WaveRule
from panelpress.publish.protection.protection_facts import least_k
from panelpress.publish.tables.crosswalk_table import crosswalk_rows
from panelpress.publish.tables.sql import columns, create_empty, literal, quoted

Row = dict[str, Any]


def fill(rows: duckdb.DuckDBPyConnection, table: Table, content: Sequence[Row]) -> None:
    """Create ``table`` empty and fill it with ``content`` in order of its key. Raises KeyError where a row lacks a column."""
    create_empty(rows, table)
    if not content:
        return
    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
    arrays = {field.name: pa.array([row[field.name] for row in content], types[field.type]) for field in table.fields}
    rows.register("incoming_rows", pa.table(arrays))
    names = columns(table.field_names)
    order = columns(table.primary_key)
    rows.execute(f"INSERT INTO {quoted(table.name)} ({names}) SELECT {names} FROM incoming_rows ORDER BY {order}")
    rows.unregister("incoming_rows")


def fill_catalogue(
    rows: duckdb.DuckDBPyConnection, edition: Edition, listed: Sequence[Variable], tables: Sequence[Table]
) -> None:
    """Create and fill each catalogue table among ``tables``. ``listed`` are the variables to describe, those without data in
    this tier included; the tables of responses must be in ``rows`` already."""
    counts = Counts(rows, edition)
    makers: Mapping[str, Sequence[Row]] = {
        "waves": list(wave_rows(edition, counts)),
        "variables": list(variable_rows(edition, listed, counts)),
        "value_labels": list(value_label_rows(edition)),
        "missing_reasons": list(missing_rows(edition)),
        "availability": list(availability_rows(edition, listed, counts)),
        "crosswalk": list(crosswalk_rows(edition, listed)),
        "samples": list(sample_rows(edition)),
        "release_info": list(info_rows(edition)),
    }
    for table in tables:
        fill(rows, table, makers[table.name])


class Counts:
    """Counts of the open tables: responses per wave; valid and suppressed answers per variable and wave."""

    def __init__(self, rows: duckdb.DuckDBPyConnection, edition: Edition) -> None:
        self.responses: dict[str, int] = {}
        self.valid: dict[tuple[str, str], int] = {}
        self.suppressed: dict[tuple[str, str], int] = {}
        for study in edition.studies:
            self._count(rows, study, edition.table(study.table))

    def _count(self, rows: duckdb.DuckDBPyConnection, study: Study, table: Table) -> None:
        variables = [field.variable for field in table.fields if field.variable]
        wave = quoted("wave") if study.kind == "panel" else literal(study.wave_ids[0])
        parts = [f"count({quoted(name)})" for name in variables]
        parts += [f"count(*) FILTER (WHERE {quoted(name + '__why')} = {literal(SUPPRESSED)})" for name in variables]
        select = ", ".join(["count(*)", *parts])
        for wave_id in study.wave_ids:
            self.responses[wave_id] = 0
        for wave_id, total, *numbers in rows.execute(
            f"SELECT {wave} AS of_wave, {select} FROM {quoted(table.name)} GROUP BY of_wave"
        ).fetchall():
            self.responses[wave_id] = total
            for name, valid, suppressed in zip(variables, numbers[: len(variables)], numbers[len(variables) :], strict=True):
                self.valid[name, wave_id] = valid
                self.suppressed[name, wave_id] = suppressed


def texts(name: str, text: LocalText, edition: Edition) -> Row:
    """One cell a language; a language in which nobody wrote the text stays empty."""
    return {f"{name}_{language}": text.by_language.get(language) or None for language in edition.project.languages}


def wave_rows(edition: Edition, counts: Counts) -> Iterator[Row]:
    for study in edition.studies:
        for position, wave in enumerate(study.waves, start=1):
            yield {
                "wave": wave.id,
                "study": study.id,
                "position": position,
                **texts("study_title", study.title, edition),
                **texts("label", wave.label, edition),
                "field_start": wave.start,
                "field_end": wave.end,
                **texts("mode", wave.mode, edition),
                **texts("note", wave.note, edition),
                "n_responses": counts.responses[wave.id],
            }


def variable_rows(edition: Edition, listed: Sequence[Variable], counts: Counts) -> Iterator[Row]:
    for variable in listed:
        waves = [wave for study in edition.studies for wave in study.wave_ids if wave in variable.waves]
        valid = [counts.valid[variable.id, wave] for wave in waves if (variable.id, wave) in counts.valid]
        missing = [
            counts.responses[wave] - counts.valid[variable.id, wave] for wave in waves if (variable.id, wave) in counts.valid
        ]
        yield {
            "variable": variable.id,
            "tier": variable.tier,
            "studies": " ".join(study.id for study in edition.studies if set(study.wave_ids) & set(variable.waves)) or None,
            "concept": variable.concept,
            **texts("concept_label", edition.project.concept(variable.concept), edition),
            "type": variable.type,
            "unit": variable.unit,
            "minimum": variable.minimum,
            "maximum": variable.maximum,
            **texts("label", variable.label, edition),
            **texts("question", variable.question, edition),
            **texts("note", variable.note, edition),
            "disclosure": variable.disclosure,
            "denominator": variable.denominator,
            "other_denominators": " ".join(each for each in variable.denominators if each != variable.denominator) or None,
            "external": " ".join(f"{each.scheme}:{each.id}" for each in variable.external) or None,
            "replaced_by": variable.replaced_by,
            "n_valid": sum(valid) if valid else None,
            "n_missing": sum(missing) if missing else None,
        }


def value_label_rows(edition: Edition) -> Iterator[Row]:
    """Labels of the codes that the tables of this edition may hold, as recoded for its tier."""
    seen: set[tuple[str, str]] = set()
    for table in edition.tables:
        for field in table.fields:
            if not field.variable:
                continue
            for position, category in enumerate(field.categories, start=1):
                if (field.variable, str(category.code)) in seen:
                    continue
                seen.add((field.variable, str(category.code)))
                yield {
                    "variable": field.variable,
                    "code": str(category.code),
                    "position": position,
                    **texts("label", category.label, edition),
                    "category_group": category.group,
                }


def missing_rows(edition: Edition) -> Iterator[Row]:
    for each in edition.missing:
        yield {
            "reason": each.reason,
            "code": each.code,
            "stata": each.stata,
            "class": each.kind,
            **texts("label", each.text, edition),
            "meaning": each.meaning,
        }


def rule_kind(rule: WaveRule) -> str:
    """Which way of the language yields the variable in this wave."""
    if rule.expr is not None:
        return "expr"
    if rule.multi is not None:
        return "multi"
    if rule.copy:
        return "copy"
    return "map" if rule.value_map or rule.missing_map else "none"


def _yes_or_no(fact: bool | None) -> str | None:
    return None if fact is None else "yes" if fact else "no"


def availability_rows(edition: Edition, listed: Sequence[Variable], counts: Counts) -> Iterator[Row]:
    waves = [wave for study in edition.studies for wave in study.wave_ids]
    for variable in listed:
        for wave in waves:
            if wave not in variable.waves:
                continue
            rule = variable.waves[wave]
            item = rule.item
            published = (variable.id, wave) in counts.valid
            yield {
                "variable": variable.id,
                "wave": wave,
                "status": rule.status,
                "detail": rule.detail,
                "rule": rule_kind(rule),
                "source": " ".join(rule.source) or None,
                "expression": rule.expr,
                "universe": rule.universe,
                "coverage": " ".join(str(code) for code in rule.coverage) or None,
                "breaks_with": " ".join(rule.breaks_with) or None,
                "scale_points": item.n_points if item else None,
                "scale_direction": item.direction if item else None,
                "scale_midpoint": _yes_or_no(item.midpoint if item else None),
                "dont_know_offered": _yes_or_no(item.dk_offered if item else None),
                "mode": item.mode if item else None,
                **texts("question", rule.question, edition),
                **texts("note", rule.note, edition),
                "n_rows": counts.responses[wave] if published else None,
                "n_valid": counts.valid.get((variable.id, wave)),
                "n_suppressed": counts.suppressed.get((variable.id, wave)),
            }


def sample_rows(edition: Edition) -> Iterator[Row]:
    for sample in edition.samples:
        yield {
            "sample": sample.id,
            "study": sample.study,
            **texts("label", sample.label, edition),
            "rule": sample.where,
            "unit": sample.unit,
            **texts("note", sample.note, edition),
        }


def info_rows(edition: Edition) -> Iterator[Row]:
    """The stamp inside the data: whoever holds one file alone can say what it is."""
    project = edition.project
    facts: dict[str, Any] = {
        "project": project.id,
        **{f"title_{language}": text for language, text in project.title.by_language.items()},
        "version": edition.version,
        "released": edition.released,
        "tier": edition.tier,
        "simulated": "yes" if project.simulated else "no",
        "licence": project.licence.name,
        "licence_path": project.licence.path,
        "homepage": project.homepage,
        "contact": project.contact,
        "k": least_k(edition.disclosure),
    }
    for item, value in facts.items():
        if value is not None:
            yield {"item": item, "value": str(value)}
