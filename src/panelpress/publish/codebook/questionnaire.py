"""Renders the questionnaire of each wave and language from contracts and crosswalk: ``questionnaires/<wave>.<language>.md``.

What was asked and kept is listed in the order of the delivery: question, answers with the raw codes (also those that a cell
joins), who was asked, and the harmonized variables made of it with their tier. Columns that identify people, free text and
paradata are counted, not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.release import Edition
from panelpress.model.study import Wave
from panelpress.model.variable import Variable
from panelpress.publish.codebook.words import words
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.expressions import Expression, parse

FOLDER = "questionnaires"


def exporter(declared: Declarations) -> Callable[[Edition, duckdb.DuckDBPyConnection, Path], tuple[Path, ...]]:
    """An exporter that writes one page a wave of the edition and language of the project."""
    contracts = {contract.wave: contract for contract in declared.contracts}

    def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        target = folder / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        paths = []
        for study in edition.studies:
            for wave in study.waves:
                for language in edition.project.languages if wave.id in contracts else ():
                    title = study.title.in_language(language)
                    text = questionnaire(contracts[wave.id], wave, title, declared.variables, language, edition.simulated)
                    path = target / f"{wave.id}.{language}.md"
                    path.write_text(text, encoding="utf-8", newline="")
                    paths.append(path)
        return tuple(paths)

    return write


def questionnaire(
    contract: Contract, wave: Wave, study: str, variables: tuple[Variable, ...], language: str, simulated: bool
) -> str:
    """The page of one wave in one language, as Markdown."""
    own = words(language, "questionnaire")
    mode = wave.mode.in_language(language) or own["mode"]
    parts = [f"# {own['title'].format(study=study, wave=wave.label.in_language(language))}", ""]
    parts += [f"**{own['simulated']}**", ""] if simulated else []
    parts += [own["field"].format(start=wave.start, end=wave.end, mode=mode), ""]
    left_out = len(contract.columns) - len(contract.kept)
    parts += [own["left_out"].format(n=left_out), ""]
    for number, column in enumerate(contract.kept, start=1):
        parts += [*_item(number, column, wave.id, variables, language, own), ""]
    return "\n".join(parts)


def _item(
    number: int, column: ContractColumn, wave: str, variables: tuple[Variable, ...], language: str, own: Mapping[str, str]
) -> Iterator[str]:
    made = [each for each in variables if wave in each.waves and _reads(each, wave, column.name)]
    yield f"## {number}. {column.text.in_language(language) or column.name}"
    yield ""
    for code, label in column.values.items():
        yield f"- `{code}` {label.in_language(language)}"
    yield from _options(made, wave, language, own["none"])
    copied = [each for each in made if each.waves[wave].copy]
    if column.type in ("date", "datetime") or any(each.type == "date" for each in copied):
        yield own["date"]
    elif column.type in ("integer", "number") and (copied or not column.values):
        yield own["number"]
    if any(each.waves[wave].multi for each in made):
        yield own["several"]
    yield ""
    conditions = sorted({each.waves[wave].universe or "" for each in made} - {""})
    if conditions:
        yield f"{own['asked']}: `{'`, `'.join(conditions)}`  "
    yield f"{own['column']}: `{column.name}`  "
    listed = ", ".join(f"`{each.id}` ({own[each.tier]})" for each in made)
    yield f"{own['becomes']}: {listed or own['nothing']}"


def _options(made: Sequence[Variable], wave: str, language: str, none: str) -> Iterator[str]:
    """The answers that one column joins, each with the label of the variable that it becomes."""
    joined = [(each, source) for each in made if (source := each.waves[wave].multi)]
    meant = {text: each.label.in_language(language) for each, source in joined for text in source.chosen}
    for text in joined[0][1].options if joined else ():
        yield f"- `{text}` {meant.get(text, none)}"


def _reads(variable: Variable, wave: str, column: str) -> bool:
    """True where the rule of the wave makes the variable from ``column``, or a routing by it implies a value; not where it only
    says whom the question concerns."""
    rule = variable.waves[wave]
    routings = (parse(each.expr, "raw", variable.id) for each in rule.filters)
    if any(isinstance(routing, Expression) and column in routing.names for routing in routings):
        return True
    return column == (rule.map_on or (rule.source[0] if rule.source else None))
