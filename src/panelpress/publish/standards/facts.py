"""What all metadata standards ask for: who made it, when, what it is called, which files hold which tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from panelpress.model.project import Contributor
from panelpress.model.release import Edition, PublishedFile
from panelpress.publish.versions.descriptor import as_json
from panelpress.publish.versions.documents import SIMULATED
from panelpress.publish.versions.manifest import describe_files

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "duckdb": "application/octet-stream",
    "zsav": "application/x-spss-sav",
    "dta": "application/x-stata-dta",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "xml": "application/xml",
    "cff": "text/yaml",
    "py": "text/x-python",
}
# Kinds of files that hold data, in the order in which people prefer them.
DATA_KINDS = ("csv", "parquet", "sqlite", "duckdb", "zsav", "dta")
# Search engines cut or refuse descriptions beyond 5,000 characters.
LONGEST_DESCRIPTION = 5000


def describe(edition: Edition, language: str = "en") -> str:
    """Description of the data set in one paragraph. Simulated data are called simulated first of all."""
    text = " ".join(edition.project.description.in_language(language).split())
    said = f"{SIMULATED} {text}" if edition.simulated and language == "en" else text
    if edition.simulated and language != "en" and "simulated" not in said:
        said = f"(simulated) {said}"
    return said[:LONGEST_DESCRIPTION]


def title(edition: Edition, language: str = "en") -> str:
    return edition.project.title.in_language(language)


def creators(edition: Edition) -> tuple[Contributor, ...]:
    """The authors, or everybody named where nobody is called author; each once."""
    named = [each for each in edition.project.contributors if each.role == "author"] or list(edition.project.contributors)
    return tuple({each.title: each for each in named}.values())


def publisher(edition: Edition) -> str:
    """Who publishes: the contributor with that role, else the first one, else the project itself."""
    named = edition.project.contributors
    return next((each.title for each in named if each.role == "publisher"), named[0].title if named else edition.project.id)


def period(edition: Edition) -> tuple[str, str] | None:
    """First and last day, month or year of data collection over all waves."""
    waves = [wave for study in edition.studies for wave in study.waves]
    return (min(wave.start for wave in waves), max(wave.end for wave in waves)) if waves else None


def files_of(edition: Edition, folder: Path, kinds: Iterable[str] = ()) -> tuple[PublishedFile, ...]:
    """The files written so far, or those of some kinds."""
    wanted = frozenset(kinds)
    return tuple(each for each in describe_files(folder, edition) if not wanted or each.kind in wanted)


def media_type(file: PublishedFile) -> str:
    return MEDIA_TYPES.get(file.kind, "application/octet-stream")


def write_json(path: Path, content: Mapping[str, Any]) -> Path:
    """Write ``content`` as the project writes all JSON and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(content), encoding="utf-8", newline="")
    return path
