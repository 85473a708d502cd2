"""A release that is not what was published is refused by name and reason; the others are served."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from panelpress.paths import Places
from panelpress.publish.site.inspection import rows_by_table
from panelpress.publish.site.library import Library, read_library
from panelpress.publish.site.open import open_library
from panelpress.publish.site.shelf import read_shelf
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.manifest import SUMS, read_sums
from releasing import project, release


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    places = project(tmp_path_factory.mktemp("published"))
    release(places, "0.1.0")
    release(places, "0.2.0", "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'")
    return places


@pytest.fixture
def copied(published: Places, tmp_path: Path) -> Places:
    """The same releases, free to be damaged."""
    shutil.copytree(published.root, tmp_path / "project")
    for path in (tmp_path / "project").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Places(root=tmp_path / "project", work=tmp_path / "work")


def database_of(folder: Path) -> Path:
    return next(folder.glob("*.sqlite"))


def seal(folder: Path, path: Path) -> None:
    """Writes the hash of ``path`` as it is now wherever the release names it, as one who tampers would."""
    old, new = read_sums(folder)[path.name], file_hash(path)
    for name in ("manifest.json", SUMS):
        text = (folder / name).read_text(encoding="utf-8").replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    if path.name != "manifest.json":
        seal(folder, folder / "manifest.json")


def add_a_table(folder: Path) -> None:
    with sqlite3.connect(database_of(folder)) as connection:
        connection.execute("CREATE TABLE secure AS SELECT * FROM tiny_responses")
    seal(folder, database_of(folder))


def drop_a_row(folder: Path) -> None:
    with sqlite3.connect(database_of(folder)) as connection:
        connection.execute("DELETE FROM missing_reasons WHERE rowid = 1")
    seal(folder, database_of(folder))


def leave(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"].append({"path": "../../outside.csv", "kind": "csv"})
    (folder.parent.parent / "outside.csv").write_text("x", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    digest = file_hash(folder / "manifest.json")
    lines = [line for line in (folder / SUMS).read_text(encoding="utf-8").splitlines() if not line.endswith("manifest.json")]
    outside = f"{file_hash(folder.parent.parent / 'outside.csv')}  ../../outside.csv"
    (folder / SUMS).write_text("\n".join([*lines, f"{digest}  manifest.json", outside]) + "\n", encoding="utf-8")


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(lambda folder: (folder / "README.md").unlink(), "README.md is missing", id="a missing file"),
        pytest.param(lambda folder: (folder / "manifest.json").unlink(), "manifest.json is missing", id="no manifest"),
        pytest.param(lambda folder: (folder / SUMS).unlink(), f"{SUMS} is missing", id="no hashes"),
        pytest.param(
            lambda folder: database_of(folder).write_bytes(b"no"), ".sqlite is not what was published", id="a damaged database"
        ),
        pytest.param(
            lambda folder: database_of(folder).write_bytes(b""), ".sqlite is not what was published", id="an empty database"
        ),
        pytest.param(write("manifest.json", "{"), "cannot be read", id="an unreadable manifest"),
        pytest.param(write("datapackage.json", "{}"), "datapackage.json is not what was published", id="another descriptor"),
        pytest.param(add_a_table, "holds the table secure", id="a table that passed no gate"),
        pytest.param(drop_a_row, "missing_reasons has another number of rows", id="a row that is gone"),
        pytest.param(leave, "lies outside the release", id="a path that leaves the folder"),
        pytest.param(lambda folder: folder.rename(folder.parent / "0.3.0"), "its manifest says 0.2.0", id="another name"),
    ],
)
def test_a_release_that_is_not_what_was_published_is_refused_with_its_reason(
    copied: Places, damage: Callable[[Path], object], reason: str
) -> None:
    damage(copied.release("0.2.0"))
    shelf = read_shelf(copied.releases)
    assert [each.version for each in shelf.releases] == ["0.1.0"]
    assert [each.version for each in shelf.refused] in (["0.2.0"], ["0.3.0"])
    assert reason in shelf.refused[0].reason


def test_one_who_writes_all_hashes_anew_is_found_by_the_ledger(copied: Places) -> None:
    assert not open_library(copied).refused
    folder = copied.release("0.2.0")
    (folder / "README.md").write_text("other data", encoding="utf-8")
    seal(folder, folder / "README.md")
    assert not read_shelf(copied.releases).refused
    library = open_library(copied)
    assert [book.version for book in library.books] == ["0.1.0"]
    assert library.refused[0].reason == f"its {SUMS} is not what the ledger says"


def test_a_release_that_was_built_again_is_served(copied: Places) -> None:
    """Its DuckDB file has other bytes and its manifest names another commit; everything else is what the ledger knows."""
    folder = copied.release("0.2.0")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["source"] = {"commit": "f" * 40, "changed": False}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    old, new = read_sums(folder)["manifest.json"], file_hash(folder / "manifest.json")
    (folder / SUMS).write_text((folder / SUMS).read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    library = open_library(copied)
    assert ([book.version for book in library.books], library.refused) == (["0.2.0", "0.1.0"], ())


def test_a_release_that_cannot_be_shown_does_not_take_the_others_down(copied: Places) -> None:
    folder = copied.release("0.2.0")
    with sqlite3.connect(database_of(folder)) as connection:
        connection.execute("ALTER TABLE variables RENAME COLUMN variable TO name")
    seal(folder, database_of(folder))
    library = read_library(read_shelf(copied.releases), copied.site_cache)
    assert [book.version for book in library.books] == ["0.1.0"]
    assert [(each.version, each.reason) for each in library.refused] == [("0.2.0", "it cannot be shown (KeyError)")]


def attached(library: Library) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Rows of the tables that are attached, and of the manifest, by release."""
    return [
        (rows_by_table(book.database), {each["name"]: each["rows"] for each in book.release.manifest["tables"]})
        for book in library.books
    ]


def test_every_attached_table_stands_in_the_manifest_with_its_rows(published: Places) -> None:
    for found, listed in attached(open_library(published)):
        ours = {name for name in found if name == "codebook" or name.startswith("codebook_fts")}
        assert {name: rows for name, rows in found.items() if name not in ours} == listed
        assert found["codebook"] == listed["variables"]


def test_a_served_copy_that_was_damaged_is_made_anew(copied: Places) -> None:
    before = [book.database.read_bytes() for book in open_library(copied).books]
    for path in copied.site_cache.glob("*.sqlite"):
        path.write_bytes(b"damaged")
    assert [book.database.read_bytes() for book in open_library(copied).books] == before
