"""Renders ``methodology.<language>.md`` of a release: how people were reached, what is not claimed, how the samples overlap.

Texts come from ``publish/methodology.yaml`` and the declarations of studies and samples; every number is counted in the released
tables. Sections of the file: ``{title: {en: ...}, text: {en: ...}}``, printed in their order before the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb

from panelpress.model.estimate import Base
from panelpress.model.release import Edition
from panelpress.model.study import Sample, Study
from panelpress.publish.codebook.words import words
from panelpress.publish.tables.recoded import recoded
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.methodology import Section, load_methodology
from panelpress.validation.bases import Bases


def exporter(declared: Declarations) -> Callable[[Edition, duckdb.DuckDBPyConnection, Path], tuple[Path, ...]]:
    """An exporter that writes the page in each language of the project."""
    sections = load_methodology(declared.places, declared.project.languages)
    variables = {variable.id: variable for variable in declared.variables}

    def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        members = _members(edition, rows, recoded(edition, variables))
        paths = []
        for language in edition.project.languages:
            path = folder / f"methodology.{language}.md"
            path.write_text("\n".join(_page(edition, rows, sections, members, language)), encoding="utf-8", newline="")
            paths.append(path)
        return tuple(paths)

    return write


Members = dict[str, frozenset[str] | None]


def _members(edition: Edition, rows: duckdb.DuckDBPyConnection, changed: frozenset[str]) -> Members:
    """The persons of every named sample; None where this tier lacks what its condition reads."""
    found: Members = {}
    for study in edition.studies:
        own = {sample.id: sample for sample in edition.samples if sample.study == study.id}
        columns = frozenset(edition.table(study.table).field_names) - changed
        bases = Bases(study, own, columns)
        for sample in own.values():
            base = Base((sample.id,))
            if bases.lacking(base, None):
                found[sample.id] = None
            else:
                units = rows.execute(f"SELECT DISTINCT unit FROM ({bases.sql(base, None)})").fetchall()
                found[sample.id] = frozenset(str(unit) for (unit,) in units)
    return found


def _page(
    edition: Edition, rows: duckdb.DuckDBPyConnection, sections: tuple[Section, ...], members: Members, language: str
) -> Iterator[str]:
    own = words(language, "methodology")
    yield f"# {own['title']}: {edition.project.title.in_language(language)}, {edition.version}"
    yield ""
    if edition.simulated:
        yield f"**{own['simulated']}**"
        yield ""
    for section in sections:
        yield f"## {section.title.in_language(language)}"
        yield ""
        yield section.text.in_language(language).strip()
        yield ""
    yield from _studies(edition, rows, own, language)
    yield from _samples(edition, members, own, language)
    for study in edition.studies:
        listed = [each for each in edition.samples if each.study == study.id and members[each.id] is not None]
        if len(listed) > 1:
            yield from _overlap(study, listed, members, own, language)


def _studies(edition: Edition, rows: duckdb.DuckDBPyConnection, own: Mapping[str, str], language: str) -> Iterator[str]:
    yield f"## {own['studies']}"
    for study in edition.studies:
        yield ""
        yield f"### {study.title.in_language(language)}"
        yield ""
        yield study.description.in_language(language).strip()
        yield ""
        yield f"| {own['wave']} | {own['field']} | {own['mode']} | {own['responses']} |"
        yield "|---|---|---|---:|"
        for wave in study.waves:
            ((n,),) = rows.execute("SELECT n_responses FROM waves WHERE wave = ?", [wave.id]).fetchall()
            dates = wave.start if wave.start == wave.end else f"{wave.start} – {wave.end}"
            yield f"| {wave.label.in_language(language)} | {dates} | {wave.mode.in_language(language)} | {n} |"
    yield ""


def _samples(edition: Edition, members: Members, own: Mapping[str, str], language: str) -> Iterator[str]:
    yield f"## {own['samples']}"
    yield ""
    yield f"| {own['sample']} | | {own['unit']} | {own['persons']} |"
    yield "|---|---|---|---:|"
    for sample in edition.samples:
        persons = members[sample.id]
        shown = own["absent"] if persons is None else str(len(persons))
        note = f". {sample.note.in_language(language)}" if sample.note else ""
        yield f"| `{sample.id}` | {sample.label.in_language(language)}{note} | {own[sample.unit]} | {shown} |"
    yield ""


def _overlap(study: Study, listed: list[Sample], members: Members, own: Mapping[str, str], language: str) -> Iterator[str]:
    yield f"## {own['overlap'].format(study=study.title.in_language(language))}"
    yield ""
    yield own["about"]
    yield ""
    yield "| | " + " | ".join(f"`{each.id}`" for each in listed) + " |"
    yield "|---" * (len(listed) + 1) + "|"
    for row in listed:
        counts = [len((members[row.id] or frozenset()) & (members[column.id] or frozenset())) for column in listed]
        yield f"| `{row.id}` | " + " | ".join(str(n) for n in counts) + " |"
    yield ""
