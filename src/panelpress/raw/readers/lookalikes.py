"""Exports that a hand has edited until their platform's reader no longer knows them. As plain tables they would read wrongly:
the remains of header rows would become respondents. So they are refused, saying what is missing.
"""

from __future__ import annotations

from panelpress.errors import DeliveryError
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.limesurvey import OWN_CODES
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.qualtrics_header import DATE_LIKE, DATED, OWN, import_id, is_import_row
from panelpress.raw.readers.surveymonkey import RESPONDENT

EXPORT_AGAIN = "Export again and leave the header rows as the platform writes them."


def refuse_lookalikes(peek: Peek) -> None:
    """Raise DeliveryError where a table without a known platform is the remains of a known export."""
    _qualtrics(peek)
    _surveymonkey(peek)


def refuse_vv(peek: Peek) -> None:
    """Raise DeliveryError for a LimeSurvey VV file, whose second row of codes would become a respondent."""
    if len(peek.records) > 1 and len(OWN_CODES & {tidy(cell) for cell in peek.records[1]}) >= 3:
        todo = "Export the responses as CSV; the VV file is made to be imported again."
        raise DeliveryError(peek.source.name, "is a LimeSurvey VV export: its second row holds codes.", todo)


def _qualtrics(peek: Peek) -> None:
    name = peek.source.name
    for number, record in enumerate(peek.records):
        filled = [cell for cell in record if cell.strip()]
        if not any('"ImportId"' in cell for cell in filled):
            continue
        if not is_import_row(record):
            damaged = sum(1 for cell in filled if import_id(cell) is None)
            what = f"is a Qualtrics export whose row of import ids is damaged in {damaged} cell(s)."
        elif number < 2:
            what = f"is a Qualtrics export whose import ids stand in row {number + 1}, not row 3: the row of names was deleted."
        else:
            what = f"is a Qualtrics export whose import ids stand in row {number + 1}, not row 3: rows were inserted above."
        raise DeliveryError(name, what, EXPORT_AGAIN)
    header = [tidy(cell) for cell in peek.header]
    dated = next((i for i, cell in enumerate(header) if cell in DATED), None)
    if len(OWN & set(header)) < 3 or dated is None:
        return
    first = peek.values(dated)[:1]
    if first and not DATE_LIKE.fullmatch(first[0]):
        raise DeliveryError(name, "is a Qualtrics export whose header rows cannot be told from its responses.", EXPORT_AGAIN)


def _surveymonkey(peek: Peek) -> None:
    header = [tidy(cell) for cell in peek.header]
    if header and header[0].lower() in RESPONDENT and sum(1 for cell in header[1:] if not cell) > 1:
        raise DeliveryError(
            peek.source.name, "is a SurveyMonkey export without its second header row (answer options).", EXPORT_AGAIN
        )
