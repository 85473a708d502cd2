"""What the how-tos tell is what happens, tried on a little project."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from panelpress.cli.main import app
from panelpress.paths import places
from projects import FILES, answers, beside, command, create, deliver, must


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside(monkeypatch, tmp_path)
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


def append(root: Path, file: str, text: str) -> None:
    path = root / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.slow
def test_an_erratum_is_published_with_the_number_that_the_check_names(root: Path) -> None:
    variable = root / "build/variables/mood.yaml"
    right = variable.read_text(encoding="utf-8")
    variable.write_text(
        right.replace(
            "  b: {status: complete, source: [mood], map: {1: 1, ", "  b: {status: complete, source: [mood], map: {1: 2, "
        )
    )
    must(root, "run")
    variable.write_text(right, encoding="utf-8")
    append(root, "publish/releases.yaml", "- {version: 0.1.1, date: 2026-02-28, notes: {en: Mood mended.}}\n")
    asked = command(root, "check")
    assert asked.exit_code == 1
    assert "diff.errata" in asked.output
    here = places(root)
    told = json.loads((here.gate_reports("0.1.1") / "gate.json").read_text(encoding="utf-8"))
    (message,) = [each["message"] for each in told["findings"] if each["rule"] == "diff.errata" and each["n_failed"]]
    differ = re.search(r"(?:< )?(\d+) cells differ", message)
    assert differ is not None, message
    counted = "few" if "<" in differ.group(0) else differ.group(1)
    reason = "reason: {en: One was read as two.}"
    (root / "publish/errata.yaml").write_text(
        f"spec: panel-errata/0.1\nerrata:\n- {{id: mood_of_b, version: 0.1.1, study: little, variable: mood, waves: {{b: {counted}}}, {reason}}}\n",
        encoding="utf-8",
    )
    must(root, "run")
    assert "One was read as two." in (here.release("0.1.1") / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "mood" in must(root, "diff", "0.1.0", "0.1.1").output


@pytest.mark.slow
def test_a_second_maintainer_sees_the_same_fingerprint_and_a_rotated_key_goes_on_where_the_old_one_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = root / "panelpress.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("demo_key: raw/demo-key.txt\n", ""), encoding="utf-8")
    (root / "raw/deliveries.csv").unlink()
    must(root, "key", "init")
    for wave in ("a", "b"):
        deliver(root, wave, answers(wave))
    must(root, "run")
    first = must(root, "key", "fingerprint").output
    (home,) = (tmp_path / "config").rglob("*.key")
    monkeypatch.setenv("PANELPRESS_KEY", str(shutil.copy2(home, tmp_path / "hers.key")))
    assert must(root, "key", "fingerprint").output == first
    new = tmp_path / "new.key"
    must(root, "key", "init", "--to", str(new))
    must(root, "key", "rotate", str(new), "--reason", "a laptop was lost")
    shutil.copy2(new, tmp_path / "hers.key")
    assert must(root, "key", "fingerprint").output != first
    must(root, "intake")
    must(root, "ledger", "verify")


def real(root: Path) -> None:
    """The project with respondents who exist, as the how-to wants it: no demo key, a private one, deliveries registered under it."""
    settings = root / "panelpress.yaml"
    text = (
        settings.read_text(encoding="utf-8")
        .replace("demo_key: raw/demo-key.txt\n", "")
        .replace("simulated: true", "simulated: false")
    )
    settings.write_text(text, encoding="utf-8")
    register_anew(root)


def register_anew(root: Path) -> None:
    """A new key, and every delivery registered under it."""
    must(root, "key", "init")
    (root / "raw/deliveries.csv").unlink()
    for wave in ("a", "b"):
        deliver(root, wave, answers(wave))


@pytest.mark.slow
def test_real_respondents_are_released_only_after_somebody_signed_off_the_report_that_the_check_wrote(root: Path) -> None:
    real(root)
    assert command(root, "check").exit_code == 0
    refused = command(root, "run")
    assert refused.exit_code == 1
    wanted = re.search(r"ledger sign-off 0\.1\.0 --role ROLE --report ([0-9a-f]{64})", " ".join(refused.output.split()))
    assert wanted is not None, refused.output
    assert wanted.group(1) in (places(root).gate_reports("0.1.0") / "gate.html").read_text(encoding="utf-8")
    must(root, "ledger", "sign-off", "0.1.0", "--role", "data manager", "--report", wanted.group(1))
    must(root, "run")
    must(root, "verify", str(places(root).release("0.1.0")))


@pytest.mark.slow
def test_after_a_key_is_lost_the_project_begins_anew_under_another_id(root: Path, tmp_path: Path) -> None:
    settings = root / "panelpress.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("demo_key: raw/demo-key.txt\n", ""), encoding="utf-8")
    register_anew(root)
    must(root, "run")
    here = places(root)
    (home,) = (tmp_path / "config").rglob("*.key")
    home.unlink()
    must(root, "key", "init")
    assert "last release" in " ".join(command(root, "intake").output.split())
    home.unlink()
    assert "lost key" in command(root, "intake").output
    settings.write_text(settings.read_text(encoding="utf-8").replace("id: little-panel", "id: little-panel-2"), encoding="utf-8")
    for each in (here.ledger, here.releases, here.work):
        each.rename(tmp_path / f"old-{each.name}")
    register_anew(root)
    must(root, "run")
    must(root, "ledger", "verify")


HOW_TOS = sorted((Path(__file__).resolve().parents[2] / "docs/how-to").glob("*.md"))


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: page.stem)
def test_every_command_that_a_how_to_names_exists_with_its_options(page: Path) -> None:
    top = get_command(app)
    text = page.read_text(encoding="utf-8")
    for called in re.findall(r"(?m)(?:^ *\$ (?:.*\| )?|^    |`)panelpress ([a-z-]+ [^`\n]*)", text):
        words = shlex.split(called, comments=True)
        chosen: Any = top
        while words and hasattr(chosen, "commands"):
            assert words[0] in chosen.commands, f"{page.name}: panelpress {' '.join(words)}"
            chosen = chosen.commands[words.pop(0)]
        options = {name for each in chosen.params for name in (*each.opts, *each.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= options, f"{page.name}: {words}"
