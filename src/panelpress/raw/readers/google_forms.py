"""Google Forms, as CSV or XLSX: one header row of question texts, the first of which is the form's own time stamp.

    Timestamp,What is your age?,Which of these? (tick all)
    2023/05/17 10:11:12 AM GMT+3,34,"Radio, Podcasts"

Question texts are the column names: the platform has no codes. Time stamps become ISO where day and month cannot be mixed up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import polars as pl

from panelpress.model.delivery import RawTable, Repair
from panelpress.raw.readers.assemble import assemble
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek, share

PLATFORM = "google_forms"
FORMATS = ("csv", "xlsx")
STAMP_NAMES = frozenset(
    {
        "timestamp",
        "отметка времени",
        "позначка часу",
        "zeitstempel",
        "horodateur",
        "marca temporal",
        "carimbo de data/hora",
        "informazioni cronologiche",
        "tijdstempel",
        "sygnatura czasowa",
        "zaman damgası",
        "časová značka",
        "時間戳記",
        "タイムスタンプ",
        "时间戳记",
        "타임스탬프",
        "tidstämpel",
        "tidsstempel",
        "aikaleima",
        "ajatempel",
        "laika zīmogs",
        "laiko žymė",
        "időbélyeg",
        "marcaj de timp",
        "клеймо за време",
        "временска ознака",
        "vremenska oznaka",
        "časový žig",
        "časová pečiatka",
        "časové razítko",
        "χρονική σήμανση",
        "marca de temps",
        "חותמת זמן",
        "طابع زمني",
        "stempel waktu",
        "dấu thời gian",
        "დროის ანაბეჭდი",
        "ժամադրոշմ",
    }
)
STAMP = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4}),?[ T](\d{1,2})[:.](\d{2})[:.](\d{2})"
    r"(?:\s*([AaPp])\.?[Mm]\.?)?(?:\s*(?:GMT|UTC)([+-]\d{1,2})?(?::(\d{2}))?)?"
)


def recognizes(peek: Peek) -> bool:
    if len(peek.header) < 2 or tidy(peek.header[0]).lower() not in STAMP_NAMES:
        return False
    stamps = peek.values(0)
    return not stamps or share(stamps, STAMP.fullmatch) > 0.8


def read(peek: Peek) -> RawTable:
    """Read the export; the first column becomes ISO times where its order of day and month is certain."""
    grid = peek.grid(header_rows=1)
    table = assemble(PLATFORM, grid, grid.header[0])
    first = table.data.to_series(0)
    parts = {value: STAMP.fullmatch(value) for value in first.unique().drop_nulls().to_list()}
    order = _order([found for found in parts.values() if found], english=tidy(grid.header[0][0]).lower() == "timestamp")
    if order is None:
        told = Repair(
            "ambiguous_date",
            "day and month of the time stamps cannot be told apart; they stay as written",
            len(first),
            column=first.name,
            repaired=False,
        )
        return replace(table, repairs=(*table.repairs, told))
    iso = {value: _iso(found, order) if found else value for value, found in parts.items()}
    stamped = first.replace_strict(iso, default=None, return_dtype=pl.String) if iso else first
    return replace(table, data=table.data.with_columns(stamped.alias(first.name)))


def _order(stamps: list[re.Match[str]], english: bool) -> str | None:
    """``ymd``, ``dmy`` or ``mdy`` where every stamp allows it and no other order; None where that is open. Only American English
    writes the month first, with slashes: so dots, and headers in another language, tell the order too."""
    day_first = not english or all("." in each.group(0).split(" ")[0] for each in stamps)
    orders = ("ymd", "dmy") if day_first else ("ymd", "dmy", "mdy")
    fits = [order for order in orders if stamps and all(_parts(each, order) for each in stamps)]
    return fits[0] if len(fits) == 1 else None


def _parts(stamp: re.Match[str], order: str) -> datetime | None:
    number = dict(zip(order, (int(stamp.group(i)) for i in (1, 2, 3)), strict=True))
    if number["y"] < 1900:
        return None
    hour = int(stamp.group(4))
    if stamp.group(7):
        hour = hour % 12 + (12 if stamp.group(7).lower() == "p" else 0)
    try:
        return datetime(number["y"], number["m"], number["d"], hour, int(stamp.group(5)), int(stamp.group(6)))
    except ValueError:
        return None


def _iso(stamp: re.Match[str], order: str) -> str:
    moment = _parts(stamp, order)
    if moment is None:
        return stamp.group(0)
    zone = ""
    if stamp.group(8):
        zone = f"{int(stamp.group(8)):+03d}:{stamp.group(9) or '00'}"
    return moment.isoformat() + zone
