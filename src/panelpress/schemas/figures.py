"""Reads ``publish/figures/<id>.yaml``: one figure a file, its rows, series and words.

spec: panel-figure/0.1
number: 3
title: {en: Trust in people}
chart: bars
sample: {en: Everybody, latest answer}
of: {variable: trust, answer: high}
rows: [{sample: everybody}, {label: {en: Elsewhere}, benchmark: XX}]

A cell is the union of ``of``, its row and its series; together they must name a variable, an answer and a sample (or a
benchmark).
Labels that are not given come from the wave, sample, answer or variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.model.figure import Figure, Part
from panelpress.model.text import NO_TEXT, LocalText
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.yaml_reader import read_document


def load_figures(declarations: Declarations) -> tuple[Figure, ...]:
    """All figures by number. Raises DeclarationError for the first mistake."""
    places, languages = declarations.places, declarations.project.languages
    figures: list[Figure] = []
    for path in sorted(places.figures.glob("*.yaml")):
        document = read_document(path, places.root)
        refuse(check(document, "figure"))
        given = document.content
        figure = Figure(
            id=path.stem,
            number=given["number"],
            title=local_text(given["title"], languages),
            chart=given["chart"],
            sample=local_text(given["sample"], languages),
            of=_part(given.get("of") or {}, languages),
            rows=tuple(_part(each, languages) for each in given["rows"]),
            series=tuple(_part(each, languages) for each in given.get("series") or [{}]),
            note=local_text(given.get("note"), languages),
            declared_in=document.file,
        )
        refuse(_problems(figure, declarations))
        figures.append(figure)
    return tuple(sorted(figures, key=lambda figure: figure.number))


def _part(given: Any, languages: tuple[str, ...]) -> Part:
    answer = given.get("answer")
    return Part(
        label=local_text(given.get("label"), languages),
        sample=given.get("sample"),
        wave=given.get("wave"),
        variable=given.get("variable"),
        answer=None if answer is None else str(answer),
        where=given.get("where"),
        benchmark=given.get("benchmark"),
    )


def _problems(figure: Figure, declarations: Declarations) -> list[Problem]:
    known: Mapping[str, set[str]] = {
        "sample": {sample.id for sample in declarations.samples},
        "wave": {wave for study in declarations.studies for wave in study.wave_ids},
        "variable": {variable.id for variable in declarations.variables},
    }
    problems = []
    for part in (figure.of, *figure.rows, *figure.series):
        for name, names in known.items():
            value = getattr(part, name)
            if value is not None and value not in names:
                problems.append(Problem(figure.declared_in, f"no {name} is called `{value}`.", "Correct the name."))
    for row in figure.rows:
        for series in figure.series:
            cell = figure.of.joined(row).joined(series)
            if not cell.variable or not cell.answer or not (cell.sample or cell.benchmark):
                problems.append(
                    Problem(figure.declared_in, "a cell lacks its variable, answer or sample.", "Say it in `of`, row or series.")
                )
    return problems


def label_of(part: Part, cell: Part, declarations: Declarations) -> LocalText:
    """The label that is given, or that of the wave, sample, answer or variable that ``part`` itself names. ``cell`` is the union
    that it belongs to."""
    if part.label:
        return part.label
    if part.wave:
        return next(wave.label for study in declarations.studies for wave in study.waves if wave.id == part.wave)
    if part.sample:
        return next(sample.label for sample in declarations.samples if sample.id == part.sample)
    variable = next((each for each in declarations.variables if each.id == cell.variable), None)
    if variable is None:
        return NO_TEXT
    if part.answer:
        return next((each.label for each in variable.categories if str(each.code) == part.answer), NO_TEXT)
    return variable.label if part.variable else NO_TEXT
