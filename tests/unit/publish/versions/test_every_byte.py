"""Over every byte of a whole release: ids of persons stand in data files alone, and nothing loads from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from releasing import published
from unpacked import unpacked

DATA = re.compile(r"data/|.*\.(sqlite|duckdb)$")
LOADS = re.compile(
    rb"""(?:src|srcset|poster|data|action)\s*=\s*["']?\s*(?:https?:)?//|url\(|@import|<link|<script|<iframe""", re.I
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("bytes"))[1]


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_ids_of_persons_stand_in_data_files_alone(folder: Path) -> None:
    ids = re.findall(r"(?m)^[0-9a-f]{32}", (folder / "data/csv/tiny_persons.csv").read_text(encoding="utf-8"))
    assert len(ids) == 5
    documents = [each for each in files(folder) if not DATA.match(each.relative_to(folder).as_posix())]
    assert len(documents) > 30
    for path in documents:
        parts = list(unpacked(path))
        assert not any(each.encode() in part for each in ids for part in parts), path.name


def test_nothing_loads_from_another_host(folder: Path) -> None:
    pages = [each for each in files(folder) if each.suffix in (".html", ".svg", ".css")]
    assert len(pages) >= 10
    for path in pages:
        assert not LOADS.search(path.read_bytes()), path.name


def test_every_document_of_simulated_data_says_so(folder: Path) -> None:
    for path in (each for each in files(folder) if each.suffix in (".html", ".md", ".json", ".jsonld", ".xml", ".cff", ".xlsx")):
        text = b"".join(unpacked(path)).decode("utf-8", errors="replace").casefold()
        assert "simulated" in text or "симул" in text, path.name


def test_a_second_build_gives_the_same_bytes_but_for_duckdb_and_its_line_in_the_sums(folder: Path, tmp_path: Path) -> None:
    again = published(tmp_path)[1]
    names = {path.relative_to(folder) for path in files(folder)}
    assert names == {path.relative_to(again) for path in files(again)}
    differ = {name.as_posix() for name in names if (folder / name).read_bytes() != (again / name).read_bytes()}
    assert differ <= {"tiny-panel-0.1.0.duckdb", "SHA256SUMS"}
