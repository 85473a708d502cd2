"""A folder that an archive such as Zenodo takes as it is: the release as one ZIP, what it is, and the metadata of the deposit.

Nothing is uploaded. A deposit cannot forget: an archive keeps what it has taken in, also after a person withdrew. The command
says so every time, and for real respondents somebody has to say that this is understood.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpress.errors import ReleaseRefused, UsageError
from panelpress.model.project import ProjectFacts
from panelpress.paths import Places
from panelpress.publish.access.bundle import zip_folder
from panelpress.publish.verify.against_ledger import verify_release
from panelpress.publish.versions.descriptor import as_json
from panelpress.publish.versions.manifest import read_manifest
from panelpress.schemas.project import load_project

REMINDER = (
    "A deposit cannot forget: archives keep what they took in, and a person who withdraws later stays in it. "
    "Deposit documentation and the open tier only, and prefer archives that let you replace a version by a tombstone."
)
BESIDE = ("README.md", "CITATION.cff", "SHA256SUMS", "datapackage.json", "manifest.json")


@dataclass(frozen=True, slots=True)
class Deposit:
    """The folder and the files in it."""

    folder: Path
    files: tuple[str, ...]
    reminder: str = REMINDER


def deposit(places: Places, version: str, target: Path, understood: bool = False) -> Deposit:
    """Fill the new folder ``target`` for a deposit of release ``version``. Raises UsageError where the release is not there, the
    folder is not empty, or a project of real respondents was not told that it is understood; ReleaseRefused where the release
    does not verify."""
    facts = load_project(places)
    release = places.release(version)
    if not release.is_dir():
        raise UsageError(f"releases/{version}", "is not there.", "Publish it first; a withdrawn version cannot be deposited.")
    if not facts.simulated and not understood:
        raise UsageError("deposit", REMINDER, "Say `--understood` if that is what you want.")
    if target.exists() and any(target.iterdir()):
        raise UsageError(str(target), "is not empty.", "Name a new folder.")
    verdict = verify_release(str(release), places)
    if not verdict.well:
        what = f"does not verify ({len(verdict.problems)} problems)."
        raise ReleaseRefused(f"releases/{version}", what, "`panelpress verify` names them.")
    target.mkdir(parents=True, exist_ok=True)
    said = read_manifest(release)
    zip_folder(release, target / f"{facts.id}-{version}.zip", said["released"], f"{facts.id}-{version}")
    for name in BESIDE:
        shutil.copyfile(release / name, target / name)
    (target / ".zenodo.json").write_text(as_json(zenodo(facts, said)), encoding="utf-8", newline="")
    return Deposit(target, tuple(sorted(path.name for path in target.iterdir())))


def zenodo(facts: ProjectFacts, manifest: dict[str, Any]) -> dict[str, Any]:
    """Metadata in the words of Zenodo's deposit interface."""
    simulated = "<p><strong>Simulated data: no respondent exists.</strong></p>" if manifest["simulated"] else ""
    content: dict[str, Any] = {
        "upload_type": "dataset",
        "title": facts.title.in_language("en"),
        "version": manifest["version"],
        "publication_date": manifest["released"],
        "description": f"{simulated}<p>{facts.description.in_language('en').strip()}</p>",
        "creators": [
            {"name": each.title, **({"orcid": each.orcid} if each.orcid else {})}
            for each in facts.contributors
            if each.role == "author"
        ]
        or [{"name": facts.contributors[0].title}],
        "keywords": list(facts.keywords),
        "license": facts.licence.name,
        "access_right": "open",
        "language": {"en": "eng", "ru": "rus"}.get(facts.languages[0], facts.languages[0]),
        "notes": REMINDER,
    }
    return content
