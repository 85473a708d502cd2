"""What `panelpress withdraw` leaves behind is what the site answers 410 for, whatever was asked of the release."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.paths import Places, places
from panelpress.publish.site.export import export
from panelpress.publish.site.open import open_library
from projects import beside, create, must
from served_world import answers

ADDRESSES = (
    "/releases/0.1.0/",
    "/ru/codebook/0.1.0/trust/",
    "/figures/0.1.0/",
    "/files/0.1.0/data/csv/little_responses.csv",
    "/files/0.1.0/manifest.json",
    "/v0-1-0",
    "/v0-1-0/little_responses",
    "/v0-1-0/little_responses.csv",
    "/v0-1-0.json?sql=select+1",
)


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A project whose only release was withdrawn by the command."""
    folder = tmp_path_factory.mktemp("withdrawn")
    with pytest.MonkeyPatch.context() as patch:
        beside(patch, folder)
        root = create(folder / "project")
        must(root, "run")
        done = CliRunner().invoke(app, ["withdraw", "--project", str(root)], input="token-000-zq\n")
        assert done.exit_code == 0, done.output
        return places(root)


@pytest.mark.slow
def test_every_address_of_a_withdrawn_release_answers_410_with_the_reason(emptied: Places) -> None:
    for answer in answers(open_library(emptied), *ADDRESSES):
        assert answer.status_code == 410
        assert "withdrew consent" in answer.text or "отозвал согласие" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("left", ["the stone", "the ledger"])
def test_either_trace_of_a_withdrawal_is_enough(emptied: Places, tmp_path: Path, left: str) -> None:
    here = Places(root=tmp_path, work=tmp_path / "work")
    kept = emptied.tombstone("0.1.0") if left == "the stone" else emptied.ledger
    copy = tmp_path / kept.relative_to(emptied.root)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(kept.read_bytes())
    assert [(each.version, bool(each.date)) for each in open_library(here).tombstones] == [("0.1.0", True)]


@pytest.mark.slow
def test_the_static_copy_holds_the_reason_and_nothing_else_of_it(emptied: Places, tmp_path: Path) -> None:
    export(open_library(emptied), tmp_path / "static")
    pages = sorted(str(path.relative_to(tmp_path / "static")) for path in (tmp_path / "static").rglob("index.html"))
    assert pages == ["releases/0.1.0/index.html", "ru/releases/0.1.0/index.html"]
