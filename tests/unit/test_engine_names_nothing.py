"""The engine serves any project: no study, sample or variable of the reference project is named in it."""

from __future__ import annotations

import re
from pathlib import Path

from panelpress.paths import Places
from panelpress.schemas.declarations import load_declarations

# A name of one plain word (age, gender) is anybody's; one of several words, or a study's, is this project's.
SEVERAL_WORDS = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
TEXTS = {".py", ".pyi", ".toml", ".yaml", ".json", ".csv", ".html", ".css", ".j2", ".js", ".md"}


def test_the_engine_names_nothing_of_the_project(repository: Path, tmp_path: Path) -> None:
    declared = load_declarations(Places(root=repository, work=tmp_path))
    names = {study.id for study in declared.studies} - {"interviews"}
    names |= {sample.id for sample in declared.samples if SEVERAL_WORDS.fullmatch(sample.id)}
    names |= {variable.id for variable in declared.variables if SEVERAL_WORDS.fullmatch(variable.id)}
    names |= {wave for study in declared.studies for wave in study.wave_ids if SEVERAL_WORDS.fullmatch(wave)}
    assert len(names) > 100
    files = [path for path in sorted((repository / "src").rglob("*")) if path.suffix in TEXTS]
    assert len(files) > 400
    found = {
        f"{path.relative_to(repository)}: {name}"
        for path in files
        for name in names & set(re.findall(r"[a-z0-9_]+", path.read_text(encoding="utf-8")))
    }
    assert found == set()
