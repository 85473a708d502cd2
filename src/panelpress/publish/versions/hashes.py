"""Hashes of what is published: of the bytes of a file, of the content of a table, of the data of a whole release.

The *logical hash* of a table is the SHA-256 of its canonical CSV (rows in key order). It is the same for every container,
thread count and engine version; DuckDB files, whose bytes never repeat, are judged by it. The *data version* is the SHA-256 of
the list of logical hashes: two builds that differ in container bytes alone have the same one.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from panelpress.model.table import Table
from panelpress.publish.formats.csv import write_table

BLOCK = 1 << 20
UNREPEATABLE = (".duckdb", "  manifest.json")


def file_hash(path: Path) -> str:
    """SHA-256 of the bytes of ``path``, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def logical_hash(rows: duckdb.DuckDBPyConnection, table: Table) -> str:
    """SHA-256 of the canonical CSV of ``table`` as it stands in ``rows``."""
    with tempfile.TemporaryDirectory(prefix="panelpress-") as folder:
        path = Path(folder) / "canonical.csv"
        write_table(rows, table, path)
        return file_hash(path)


def content_hash(sums: str) -> str:
    """SHA-256 over the lines of a ``SHA256SUMS`` whose files are the same in every build from the same input: all but DuckDB's
    own, whose bytes never repeat, and the manifest, which names the commit that it was built from."""
    return text_hash("".join(f"{line}\n" for line in sums.splitlines() if not line.endswith(UNREPEATABLE)))


def data_version(hashes: Mapping[str, str]) -> str:
    """SHA-256 over ``<logical hash>  <table>`` lines in order of the tables' names."""
    return text_hash("".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())))
