"""Everything that can be read out of the files of a folder: their bytes, and what is packed inside them.

An answer can hide from a search over bytes: zipped (.zip, .xlsx), deflated (.gz, .zsav, .png), in the dictionary of a compressed
Parquet column, cut into pieces of eight bytes (.sav), or packed by DuckDB. A search over values, in turn, does not see what was
deleted and is still in the file. So both are yielded: the bytes of each file and of what unpacks from it, and its values as text.
"""

from __future__ import annotations

import io
import sqlite3
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

DEFLATED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP, ZIP, SQLITE = b"\x1f\x8b", b"PK\x03\x04", b"SQLite format 3\0"


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of the file at ``path``, what unpacks from them, and its values as text."""
    content = path.read_bytes()
    yield from _bytes(content)
    if path.suffix == ".parquet":
        yield from _parquet(path)
    elif path.suffix in (".sav", ".zsav", ".dta"):
        read = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
        yield repr(read(path, output_format="dict", user_missing=True)[0]).encode()
    elif content.startswith(SQLITE):
        yield from _sqlite(path)
    elif content[8:12] == b"DUCK":
        yield from _duckdb(path)


def _bytes(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _bytes(archive.read(name))
        return
    if content.startswith(GZIP):
        yield from _bytes(zlib.decompress(content, 31))
        return
    for start in DEFLATED:
        at = content.find(start)
        while at >= 0:
            with suppress(zlib.error):  # the two bytes may begin something else
                yield zlib.decompressobj().decompress(content[at:])
            at = content.find(start, at + 2)


def _parquet(path: Path) -> Iterator[bytes]:
    """Values with the dictionary of every column as it stands in the file, entries included that no row uses."""
    names = pq.read_schema(path).names
    for column in pq.read_table(path, read_dictionary=names).itercolumns():
        for chunk in column.chunks:
            kept = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk
            yield repr(kept.to_pylist()).encode()


def _sqlite(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in tables:
            yield repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()


def _duckdb(path: Path) -> Iterator[bytes]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        for schema, name in tables:
            yield repr(connection.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall()).encode()
        types = connection.execute("SELECT labels FROM duckdb_types() WHERE labels IS NOT NULL").fetchall()
        yield repr(types).encode()


def forms(token: str) -> tuple[bytes, ...]:
    """The bytes that ``token`` may stand as in a file: its text, and where it is a number also what machines make of it."""
    if not token.isdigit():
        return (token.encode(),)
    return (token.encode(), *(struct.pack(kind, int(token)) for kind in ("<q", ">q", "<d", ">d")))


def mentions(folder: Path, tokens: Iterable[str]) -> dict[str, Counter[str]]:
    """How often each file below ``folder`` holds each token, its own name included; files without any are left out."""
    wanted = {token: forms(token) for token in tokens}
    found: dict[str, Counter[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        counted = Counter({token: name.count(token) for token in wanted})
        for part in unpacked(path):
            counted.update({token: sum(part.count(each) for each in raw) for token, raw in wanted.items()})
        if +counted:
            found[name] = +counted
    return found
