"""REDCap CSV, raw or with labels: one row a record and event; a dictionary given beside it adds labels and identifiers, a list of
events their labels.

    record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,uses___1,uses___2,intro_complete
    1,wave_1_arm_1,,,1,1,0,2

With labels the header holds questions in place of names, and ``Which? (choice=Radio)`` for an option; the dictionary knows both.
Rows of repeating instruments become child tables. Each event is a wave: ``redcap:<event>`` as platform reads one event, and the
rows of the others are counted as refused. A checkbox field ``uses`` has a column an option, ``uses___<code>``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.assemble import assemble, labels_of, refuse_rows
from panelpress.raw.readers.companions import open_companions, refuse_unused
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.redcap_dictionary import DictionaryField, is_dictionary, is_event_list, read_dictionary, read_events

PLATFORM = "redcap"
FORMATS = ("csv", "xlsx")
EVENTS = ("redcap_event_name", "Event Name")
INSTRUMENTS = ("redcap_repeat_instrument", "Repeat Instrument")
OWN = frozenset(
    {*EVENTS, *INSTRUMENTS, "redcap_repeat_instance", "redcap_survey_identifier", "redcap_data_access_group", "Repeat Instance"}
)
CHECKBOX = re.compile(r"(.+?)___(.+)")
LABELLED_BOX = re.compile(r"(.+) \(choice=(.+)\)")
BOXES = {"1": "Checked", "0": "Unchecked"}
COMPLETE = frozenset({"0", "1", "2", "Incomplete", "Unverified", "Complete"})


def recognizes(peek: Peek) -> bool:
    if not peek.is_table or is_dictionary(peek):
        return False
    header = [tidy(cell) for cell in peek.header]
    if OWN & set(header):
        return True
    done = [i for i, name in enumerate(header) if name.endswith("_complete") or name == "Complete?"]
    whole = [i for i in done if peek.values(i) and all(value in COMPLETE for value in peek.values(i))]
    boxes = any(CHECKBOX.fullmatch(name) for name in header)
    return len(whole) > 1 or (bool(whole) and (header[0] in ("record_id", "study_id", "Record ID") or boxes))


def read(peek: Peek, event: str | None = None) -> RawTable:
    """Read the export, of ``event`` alone where it is given. Raises DeliveryError for an unknown event or companion."""
    companions = open_companions(peek.source)
    dictionaries = tuple(each for each in companions if is_dictionary(each))
    events = tuple(each for each in companions if is_event_list(each))
    refuse_unused(peek.source, companions, (*dictionaries, *events), "a REDCap data dictionary or list of events")
    grid = peek.grid(header_rows=1)
    table = assemble(PLATFORM, grid, grid.header[0])
    for each in dictionaries:
        table = _described(table, read_dictionary(each))
    for each in events:
        labels = read_events(each)
        columns = (replace(column, values=labels) if column.name in EVENTS else column for column in table.columns)
        table = replace(table, columns=tuple(columns))
    if event is not None:
        table = _of_event(peek.source.name, table, event, grid.lines)
    return _without_repeats(table)


def events_of(table: RawTable) -> tuple[str, ...]:
    """The events of a longitudinal project, in the order in which they come; none where ``table`` has no such column."""
    column = _named(table, EVENTS) if table.platform.startswith(PLATFORM) else None
    return tuple(table.data[column].drop_nulls().unique(maintain_order=True).to_list()) if column else ()


def _described(table: RawTable, fields: Mapping[str, DictionaryField]) -> RawTable:
    seen = Counter(each.label for each in fields.values())
    by_label = {each.label: each for each in fields.values() if seen[each.label] == 1}
    named = {**by_label, **fields}
    return replace(table, columns=tuple(_column(each, named, table.data[each.name]) for each in table.columns))


def _column(column: RawColumn, fields: Mapping[str, DictionaryField], cells: pl.Series) -> RawColumn:
    if column.name in fields:
        found = fields[column.name]
        values = labels_of(cells, found.choices)
        return replace(column, text=found.label or column.text, values=values, identifier=found.identifier)
    box = CHECKBOX.fullmatch(column.name) or LABELLED_BOX.fullmatch(column.name)
    if box is None or box.group(1) not in fields:
        return column
    found = fields[box.group(1)]
    # A negative code -1 is written uses____1 in the column's name.
    code = box.group(2) if box.group(2) in found.choices else box.group(2).replace("_", "-", 1)
    label = box.group(2) if box.group(2) in found.choices.values() else found.choices.get(code, code)
    return replace(column, text=f"{found.label} [{label}]", values=labels_of(cells, BOXES))


def _named(table: RawTable, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.data.columns), None)


def _of_event(name: str, table: RawTable, event: str, lines: tuple[int, ...]) -> RawTable:
    column = _named(table, EVENTS)
    events = events_of(table)
    if column is None or event not in events:
        raise DeliveryError(name, f"has no event {event!r}.", f"Its events are: {', '.join(events) or 'none'}.")
    return refuse_rows(table, "other_event", table.data[column] != event, lines)


def _without_repeats(table: RawTable) -> RawTable:
    """``table`` with the rows of each repeating instrument in a child table of its own, without columns blank throughout."""
    column = _named(table, INSTRUMENTS)
    if column is None or table.data[column].null_count() == table.data.height:
        return table
    repeats = table.data.filter(pl.col(column).is_not_null())
    children = {
        str(name): _child(table, rows.drop(column), f"{name}") for (name,), rows in repeats.group_by(column, maintain_order=True)
    }
    told = Repair("repeat_rows", f"rows of repeating instruments became child tables ({', '.join(children)})", repeats.height)
    main = table.data.filter(pl.col(column).is_null())
    return replace(table, data=main, rows_in=table.rows_in - repeats.height, repairs=(*table.repairs, told), children=children)


def _child(table: RawTable, rows: pl.DataFrame, label: str) -> RawTable:
    kept = [each.name for each in rows.iter_columns() if each.null_count() < rows.height]
    return RawTable(
        PLATFORM,
        tuple(each for each in table.columns if each.name in kept),
        rows.select(kept),
        table.encoding,
        rows.height,
        label=label,
    )
