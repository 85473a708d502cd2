"""Nothing that identifies leaves intake, and no answer that one person alone gave is in any byte of a release, log or report.

Three little worlds go from delivery to release. In the first, three people are alone with a country, an occupation and an age. In
the second the same three left those answers blank. In the third they are alone again, and the declaration calls them harmless: what
the search finds there proves that it can find. Codes of a code list are published whoever gave them; so for country and occupation
the first two worlds have to hold every code equally often, file by file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from canaries import ALONE, PEOPLE, identifying, naming, plant
from projects import beside, command
from unpacked import mentions

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Ran:
    """A world after its run: its folder, and all that was said on the way."""

    folder: Path
    said: str

    @property
    def releases(self) -> Path:
        return self.folder / "checkout" / "releases"

    @property
    def work(self) -> Path:
        return self.folder / "work"


def run(folder: Path, *, alone: bool, protected: bool = True) -> Ran:
    """Plants a world in ``folder`` and calls every command that reads or reports of people, each in both voices."""
    with pytest.MonkeyPatch.context() as patched:
        beside(patched, folder)
        root = plant(folder / "checkout", alone=alone, protected=protected)
        done = command(root, "run")
        assert done.exit_code == 0, done.output
        calls = (["run", "--json"], ["intake", "--json"], ["build"], ["build", "--json"], ["risk"], ["check"])
        others = [command(root, *words) for words in calls] if protected else []
        assert all(each.exit_code == 0 for each in others), [each.output for each in others]
        return Ran(folder, "".join(each.output for each in (done, *others)))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("alone"), alone=True)


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("nobody"), alone=False)


def public(world: Ran, tokens: list[str]) -> dict[str, Counter[str]]:
    """Mentions in everything but the private tables: releases, reports, ledger, registry, contract."""
    folders = {"releases": world.releases, "reports": world.work / "reports", "publish": world.folder / "checkout/publish"}
    found = {f"{name}/{file}": n for name, at in folders.items() for file, n in mentions(at, tokens).items()}
    checkout = world.folder / "checkout"
    for path in (checkout / "datapackage.json", checkout / "raw/deliveries.csv"):
        found[path.name] = +Counter({token: path.read_text(encoding="utf-8").count(token) for token in tokens})
    return found


def test_no_identifier_is_in_any_byte_of_releases_work_folder_or_screen(alone: Ran) -> None:
    tokens = identifying()
    assert len(tokens) == 9 * PEOPLE["a"]
    assert mentions(alone.releases, tokens) == {}
    assert mentions(alone.work, tokens) == {}
    assert not any(counted for counted in public(alone, tokens).values())
    assert not any(token in alone.said for token in tokens)
    delivered = mentions(alone.folder / "checkout/raw/deliveries", tokens)
    assert delivered["wave_a.csv"] == Counter(tokens), "each was planted, and once"


def test_no_report_names_a_person_by_any_id(alone: Ran) -> None:
    maps = [path.read_text(encoding="utf-8") for path in (alone.work / "identities").glob("*.csv")]
    ids = [cell for text in maps for line in text.splitlines()[1:] for cell in line.split(",")[1:]]
    assert len(ids) >= 2 * PEOPLE["a"]
    assert mentions(alone.work / "reports", ids) == {}
    assert not any(each in alone.said for each in ids)


def test_an_answer_that_one_person_alone_gave_is_in_no_public_byte(alone: Ran, nobody: Ran) -> None:
    tokens = list(ALONE.values())
    with_them, without = public(alone, tokens), public(nobody, tokens)
    assert with_them == without
    assert sum(ALONE["country"] in counted for counted in without.values()) > 10, "the code list is published"
    assert not any(ALONE["age"] in counted for counted in with_them.values()), "an age is on no list"
    assert not any(token in alone.said for token in tokens)


def test_the_private_tables_hold_what_the_release_does_not(alone: Ran) -> None:
    # the page of value maps lists every declared code, whoever gave it; reports are held to that above
    private = {name: n for name, n in mentions(alone.work, list(ALONE.values())).items() if name != "reports/maps.html"}
    assert set(private) == {"secure.duckdb", "waves/little_a.csv", "waves/little_b.csv"}
    assert all(set(counted) == set(ALONE.values()) for counted in private.values())


def test_the_same_search_finds_all_three_where_the_declaration_calls_them_harmless(nobody: Ran, tmp_path: Path) -> None:
    tokens = list(ALONE.values())
    careless = run(tmp_path, alone=True, protected=False)
    told, untold = mentions(careless.releases, tokens), mentions(nobody.releases, tokens)
    kinds = {Path(name).suffix for name in told if name.split("/")[1] == "data" or name.endswith(("duckdb", "sqlite"))}
    assert {".csv", ".parquet", ".zsav", ".dta", ".duckdb", ".sqlite"} <= kinds
    for path in ("data/csv/little_responses.csv", "data/parquet/little_responses.parquet", "data/spss/little_responses.en.zsav"):
        more = told[f"0.1.0/{path}"] - untold.get(f"0.1.0/{path}", Counter())
        assert set(more) == set(tokens), path


def test_an_identifier_left_in_the_work_folder_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "temporary").write_bytes(b"\0\0" + naming(3, "comment").encode() + b"\0")
    assert mentions(tmp_path, identifying()) == {"temporary": Counter([naming(3, "comment")])}
