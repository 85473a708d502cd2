"""KoboToolbox and ODK, CSV or XLSX: one row a submission; every repeat group is a table of its own that points back.

    start;g1/q1;g1/uses;g1/uses/radio;_id;_uuid;_submission_time;_index        KoboToolbox
    SubmissionDate,meta-instanceID,g1-q1,KEY                                   ODK Central, ODK Briefcase

Repeat groups are further sheets of the workbook, further files of the archive, or files given beside the main one; they become
child tables. A form (XLSForm) given beside the export adds question texts and answer labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.assemble import assemble, labels_of
from panelpress.raw.readers.child_tables import child_name
from panelpress.raw.readers.companions import open_companions, refuse_unused
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.xlsform import Question, is_form, read_form

PLATFORM = "kobo"
FORMATS = ("csv", "xlsx")
KOBO = frozenset(
    {
        "_id",
        "_uuid",
        "_submission_time",
        "_validation_status",
        "_notes",
        "_status",
        "_submitted_by",
        "_tags",
        "_index",
        "__version__",
    }
)
ODK = frozenset(
    {
        "SubmissionDate",
        "KEY",
        "meta-instanceID",
        "SubmitterID",
        "SubmitterName",
        "AttachmentsPresent",
        "ReviewState",
        "DeviceID",
        "Edits",
        "FormVersion",
        "instanceID",
        "formdef_version",
    }
)
PARENTS = (("_parent_index", "_index"), ("PARENT_KEY", "KEY"))
PATH = re.compile(r"[/.]|(?<=\w)-(?=\w)")


def recognizes(peek: Peek) -> bool:
    if not peek.is_table or is_form(peek):
        return False
    header = {tidy(cell) for cell in peek.header}
    return len(header & KOBO) >= 3 or ("KEY" in header and len(header & ODK) >= 2) or _parent(header) is not None


def is_repeat_group(peek: Peek) -> bool:
    """True for a table whose rows point at submissions in another table."""
    return peek.is_table and _parent({tidy(cell) for cell in peek.header}) is not None


def _parent(header: set[str]) -> tuple[str, str] | None:
    return next((pair for pair in PARENTS if pair[0] in header), None)


def read(peek: Peek) -> RawTable:
    """Read submissions and their repeat groups. Raises DeliveryError where the main table is absent or a companion is foreign."""
    if is_repeat_group(peek):
        raise DeliveryError(
            peek.source.name, "is a repeat group: its rows belong to submissions that are in another file.",
            "Point at the file of submissions and give this one beside it.",
        )  # fmt: skip
    companions = open_companions(peek.source)
    forms = tuple(each for each in companions if is_form(each))
    groups = tuple(each for each in companions if is_repeat_group(each))
    refuse_unused(peek.source, companions, (*forms, *groups), "a form or a repeat group of this survey")
    questions = _by_name_and_label(question for each in forms for question in read_form(each).values())
    table = _table(peek, None, questions)
    children = {}
    if peek.workbook is not None:
        for sheet in peek.workbook.sheets:
            if sheet != peek.workbook.responses:
                children[sheet] = _table(peek, sheet, questions)
    for each in groups:
        children[child_name(peek.source.path.stem, each.source.path.stem)] = _table(each, None, questions)
    orphans = [note for name, child in children.items() for note in _orphans(table, name, child)]
    return replace(table, children=children, repairs=(*table.repairs, *orphans))


def _by_name_and_label(questions: Iterable[Question]) -> dict[str, Question]:
    """Questions under the names that XML headers have, and under the labels that exports with labels have, where one has it."""
    listed = list(questions)
    seen = Counter(each.text for each in listed)
    by_label = {each.text: each for each in listed if each.text and seen[each.text] == 1}
    return {**by_label, **{each.name: each for each in listed}}


def _table(peek: Peek, sheet: str | None, questions: Mapping[str, Question]) -> RawTable:
    grid = peek.grid(1, sheet)
    table = assemble(PLATFORM, grid, grid.header[0], label=sheet or "")
    return replace(table, columns=tuple(_column(each, questions, table.data[each.name]) for each in table.columns))


def _column(column: RawColumn, questions: Mapping[str, Question], cells: pl.Series) -> RawColumn:
    """Text and labels by the last part of the column's path; ``group/question/option`` is one option of several."""
    parts = PATH.split(column.name)
    asked = questions.get(column.name) or questions.get(parts[-1]) or questions.get(column.name.rpartition("/")[2])
    if asked is not None:
        values = {} if asked.several else labels_of(cells, asked.choices)
        return replace(column, text=asked.text or column.text, values=values)
    for group, option in ((parts[-2] if len(parts) > 1 else "", parts[-1]), column.name.rpartition("/")[::2]):
        above = questions.get(group) or questions.get(group.rpartition("/")[2])
        if above is not None and above.several and option in {*above.choices, *above.choices.values()}:
            label = above.choices.get(option, option)
            return replace(column, text=f"{above.text} [{label}]", values={"1": "chosen", "0": "not chosen"})
    return column


def _orphans(table: RawTable, name: str, child: RawTable) -> list[Repair]:
    """Rows of a repeat group whose submission is in no table: they stay, and are reported."""
    pair = _parent(set(child.data.columns))
    if pair is None:
        return [
            Repair(
                "sheet_without_parent",
                f"the sheet {name} points at no submission; it is kept as a table",
                child.data.height,
                repaired=False,
            )
        ]
    known = set(table.data[pair[1]].to_list()) if pair[1] in table.data.columns else set()
    inner = set(child.data[pair[1]].to_list()) if pair[1] in child.data.columns else set()
    lost = sum(1 for key in child.data[pair[0]].to_list() if key not in known | inner)
    return (
        [Repair("orphan_row", f"rows of the repeat group {name} belong to no submission in this delivery", lost, repaired=False)]
        if lost
        else []
    )
