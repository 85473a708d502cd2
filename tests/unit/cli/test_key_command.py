"""``panelpress key`` makes a key where nobody commits it and never prints one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app

PROJECT = """
spec: panel-project/0.1
id: tiny
title: {en: Tiny}
description: {en: Five people.}
simulated: SIMULATED
languages: [en]
licence: {name: CC-BY-4.0, title: CC BY 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}
contributors: [{title: Somebody, role: author}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PANELPRESS_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "checkout").mkdir()
    declare(tmp_path / "checkout", "false")
    return tmp_path / "checkout"


def declare(project: Path, simulated: str, more: str = "") -> None:
    (project / "panelpress.yaml").write_text(PROJECT.replace("SIMULATED", simulated) + more)


def key(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["key", *words, "--project", str(project)])


def test_init_makes_a_private_key_in_the_config_folder(project: Path, tmp_path: Path) -> None:
    made = key(project, "init", "--json")
    path = tmp_path / "config" / "panelpress" / "tiny.key"
    facts = json.loads(made.stdout)
    assert made.exit_code == 0 and facts["path"] == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip() not in made.output
    assert json.loads(key(project, "fingerprint", "--json").stdout)["fingerprint"] == facts["fingerprint"]
    assert key(project, "fingerprint").stdout.strip() == facts["fingerprint"]


def test_init_never_replaces_a_key(project: Path, tmp_path: Path) -> None:
    key(project, "init")
    before = (tmp_path / "config" / "panelpress" / "tiny.key").read_bytes()
    again = key(project, "init")
    assert again.exit_code == 1 and "already" in again.output
    assert (tmp_path / "config" / "panelpress" / "tiny.key").read_bytes() == before


def test_a_key_inside_the_checkout_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANELPRESS_KEY", str(project / "k"))
    assert key(project, "init").exit_code == 1
    assert not (project / "k").exists()


def test_a_demo_key_is_for_simulated_projects_and_says_so(project: Path) -> None:
    assert key(project, "init", "--demo").exit_code == 2
    declare(project, "true", "demo_key: raw/demo-key.txt\n")
    assert key(project, "init", "--demo").exit_code == 0
    assert (project / "raw" / "demo-key.txt").read_text().startswith("# Public demo key")
    assert json.loads(key(project, "fingerprint", "--json").stdout)["demo"] is True
    declare(project, "false", "demo_key: raw/demo-key.txt\n")
    refused = key(project, "fingerprint")
    assert refused.exit_code in (1, 2) and "simulated" in refused.output


def test_without_a_key_the_message_says_how_to_get_one(project: Path) -> None:
    refused = key(project, "fingerprint")
    assert refused.exit_code == 1 and "panelpress key init" in refused.output and "Traceback" not in refused.output
