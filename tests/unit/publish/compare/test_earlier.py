"""A release of the past is built from the declarations that stood then; nothing else of the project moves."""

from __future__ import annotations

from pathlib import Path

from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places
from panelpress.publish.chain import waiting
from panelpress.publish.compare.earlier import as_declared_for
from releasing import project


def declared(folder: Path) -> Places:
    """A project with two variables, one of which was declared otherwise before."""
    places = project(folder)
    for path, text in {
        "build/variables/trust/trust.yaml": "right",
        "build/variables/trust/age.yaml": "same",
        "publish/editions/first/build/variables/trust/trust.yaml": "upside down",
        "publish/ledger.jsonl": "lines",
    }.items():
        file = places.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return places


def test_a_plan_without_declarations_of_its_own_reads_those_at_the_root(tmp_path: Path) -> None:
    places = declared(tmp_path)
    assert as_declared_for(places, ReleasePlan("0.2.0", "2026-01-31")) is places


def test_files_of_the_past_stand_in_the_place_of_todays(tmp_path: Path) -> None:
    places = declared(tmp_path)
    then = as_declared_for(places, ReleasePlan("0.1.0", "2026-01-31", declarations="editions/first"))
    assert (then.variables / "trust" / "trust.yaml").read_text(encoding="utf-8") == "upside down"
    assert (then.variables / "trust" / "age.yaml").read_text(encoding="utf-8") == "same"
    assert (places.variables / "trust" / "trust.yaml").read_text(encoding="utf-8") == "right"


def test_releases_ledger_and_work_stay_where_they_are(tmp_path: Path) -> None:
    places = declared(tmp_path)
    then = as_declared_for(places, ReleasePlan("0.1.0", "2026-01-31", declarations="editions/first"))
    assert (then.releases, then.ledger, then.work) == (places.releases, places.ledger, places.work)
    assert not (then.publish / "ledger.jsonl").exists()


def test_a_copy_of_an_earlier_run_is_made_anew(tmp_path: Path) -> None:
    places = declared(tmp_path)
    plan = ReleasePlan("0.1.0", "2026-01-31", declarations="editions/first")
    stale = as_declared_for(places, plan).variables / "stale.yaml"
    stale.write_text("old", encoding="utf-8")
    as_declared_for(places, plan)
    assert not stale.exists()


def test_the_releases_that_wait_are_those_that_are_not_there(tmp_path: Path) -> None:
    places = project(tmp_path)
    plans = tuple(ReleasePlan(version, "2026-01-31") for version in ("0.1.0", "0.2.0", "0.2.1"))
    places.release("0.1.0").mkdir(parents=True)
    assert [plan.version for plan in waiting(places, plans)] == ["0.2.0", "0.2.1"]
