"""The container file names only what the checkout and the package have: nothing builds it here, as that takes a registry."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from web_front import DEPLOY

TEXT = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
ROOT = DEPLOY.parents[1]


def test_it_takes_what_the_package_is_made_of_and_nothing_else(tmp_path: Path) -> None:
    """The wheel is built from exactly the files that are copied."""
    for *sources, target in (line.split()[1:] for line in TEXT.splitlines() if line.startswith("COPY ")):
        for source in sources:
            copied = tmp_path / target.removeprefix("/src").strip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, copied, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                copied.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, copied)
    taken = {path.name for path in tmp_path.iterdir()}
    assert taken == {"LICENSE", "LICENSE-DATA", "README.md", "pyproject.toml", "requirements", "src"}
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert "panelpress/publish/site/templates/frame.html" in zipfile.ZipFile(wheel).namelist()


def test_the_build_tools_that_it_forbids_to_fetch_are_in_the_lock_that_it_installs() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    lock = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    assert "--no-build-isolation" in TEXT
    for each in required:
        assert re.search(rf"^{re.split('[<>=]', each)[0]}==", lock, flags=re.MULTILINE), each


def test_it_starts_a_command_of_ours_as_nobody() -> None:
    command = json.loads(re.search(r"^CMD (\[.*\])$", TEXT, flags=re.MULTILINE)[1])  # type: ignore[index]
    assert command[0] in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    said = CliRunner().invoke(app, [command[1], "--help"], env={"COLUMNS": "200"}).output
    assert all(option in said for option in command if option.startswith("--"))
    assert TEXT.index("\nUSER ") < TEXT.index("\nCMD ")
