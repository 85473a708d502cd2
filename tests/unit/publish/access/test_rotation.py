"""A new key renames everything private that bears the old one, and no person is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app
from panelpress.errors import IntakeRefused, KeyRefused
from panelpress.paths import Places
from panelpress.publish.access import rotation
from panelpress.publish.versions.identities import identities_file, write_identities
from panelpress.publish.versions.ledger import read
from panelpress.raw.identity import person_id, release_id
from panelpress.raw.key import PseudonymKey, new_key, read_key
from panelpress.raw.project_intake import intake_project, register_delivery
from panelpress.raw.registry import read_registry
from panelpress.schemas.project import load_project

DECLARATIONS = {
    "panelpress.yaml": """
spec: panel-project/0.1
id: tiny
title: {en: Tiny}
description: {en: Three people.}
simulated: false
languages: [en]
licence: {name: CC-BY-4.0, title: CC BY 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}
contributors: [{title: Somebody, role: author}]
""",
    "build/waves.yaml": """
spec: panel-waves/0.1
studies:
- {id: tiny, title: {en: Tiny}, kind: panel, waves: [{id: w1, label: {en: One}, start: 2023, end: 2023}]}
""",
    "schemas/raw/tiny_w1.yaml": """
spec: panel-contract/0.1
study: tiny
wave: w1
platform: plain_csv
columns: [{name: token, role: id}, {name: q1, role: plain}]
""",
    "raw/deliveries/w1.csv": "token,q1\nR1,1\nR2,2\nR3,3\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    root = tmp_path / "checkout"
    for name, text in DECLARATIONS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "publish").mkdir()
    monkeypatch.setenv("PANELPRESS_KEY", str(tmp_path / "old"))
    monkeypatch.setenv("PANELPRESS_WORK", str(tmp_path / "work"))
    assert key_command(root, "init").exit_code == 0
    places = Places(root, tmp_path / "work")
    register_delivery(places, places.deliveries / "w1.csv", "tiny", "w1")
    intake_project(places)
    return places


def key_command(root: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["key", *words, "--project", str(root)])


def key_of(project: Places, name: str) -> PseudonymKey:
    return read_key(project.work.parent / name, project.root)


def publish(project: Places, withdrawn: str | None = None) -> None:
    """The private map of a release: three people, and one who has left since."""
    old = key_of(project, "old")
    people = [person_id(old, "tiny", each) for each in ("R1", "R2", "R3", *([withdrawn] if withdrawn else []))]
    write_identities(project, "0.1.0", "open", {"tiny": {each: release_id(old, "0.1.0", "open", each) for each in people}})


def test_after_a_rotation_the_new_key_finds_everybody_and_the_old_one_is_refused(
    project: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, withdrawn="R9")
    before = dict(line.split(",")[1:] for line in identities_file(project, "0.1.0").read_text().splitlines()[1:])
    assert key_command(project.root, "init", "--to", str(project.work.parent / "new")).exit_code == 0
    done = key_command(project.root, "rotate", str(project.work.parent / "new"), "--reason", "a laptop was lost", "--json")
    assert done.exit_code == 0, done.output
    old, new = key_of(project, "old"), key_of(project, "new")
    facts = json.loads(done.stdout)
    assert (facts["deliveries"], facts["persons"], facts["maps"], facts["unknown"]) == (1, 3, 1, 1)
    after = dict(line.split(",")[1:] for line in identities_file(project, "0.1.0").read_text().splitlines()[1:])
    for raw in ("R1", "R2", "R3"):
        assert after[person_id(new, "tiny", raw)] == before[person_id(old, "tiny", raw)], "published ids stay as they are"
    [entry] = read(project)
    assert entry.kind == "rotation" and entry.facts["key_fingerprint"] == new.fingerprint
    with pytest.raises(KeyRefused, match="last release"):
        intake_project(project)
    monkeypatch.setenv("PANELPRESS_KEY", str(project.work.parent / "new"))
    assert intake_project(project).persons[0].persons == 3


def test_a_rotation_that_was_cut_off_can_be_run_again(project: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(project)
    key_command(project.root, "init", "--to", str(project.work.parent / "new"))
    facts, new = load_project(project), key_of(project, "new")

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rotation.ledger, "append", cut_off)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(project, facts, new, "cut off")
    done = rotation.rotate(project, facts, new, "again")
    assert (done.persons, done.unknown) == (3, 0)
    assert [entry.kind for entry in read(project)] == ["rotation"]


def test_without_every_delivery_nothing_is_renamed(project: Places) -> None:
    publish(project)
    before = (identities_file(project, "0.1.0").read_bytes(), read_registry(project))
    (project.deliveries / "w1.csv").write_text("token,q1\nR1,1\n")
    with pytest.raises(IntakeRefused):
        rotation.rotate(project, load_project(project), new_key(), "too late")
    assert (identities_file(project, "0.1.0").read_bytes(), read_registry(project)) == before
    assert read(project) == ()


def test_the_same_key_and_a_public_one_are_refused(project: Places) -> None:
    facts = load_project(project)
    with pytest.raises(KeyRefused, match="the old one"):
        rotation.rotate(project, facts, key_of(project, "old"), "why")
    with pytest.raises(KeyRefused, match="public"):
        rotation.rotate(project, facts, new_key(demo=True), "why")
