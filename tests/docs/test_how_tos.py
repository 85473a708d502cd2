"""What the how-tos tell is what happens, tried on a little project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from panelpress.paths import places
from projects import FILES, answers, command, create, deliver, must


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PANELPRESS_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("PANELPRESS_KEY", raising=False)
    return create(tmp_path / "project")


def test_a_wave_is_added_by_declaring_registering_and_extending_the_crosswalk(root: Path) -> None:
    must(root, "run")
    waves = root / "build/waves.yaml"
    more = "  - {id: c, label: {en: Third}, start: 2023-03, end: 2023-03}\n"
    waves.write_text(waves.read_text(encoding="utf-8") + more, encoding="utf-8")
    contract = FILES["schemas/raw/little_a.yaml"].replace("wave: a", "wave: c").lstrip("\n")
    (root / "schemas/raw/little_c.yaml").write_text(contract, encoding="utf-8")
    deliver(root, "c", answers("b"))
    lacking = command(root, "lint")
    assert lacking.exit_code == 2
    assert "gender" in lacking.output
    for path in (root / "build/variables").glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        lines.append(next(line for line in lines if line.startswith("  b: ")).replace("  b: ", "  c: ", 1))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = root / "publish/releases.yaml"
    plan.write_text(
        plan.read_text(encoding="utf-8") + "- {version: 0.2.0, date: 2026-03-31, notes: {en: More.}}\n", encoding="utf-8"
    )
    must(root, "run")
    text = (places(root).release("0.2.0") / "data/csv/little_responses.csv").read_text(encoding="utf-8")
    assert 11 <= text.count(",c,") <= 32  # disclosure control may withhold responses, to keep participation common


def test_a_demo_key_stops_a_project_that_is_no_longer_simulated(root: Path) -> None:
    path = root / "panelpress.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("simulated: true", "simulated: false"), encoding="utf-8")
    done = command(root, "intake")
    assert done.exit_code == 1
    assert "demo_key" in done.output


def test_a_lost_work_folder_or_release_is_built_again(root: Path) -> None:
    must(root, "run")
    here = places(root)
    folder = here.release("0.1.0")
    before = (folder / "data/csv/little_responses.csv").read_bytes()
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
    shutil.rmtree(here.work)
    must(root, "run", "--release", "0.1.0")
    assert (folder / "data/csv/little_responses.csv").read_bytes() == before
    must(root, "verify", str(folder))
