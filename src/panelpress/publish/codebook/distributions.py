"""The table ``distributions``: how often each answer and each missing reason occurs, by variable and wave.

Computed from the open tables of the release and nothing else, so that any reader can compute it: what could be learned from a
count here can be learned from the published rows. Declared codes that nobody chose stand there with 0. Shares of values are of
the variable's declared base (valid answers, or these and don't-knows), shares of reasons of all responses of the wave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Field, Table
from panelpress.model.text import LocalText
from panelpress.publish.codebook.classes import Classes, day_classes, number_classes
from panelpress.publish.tables.catalogue import fill
from panelpress.publish.tables.sql import literal, quoted
from panelpress.schemas.catalogue import column, per_language

NAME = "distributions"
AT_ONCE = 25
TEXT = "(text)"
DONT_KNOW = "dont_know"
PLACES = 6
Row = dict[str, Any]
Counts = Mapping[tuple[str, str], Mapping[tuple[str, str], int]]
"""(variable, wave) -> (kind, code) -> responses."""


@dataclass(frozen=True, slots=True)
class Share:
    """One row of ``distributions``: ``n`` responses of a wave gave this value, or are missing for this reason."""

    variable: str
    study: str
    wave: str
    kind: str
    position: int
    code: str
    label: LocalText
    n: int
    share: float | None


def distributions_table(languages: Sequence[str]) -> Table:
    """The declaration of the table."""
    base = "Of the variable's base for values, of all responses of the wave for reasons; empty where the base is empty."
    return Table(
        name=NAME,
        kind="aggregate",
        title=LocalText({"en": "Distributions", "ru": "Распределения"}),
        description=LocalText({"en": "Answers and missing reasons by variable and wave, counted in the open tables."}),
        fields=(
            column("variable", "Variable", required=True),
            column("study", "Study", required=True),
            column("wave", "Wave", required=True),
            column("kind", "Kind", required=True, about="value or reason."),
            column("position", "Position", "integer", required=True, about="Order of the code list, or of the classes."),
            column("code", "Code", required=True, about="A code, a class of numbers such as [20,25), or a reason."),
            *per_language("label", "Label", languages),
            column("n", "Responses", "integer", required=True),
            column("share", "Share", "number", about=base),
        ),
        primary_key=("variable", "wave", "kind", "code"),
    )


def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Create and fill ``distributions`` in ``rows``; return its declaration."""
    languages = edition.project.languages
    table = distributions_table(languages)
    content: list[Row] = []
    for each in shares(edition, rows):
        texts = {f"label_{language}": each.label.by_language.get(language) for language in languages}
        content.append({name: getattr(each, name) for name in table.field_names if not name.startswith("label_")} | texts)
    fill(rows, table, content)
    return (table,)


def published_shares(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Share, ...]:
    """The distributions of the edition: read from its table ``distributions`` where it has one, else counted."""
    if not any(table.name == NAME for table in edition.tables):
        return shares(edition, rows)
    languages = edition.project.languages
    texts = ", ".join(f"label_{language}" for language in languages)
    found = rows.execute(
        f"SELECT variable, study, wave, kind, position, code, n, share, {texts} FROM {NAME} "
        "ORDER BY variable, wave, kind DESC, position"
    ).fetchall()
    shown = []
    for variable, study, wave, kind, position, code, n, share, *labels in found:
        label = LocalText({language: text for language, text in zip(languages, labels, strict=True) if text is not None})
        shown.append(Share(variable, study, wave, kind, position, code, label, n, share))
    return tuple(shown)


def shares(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Share, ...]:
    """Every distribution of the edition, in order of its variables and waves."""
    found: list[Share] = []
    for study in edition.studies:
        table = edition.table(study.table)
        fields = [field for field in table.fields if field.variable]
        classes = _classes(rows, table, fields)
        counted = _count(rows, study, table, fields, classes)
        for field in fields:
            for wave in study.wave_ids:
                if wave in edition.variable(field.variable or "").waves:
                    counts = counted.get((field.name, wave), {})
                    found += _of_wave(edition, study, field, wave, counts, classes.get(field.name))
    return tuple(found)


def _classes(rows: duckdb.DuckDBPyConnection, table: Table, fields: Sequence[Field]) -> dict[str, Classes]:
    """Classes of every column that is neither coded nor text."""
    open_ended = [field for field in fields if not field.categories and field.type in ("integer", "number", "date")]
    if not open_ended:
        return {}
    wanted = ", ".join(f"min({quoted(f.name)}), max({quoted(f.name)}), count(DISTINCT {quoted(f.name)})" for f in open_ended)
    (values,) = rows.execute(f"SELECT {wanted} FROM {quoted(table.name)}").fetchall()
    found = {}
    for number, field in enumerate(open_ended):
        least, greatest, distinct = values[3 * number : 3 * number + 3]
        if field.type == "date":
            found[field.name] = day_classes(field.name, least, greatest)
        else:
            found[field.name] = number_classes(field.name, least, greatest, distinct, field.type == "integer")
    return found


def _count(
    rows: duckdb.DuckDBPyConnection, study: Study, table: Table, fields: Sequence[Field], classes: Mapping[str, Classes]
) -> Counts:
    wave = quoted("wave") if study.kind == "panel" else literal(study.wave_ids[0])
    counted: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for first in range(0, len(fields), AT_ONCE):
        parts = []
        for field in fields[first : first + AT_ONCE]:
            given = classes[field.name].sql if field.name in classes else quoted(field.name)
            if field.type == "string" and not field.categories:
                given = f"CASE WHEN {quoted(field.name)} IS NOT NULL THEN {literal(TEXT)} END"
            why = quoted(field.name + WHY_SUFFIX)
            inner = f"SELECT {wave} AS wave, {given} AS code, {why} AS why, count(*) AS n FROM {quoted(table.name)} GROUP BY ALL"
            parts.append(f"SELECT {literal(field.name)}, wave, CAST(code AS VARCHAR), why, n FROM ({inner})")
        for name, of_wave, code, why, n in rows.execute(" UNION ALL ".join(parts)).fetchall():
            key = ("value", code) if code is not None else ("reason", why)
            counted[name, of_wave][key] = counted[name, of_wave].get(key, 0) + n
    return counted


def _of_wave(
    edition: Edition,
    study: Study,
    field: Field,
    wave: str,
    counts: Mapping[tuple[str, str], int],
    classes: Classes | None,
) -> Iterator[Share]:
    """The distribution of one variable in one wave: values in order of the code list, then reasons in order of the taxonomy."""
    variable = edition.variable(field.variable or field.name)
    total = sum(counts.values())
    base = sum(n for (kind, _), n in counts.items() if kind == "value")
    if variable.denominator == "valid_plus_dont_know":
        base += counts.get(("reason", DONT_KNOW), 0)
    elif variable.denominator == "all":
        base = total - sum(counts.get(("reason", each.reason), 0) for each in edition.missing if each.kind == "design")
    labels = {str(each.code): each.label for each in field.categories}
    codes = list(labels) if variable.waves[wave].status != "impossible" else []
    if not field.categories:
        seen = [code for kind, code in counts if kind == "value"]
        codes = sorted(seen, key=classes.order if classes else None)
    for position, code in enumerate(codes, start=1):
        n = counts.get(("value", code), 0)
        label = labels.get(code) or LocalText({"en": code})
        yield Share(field.name, study.id, wave, "value", position, code, label, n, _share(n, base))
    for position, reason in enumerate(edition.missing, start=1):
        n = counts.get(("reason", reason.reason), 0)
        if n:
            yield Share(field.name, study.id, wave, "reason", position, reason.reason, reason.text, n, _share(n, total))


def _share(n: int, base: int) -> float | None:
    return round(n / base, PLACES) if base else None
