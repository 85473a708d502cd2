"""SurveyMonkey CSV or XLSX: two header rows, the question above its first column only, the row or option below.

    Respondent ID,Collector ID,Which of these do you use?,,,Gender
    ,,Radio,Press,None of these,Response

A blank cell of the first row repeats the question to its left. The platform has no codes, so a column is called by its
question, and by ``question [option]`` where it has several columns. A ticked option is written out under its own header.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polars as pl

from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.assemble import assemble
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek

PLATFORM = "surveymonkey"
FORMATS = ("csv", "xlsx")
RESPONSE = frozenset({
    "response", "open-ended response", "antwort", "offene antwort", "réponse", "réponse ouverte", "respuesta",
    "respuesta abierta", "ответ", "произвольный ответ", "risposta", "resposta", "reactie", "antwoord",
})  # fmt: skip
RESPONDENT = frozenset(
    {"respondentid", "respondent id", "id респондента", "id de respondent", "id du répondant", "teilnehmer-id"}
)

# Share of questions over a column of their own, where the second header row alone tells the platform.
MOSTLY = 0.5


def recognizes(peek: Peek) -> bool:
    if len(peek.records) < 2:
        return False
    questions, options = ([tidy(cell) for cell in row] for row in peek.records[:2])
    if len(questions) != len(options) or len(questions) < 2 or not questions[0]:
        return False
    covered = all(question or option for question, option in zip(questions, options, strict=True))
    responses = sum(1 for option in options if option.lower() in RESPONSE)
    if options[0]:  # somebody took the platform's own columns out
        return covered and all(options) and responses > MOSTLY * sum(1 for question in questions if question) and responses > 1
    return covered and any(options) and (responses > 0 or questions[0].lower() in RESPONDENT)


def read(peek: Peek) -> RawTable:
    """Read the export; blank first-row cells carry the question over, counted as ``carried_header``."""
    grid = peek.grid(header_rows=2)
    first, options = ([tidy(cell) for cell in row] for row in grid.header)
    carried = sum(1 for cell in first if not cell)
    questions: list[str] = []
    for cell in first:
        questions.append(cell or (questions[-1] if questions else ""))
    columns_of = Counter(questions)
    names = [_name(question, option, columns_of[question]) for question, option in zip(questions, options, strict=True)]
    table = assemble(PLATFORM, grid, names)
    table = replace(table, columns=tuple(_ticked(*each, table.data) for each in zip(table.columns, options, strict=True)))
    if not carried:
        return table
    told = Repair("carried_header", "blank cells of the first header row belong to the question to their left", carried, line=1)
    return replace(table, repairs=(told, *table.repairs))


def _ticked(column: RawColumn, option: str, data: pl.DataFrame) -> RawColumn:
    """``column`` with its option as its one label, where nothing else stands in it."""
    values = data[column.name].drop_nulls().unique().to_list()
    return replace(column, values={option: option}) if option and values == [option] else column


def _name(question: str, option: str, columns: int) -> str:
    if not option or (columns == 1 and option.lower() in RESPONSE):
        return question
    return f"{question} [{option}]"
