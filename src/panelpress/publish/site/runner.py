"""A small process that runs queries which visitors wrote: ``python -m panelpress.publish.site.runner``.

No limit of SQLite stops one long opcode (``instr`` of two long strings, a statement that takes minutes to compile), so such SQL
runs where it can be killed: here, with little memory, low priority and no right to write a file. When it is ready it writes an
empty object; then it reads one JSON object a line on standard input and answers with one:

    {"path", "sql", "params", "seconds", "rows", "cells"}  ->  {"columns", "rows", "more"}  or  {"error", "interrupted"}

``rows`` is the most rows wanted; ``cells``, where given, the most cells. Each answer says with ``worn`` whether another process
should answer the next. Blobs travel as ``{"blob": "<base64>"}``.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from panelpress.publish.site.limits import restrict

HEAP = 48 * 1024 * 1024
ADDRESS_SPACE = 1 << 30
WORN_MB = 40  # memory from which a process is not used again: it starts with 16 and can keep 135 of what a query took
LARGEST = 4_000_000  # bytes of one result
# Reasons of ours, not of SQLite; what is said of each stands under its name among the words of the site.
REASONS = TOO_LARGE, TOO_MUCH_MEMORY, NOT_RUN = "too_large", "too_much_memory", "not_run"
STATM = Path("/proc/self/statm")
CELL = 10  # bytes that a cell weighs beside its text
CHUNK = 50
STEPS = 10_000  # instructions of SQLite between two looks at the clock: about a millisecond


def main() -> None:
    """Answers until standard input ends, which it does when the server goes."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    connections: dict[str, sqlite3.Connection] = {}
    sys.stdout.buffer.write(b"{}\n")  # ready
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if asked["path"] not in connections:
            connections[asked["path"]] = connect(asked["path"])
        found = answer(connections[asked["path"]], asked)
        worn = _resident_mb() > WORN_MB
        said = json.dumps({**found, "worn": worn}, default=_blob, ensure_ascii=False)
        sys.stdout.buffer.write(said.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


def _resident_mb() -> float:
    """Memory of this process as Linux counts it. Its peak in ``getrusage`` is no use: it begins with that of the server.
    0 on systems without ``/proc``: there a process is used again whatever it kept."""
    try:
        pages = int(STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


def connect(path: str) -> sqlite3.Connection:
    """A restricted connection to an immutable database."""
    connection = sqlite3.connect(f"file:{quote(path)}?immutable=1", uri=True)
    connection.text_factory = lambda content: str(content, "utf-8", "replace")
    restrict(connection, HEAP)
    return connection


def answer(connection: sqlite3.Connection, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Runs one statement. A result that is too large and memory that is not there are errors, as any other of SQLite."""
    until = time.monotonic() + asked["seconds"]
    connection.set_progress_handler(lambda: time.monotonic() >= until, STEPS)
    try:
        return _rows(connection.execute(asked["sql"], asked["params"]), asked["rows"], asked["cells"])
    except MemoryError:
        return {"error": TOO_MUCH_MEMORY, "interrupted": False}
    except sqlite3.Error as error:
        return {"error": str(error), "interrupted": str(error) == "interrupted"}
    except (sqlite3.Warning, ValueError, OverflowError) as error:
        return {"error": str(error), "interrupted": False}


def _rows(cursor: sqlite3.Cursor, rows: int, cells: int | None) -> dict[str, Any]:
    columns = [str(each[0]) for each in cursor.description or ()]
    most = min(rows, max(1, cells // max(1, len(columns)))) if cells is not None else rows
    found: list[tuple[Any, ...]] = []
    weight = 0
    while len(found) <= most and (chunk := cursor.fetchmany(min(CHUNK, most + 1 - len(found)))):
        weight += sum(CELL + (len(value) if isinstance(value, (str, bytes)) else 0) for row in chunk for value in row)
        if weight > LARGEST:
            return {"error": TOO_LARGE, "interrupted": False}
        found += chunk
    return {"columns": columns, "rows": found[:most], "more": len(found) > most}


def _blob(value: Any) -> dict[str, str]:
    return {"blob": base64.b64encode(value).decode("ascii")}


if __name__ == "__main__":
    main()
