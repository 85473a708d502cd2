"""Every published table and figure of the reference release follows from its own open files: made again without a private byte."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from panelpress.paths import Places
from panelpress.publish.compare.earlier import due
from panelpress.publish.figures import export as figures
from panelpress.publish.formats import csv as csv_format
from panelpress.publish.tables.assemble import Assembled
from panelpress.schemas.aggregates import load_aggregates
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.releases import load_releases
from rebuilding import NOT_FROM_OPEN_FILES, rebuild

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class Both:
    """The release as it was published, and the same release made again, its tables as CSV below ``again``."""

    published: Path
    again: Path
    made: Assembled


@pytest.fixture(scope="module")
def both(chain: Places, tmp_path_factory: pytest.TempPathFactory) -> Both:
    plans = due(chain, load_releases(chain, load_declarations(chain).studies))
    folder = tmp_path_factory.mktemp("again")
    before, last = plans[-2].version, plans[-1]
    made = rebuild(chain.root, chain.release(last.version), last, chain.release(before), folder / "no work folder")
    csv_format.write(made.edition, made.rows, folder)
    assert not (folder / "no work folder").exists()
    return Both(chain.release(last.version), folder, made)


def listed(folder: Path) -> set[str]:
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {each["name"] for each in described["resources"]}


def lines(folder: Path, table: str) -> list[list[str]]:
    with (folder / "data" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_every_published_table_is_made_again_or_named_with_a_reason(both: Both) -> None:
    made = {table.name for table in both.made.edition.tables}
    assert listed(both.published) - set(NOT_FROM_OPEN_FILES) == made - {"aggregates", "changes"}


def test_every_table_that_is_made_again_is_the_published_one(both: Both) -> None:
    renamed = {old: new for ids in both.made.identities.values() for old, new in ids.items()}
    compared = 0
    for name in listed(both.published) - set(NOT_FROM_OPEN_FILES):
        header, *published = lines(both.published, name)
        again = lines(both.again, name)
        if header[0] in ("person_id", "record_id"):
            published = sorted([renamed[first], *rest] for first, *rest in published)
        assert [header, *published] == again, name
        compared += len(again)
    assert compared > 30_000


def test_a_number_that_is_not_in_the_open_files_would_be_noticed(both: Both) -> None:
    rows = both.made.rows
    told = dict(rows.execute("SELECT participation, n FROM retention WHERE study = 'outrush'").fetchall())
    counted = dict(rows.execute("SELECT participation, count(*) FROM outrush_persons GROUP BY participation").fetchall())
    assert told == counted and len(told) == 7
    without = f"SELECT participation, count(*) FROM (FROM outrush_persons LIMIT {sum(told.values()) - 1}) GROUP BY participation"
    assert dict(rows.execute(without).fetchall()) != told


def test_every_picture_is_drawn_again_from_the_open_files(both: Both, tmp_path: Path) -> None:
    drawn = figures.write(both.made.edition, both.made.rows, tmp_path)
    published = {path.name for path in (both.published / "figures").iterdir()}
    assert {path.name for path in drawn} == published and len(published) == 22 * 2 * 2
    differ = [path.name for path in drawn if path.read_bytes() != (both.published / "figures" / path.name).read_bytes()]
    assert differ == []


def test_aggregates_are_whole_percents_of_bases_rounded_to_ten_and_nothing_hidden_stands_alone(chain: Places, both: Both) -> None:
    plan = load_aggregates(load_declarations(chain))
    assert plan is not None and plan.minimum_cell == 30
    header, *cells = lines(both.published, "aggregates")
    rows = [dict(zip(header, cell, strict=True)) for cell in cells]
    assert len(rows) > 150
    open_variables = {variable.id for variable in both.made.edition.variables}
    for row in rows:
        assert row["variable"] not in open_variables
        assert bool(row["hidden"]) == (row["share"] == "") == (row["n"] == "")
        if not row["hidden"]:
            share, n = int(row["share"]), int(row["n"])
            assert n % 10 == 0
            # half a point and half of ten: the most that rounding can have added
            assert min(share + 0.5, 100.5 - share) / 100 * (n + 5) >= plan.minimum_cell, row
    exhaustive = {
        (margin.variable, margin.base.samples[0], margin.base.wave or "latest") for margin in plan.margins if margin.exhaustive
    }
    for place, group in groupby(rows, key=lambda row: (row["variable"], row["sample"], row["wave"])):
        if place in exhaustive:
            assert sum(bool(row["hidden"]) for row in group) != 1, place
