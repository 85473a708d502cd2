"""The reference project with its whole chain of releases, published once for all tests of this folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from panelpress.paths import WORK_VARIABLE, Places, places
from panelpress.publish.compare.earlier import due
from panelpress.publish.pipeline import run
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.releases import load_releases


@pytest.fixture(scope="session")
def chain(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The tracked files of this checkout without any release, and every release that is due published from them in order."""
    folder = tmp_path_factory.mktemp("chain")
    listed = subprocess.run(["git", "-C", str(repository), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    for name in listed.stdout.split("\0"):
        source = repository / name
        if name and name != "publish/ledger.jsonl" and source.is_file():
            (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / "project" / name)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(WORK_VARIABLE, str(folder / "work"))
        here = places(folder / "project")
        for plan in due(here, load_releases(here, load_declarations(here).studies)):
            assert run(here, plan.version).published is not None
        yield here
