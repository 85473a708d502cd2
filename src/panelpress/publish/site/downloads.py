"""The files of a release as a visitor meets them: by format, with size and hash, the fitting one for a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from panelpress.publish.site.shelf import Shelved

# Formats in the order in which they are offered, and how each is called.
FORMATS = {
    "csv": "CSV",
    "parquet": "Parquet",
    "dta": "Stata",
    "zsav": "SPSS (zsav)",
    "sav": "SPSS",
    "xlsx": "Excel",
    "sqlite": "SQLite",
    "duckdb": "DuckDB",
}

LABELLED = ("dta", "sav", "zsav")


@dataclass(frozen=True, slots=True)
class Download:
    """One file of a release."""

    path: str
    url: str
    kind: str
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def language(self) -> str:
        """Language of the labels inside, where the format has one: ``answers.ru.dta``."""
        middle = self.name.split(".")[1:-1]
        return middle[0] if self.kind in LABELLED and middle else ""

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.path).parent)

    @property
    def size(self) -> str:
        """Bytes as people read them."""
        if self.bytes < 1000:
            return f"{self.bytes} B"
        if self.bytes < 1_000_000:
            return f"{self.bytes / 1000:.0f} kB"
        return f"{self.bytes / 1_000_000:.1f} MB"


def downloads(release: Shelved) -> tuple[Download, ...]:
    """Every file that the manifest lists."""
    return tuple(
        Download(str(each["path"]), f"/files/{release.version}/{each['path']}", str(each["kind"]), each["bytes"], each["sha256"])
        for each in release.manifest["files"]
    )


def by_format(files: Sequence[Download], tables: Sequence[str]) -> list[tuple[str, list[Download]]]:
    """Data files of the survey tables ``tables``, whole databases and workbooks, by format. Of the CSV files the plain ones."""
    found = []
    for kind, title in FORMATS.items():
        own = [each for each in files if each.kind == kind and _is_data(each, tables)]
        if own:
            found.append((title, own))
    return found


def of_table(files: Sequence[Download], table: str) -> list[tuple[str, Download]]:
    """The whole of ``table`` in each format, else the databases that hold it."""
    own = [(title, each) for kind, title in FORMATS.items() for each in files if each.kind == kind and _holds(each, table)]
    return own or [(FORMATS[each.kind], each) for each in files if each.kind in ("sqlite", "duckdb")]


def _is_data(each: Download, tables: Sequence[str]) -> bool:
    if each.kind in ("sqlite", "duckdb", "xlsx"):
        return True
    return each.folder != "data/wide" and any(_holds(each, table) for table in tables)


def _holds(each: Download, table: str) -> bool:
    return each.name.split(".")[0] == table and each.path.startswith("data/") and each.folder != "data/csv-coded"
