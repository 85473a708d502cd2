"""LimeSurvey CSV or XLSX: one header row, written as code, as text, or as both, and sub-questions in brackets.

    "id";"submitdate";"G01Q01";"G01Q02[SQ001]"                                   codes
    "id. Response ID";"G01Q01. What is your age?";"G01Q02[SQ001]. Which? [Radio]"    codes and texts

Columns are called by their codes. With texts only ("Response ID";"What is your age?") the texts are the names. A structure
file (.lss) given as a companion adds question texts and answer labels.
"""

from __future__ import annotations

import re
from dataclasses import replace

from panelpress.model.delivery import RawTable
from panelpress.raw.readers.assemble import assemble, labels_of
from panelpress.raw.readers.companions import open_companions, refuse_unused
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.limesurvey_structure import Structure, read_structure
from panelpress.raw.readers.peek import Peek, share

PLATFORM = "limesurvey"
FORMATS = ("csv", "xlsx")
CODE = r"[A-Za-z][A-Za-z0-9_]*(?:\[[A-Za-z0-9_ -]*\])*"
CODE_AND_TEXT = re.compile(rf"({CODE})(?:\._\.|\.\s+|\.(?=\[)|\.$)(.*)", re.DOTALL)
CODE_ONLY = re.compile(CODE)
SUBQUESTION = re.compile(r"^[A-Za-z][A-Za-z0-9_]*\[[A-Za-z0-9_]+\]")
OWN_CODES = frozenset(
    {"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "token", "ipaddr", "refurl"}
)
# The platform's own columns where headings are texts, in the languages of its interface.
OWN_TEXTS = frozenset({
    "response id", "date submitted", "last page", "start language", "seed", "date started", "date last action",
    "antwort id", "datum abgeschickt", "letzte seite", "start-sprache", "zufallsgeneratorstartwert", "datum gestartet",
    "datum letzte aktivität", "id de la réponse", "date de soumission", "dernière page", "langue de départ", "tête de série",
    "date de lancement", "date de la dernière action", "id de respuesta", "fecha de envío", "última página", "lenguaje inicial",
    "semilla", "fecha de inicio", "fecha de la última acción", "id risposta", "data invio", "ultima pagina", "lingua iniziale",
    "id ответа", "дата отправки", "последняя страница", "начальный язык", "дата начала", "дата последнего действия",
})  # fmt: skip
MOSTLY = 0.6


def recognizes(peek: Peek) -> bool:
    if not peek.header:
        return False
    cells = [tidy(cell) for cell in peek.header if tidy(cell)]
    if share(cells, CODE_AND_TEXT.fullmatch) >= MOSTLY and len(cells) > 1:
        return True
    lowered = {cell.lower() for cell in cells}
    if len(lowered & OWN_TEXTS) >= 3:
        return True
    codes_only = share(cells, CODE_ONLY.fullmatch) >= MOSTLY
    return codes_only and (len(lowered & OWN_CODES) >= 3 or ("id" in lowered and any(SUBQUESTION.match(cell) for cell in cells)))


def read(peek: Peek) -> RawTable:
    """Read the export, splitting each header into code and text where it holds both."""
    grid = peek.grid(header_rows=1)
    split = [_code_and_text(cell) for cell in grid.header[0]]
    table = assemble(PLATFORM, grid, [code for code, _ in split], [text for _, text in split])
    companions = open_companions(peek.source)
    structures = tuple(each for each in companions if each.source.kind == "lss")
    refuse_unused(peek.source, companions, structures, "a LimeSurvey structure (.lss)")
    for each in structures:
        table = _described(table, read_structure(each.source.name, each.source.path.read_bytes()))
    return table


def _described(table: RawTable, structure: Structure) -> RawTable:
    """``table`` with texts and answer labels of ``structure``."""
    columns = []
    for column in table.columns:
        labels = labels_of(table.data[column.name], structure.labels.get(column.name, {}))
        text = structure.texts.get(column.name, column.text)
        columns.append(replace(column, text=text, values=labels))
    return replace(table, columns=tuple(columns), label=structure.title)


def _code_and_text(cell: str) -> tuple[str, str]:
    found = CODE_AND_TEXT.fullmatch(tidy(cell))
    if found is None:
        return tidy(cell), tidy(cell)
    return found.group(1), found.group(2).strip() or found.group(1)
