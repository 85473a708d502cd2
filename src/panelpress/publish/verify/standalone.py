#!/usr/bin/env python3
"""Checks that this release is whole and unchanged. Needs Python 3.8 or newer and nothing else; changes nothing, asks nobody.

    python verify.py [FOLDER] [--json] [--sums SHA256]

Every file against SHA256SUMS (missing, changed, cut off, renamed, added); every table against datapackage.json (columns, rows,
keys, required cells, codes, numbers, references) and manifest.json (rows, hash); the SQLite file by its counts; and that all say
the same version. ``--sums`` is the SHA-256 of SHA256SUMS itself, as the project's ledger publishes it: without it, whoever
changed the files could have changed the list too.

Exit 0: all well; 1: something is not; 2: no release here. Prints no cell of the data.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
CHUNK = 4000
NUMBERS = {"integer": re.compile(r"-?\d+"), "number": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")}
csv.field_size_limit(1 << 24)


def problem(check: str, file: str, what: str) -> dict[str, str]:
    return {"check": check, "file": file, "what": what}


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def verify(folder: Path, expected_sums: str | None = None) -> list[dict[str, str]]:
    """Everything wrong with the release in ``folder``, as a list of {check, file, what}; empty where all is well."""
    found: list[dict[str, str]] = []
    for check in (lambda at: check_files(at, expected_sums), check_versions, check_tables, check_sqlite):
        try:
            found += check(folder)
        except FileNotFoundError as error:
            found.append(problem("missing", Path(error.filename or "").name, "is needed and not there"))
        except (ValueError, KeyError, TypeError, OSError) as error:
            found.append(problem("unreadable", "", f"a document or table cannot be read ({type(error).__name__})"))
    return found


def check_files(folder: Path, expected_sums: str | None) -> Iterator[dict[str, str]]:
    """Names and hashes of all files."""
    sums = folder / SUMS
    if expected_sums is not None and sha256(sums) != expected_sums:
        yield problem("hash", SUMS, "is not the list that the ledger names")
    listed = {}
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if match is None:
            yield problem("list", SUMS, f"line {number} is not a hash and a name")
        else:
            listed[match.group(2)] = match.group(1)
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
    sizes = (
        {each["path"]: each.get("bytes", 0) for each in load(folder, "manifest.json").get("files", [])}
        if "manifest.json" in there
        else {}
    )
    unlisted = {name: sha256(path) for name, path in there.items() if name not in listed and name != SUMS and path.is_file()}
    for name, digest in sorted(listed.items()):
        if name not in there:
            renamed = [other for other, found in unlisted.items() if found == digest]
            for other in renamed:
                unlisted.pop(other)
            yield problem("renamed" if renamed else "missing", name, f"is now {renamed[0]}" if renamed else "is not there")
        elif there[name].is_symlink():
            yield problem("added", name, "is a link, not a file")
        elif sha256(there[name]) != digest:
            short = there[name].stat().st_size < sizes.get(name, 0)
            yield problem("hash", name, "is cut off" if short else "was changed")
    for name in sorted(unlisted):
        yield problem("added", name, "does not belong to the release")


def load(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def check_versions(folder: Path) -> list[dict[str, str]]:
    """All documents name the same version, and every table has the hash that the data version is made of."""
    manifest = load(folder, "manifest.json")
    version = manifest["version"]
    said = {"datapackage.json": load(folder, "datapackage.json").get("version")}
    cited = re.search(r"(?m)^version: *['\"]?([^'\"\n]+)", (folder / "CITATION.cff").read_text(encoding="utf-8"))
    said["CITATION.cff"] = cited.group(1).strip() if cited else None
    stamp = folder / "data" / "csv" / "release_info.csv"
    if stamp.is_file():
        with open(stamp, encoding="utf-8", newline="") as stream:
            said["data/csv/release_info.csv"] = {row["item"]: row["value"] for row in csv.DictReader(stream)}.get("version")
    found = [
        problem("version", name, f"says {other}, the manifest {version}") for name, other in said.items() if other != version
    ]
    tables = sorted((each["name"], each["sha256"]) for each in manifest["tables"])
    lines = "".join(f"{digest}  {name}\n" for name, digest in tables)
    if hashlib.sha256(lines.encode("utf-8")).hexdigest() != manifest["data_version"]:
        found.append(problem("version", "manifest.json", "its data version does not follow from its tables"))
    return found


def check_tables(folder: Path) -> list[dict[str, str]]:
    """Every table as its CSV against the descriptor and the manifest."""
    package = load(folder, "datapackage.json")
    known = {each["name"]: each for each in load(folder, "manifest.json")["tables"]}
    read: dict[str, Table] = {}
    found: list[dict[str, str]] = []
    for resource in package["resources"]:
        path = folder / resource["path"]
        if path.is_file() and folder.resolve() in path.resolve().parents:
            table = Table(path, resource)
            read[resource["name"]] = table
            found += table.problems
            expected = known.get(resource["name"], {})
            if table.rows != expected.get("rows"):
                what = f"has {table.rows} rows, the manifest says {expected.get('rows')}"
                found.append(problem("rows", resource["path"], what))
            if sha256(path) != expected.get("sha256"):
                found.append(problem("hash", resource["path"], "is not the table that the manifest names"))
    for resource in package["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            child, parent = read.get(resource["name"]), read.get(key["reference"]["resource"])
            if child and parent:
                lost = len(child.keys(key["fields"]) - parent.keys(key["reference"]["fields"]))
                if lost:
                    what = f"{lost} values of {'+'.join(key['fields'])} are not in {key['reference']['resource']}"
                    found.append(problem("reference", resource["path"], what))
    return found


class Table:
    """One CSV file, read once in pieces: counts, problems, and the values of the columns that keys need."""

    def __init__(self, path: Path, resource: dict[str, Any]) -> None:
        self.path, self.name, self.rows = path, str(resource["path"]), 0
        self.problems: list[dict[str, str]] = []
        self.fields: list[dict[str, Any]] = resource["schema"]["fields"]
        self.primary: list[str] = resource["schema"].get("primaryKey", [])
        self.found: dict[str, list[str]] = {}
        with open(path, encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream)
            header = next(lines, [])
            if header != [field["name"] for field in self.fields]:
                self.tell("columns", "are not those of the descriptor")
                return
            self.read(lines, len(header))
        self.check_key()

    def tell(self, check: str, what: str) -> None:
        self.problems.append(problem(check, self.name, what))

    def read(self, lines: Iterator[list[str]], width: int) -> None:
        wanted = set(self.primary) | {name for name in ("person_id", "record_id", "wave", "variable") if name in self.names()}
        self.found = {name: [] for name in wanted}
        bad: dict[tuple[str, str], int] = {}
        chunk: list[list[str]] = []
        for row in lines:
            if len(row) != width:
                bad[("width", "")] = bad.get(("width", ""), 0) + 1
                continue
            chunk.append(row)
            if len(chunk) == CHUNK:
                self.take(chunk, bad)
                chunk = []
        self.take(chunk, bad)
        for (check, name), n in sorted(bad.items()):
            self.tell(check, f"{n} rows are broken" + (f" in column {name}" if name else ""))

    def names(self) -> list[str]:
        return [field["name"] for field in self.fields]

    def take(self, chunk: list[list[str]], bad: dict[tuple[str, str], int]) -> None:
        self.rows += len(chunk)
        for field, cells in zip(self.fields, zip(*chunk)):  # noqa: B905 (Python 3.8 knows no strict)
            limits = field.get("constraints", {})
            different = set(cells)
            if limits.get("required") and "" in different:
                self.count(bad, "required", field["name"], cells, {""})
            different.discard("")
            if "enum" in limits:
                strange = different - {str(code) for code in limits["enum"]}
            else:
                pattern = NUMBERS.get(field["type"])
                strange = {cell for cell in different if pattern and not pattern.fullmatch(cell)}
            if strange:
                self.count(bad, "codes" if "enum" in limits else "numbers", field["name"], cells, strange)
            if field["name"] in self.found:
                self.found[field["name"]].extend(cells)

    def count(self, bad: dict[tuple[str, str], int], check: str, name: str, cells: tuple[str, ...], strange: set[str]) -> None:
        key = (check, name)
        bad[key] = bad.get(key, 0) + sum(cell in strange for cell in cells)

    def check_key(self) -> None:
        keys = list(zip(*(self.found.get(name, []) for name in self.primary)))  # noqa: B905
        twice = len(keys) - len(set(keys))
        if twice:
            self.tell("key", f"{twice} rows repeat the key {'+'.join(self.primary)}")
        empty = sum(any(part == "" for part in key) for key in keys)
        if empty:
            self.tell("key", f"{empty} rows lack a part of the key {'+'.join(self.primary)}")

    def keys(self, names: list[str]) -> set[tuple[str, ...]]:
        """The different values of ``names``, rows without a value left out."""
        if not all(name in self.found for name in names):
            return self.keys_from_file(names)
        return {key for key in zip(*(self.found[name] for name in names)) if all(key)}  # noqa: B905

    def keys_from_file(self, names: list[str]) -> set[tuple[str, ...]]:
        at = [self.names().index(name) for name in names]
        with open(self.path, encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream)
            next(lines, None)
            return {key for key in (tuple(row[each] for each in at) for row in lines) if all(key)}


def check_sqlite(folder: Path) -> list[dict[str, str]]:
    """The SQLite file is sound and its tables have as many rows as the manifest says."""
    found: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.sqlite")):
        connection = sqlite3.connect(path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True)
        try:
            if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                found.append(problem("database", path.name, "is damaged"))
            for table in load(folder, "manifest.json")["tables"]:
                name = table["name"].replace('"', '""')
                (rows,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
                if rows != table["rows"]:
                    found.append(problem("rows", path.name, f"table {table['name']} has {rows} rows, not {table['rows']}"))
        except sqlite3.Error as error:
            found.append(problem("database", path.name, f"cannot be read ({type(error).__name__})"))
        finally:
            connection.close()
    return found


def main(arguments: list[str]) -> int:
    words = [each for each in arguments if not each.startswith("--")]
    sums = None
    if "--sums" in arguments:
        sums = arguments[arguments.index("--sums") + 1] if arguments[-1] != "--sums" else ""
        words = [each for each in words if each != sums]
    folder = Path(words[0]) if words else Path(__file__).resolve().parent
    if not (folder / SUMS).is_file():
        print(f"no release here: {folder} has no {SUMS}", file=sys.stderr)
        return 2
    found = verify(folder, sums)
    if "--json" in arguments:
        print(json.dumps({"ok": not found, "problems": found}, ensure_ascii=False))
    else:
        for each in found:
            print(f"{each['check']}: {each['file']} {each['what']}")
        print(f"{len(found)} problem(s)" if found else f"all well: {load(folder, 'manifest.json')['version']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
