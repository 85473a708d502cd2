"""A place to publish the tiny world from: a project folder, a work folder, a gate that says yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.paths import Places
from panelpress.publish.codebook import distributions
from panelpress.publish.tables.assemble import Assembled, Contributor, assemble
from panelpress.publish.versions.exporters import all_exporters
from panelpress.publish.versions.manifest import Origin
from panelpress.publish.versions.release import Published, Verdict, publish
from panelpress.publish.versions.staging import PLAIN_EXPORTERS, Exporter, Staged
from panelpress.raw.key import PseudonymKey
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from worlds import PROJECT, tiny_edition

KEY = PseudonymKey(bytes(range(7, 39)))
ORIGIN = Origin(key_fingerprint=KEY.fingerprint)


def project(folder: Path) -> Places:
    """An empty project and its work folder, side by side."""
    (folder / "project").mkdir(parents=True)
    return Places(root=folder / "project", work=folder / "work")


def plan(version: str = "0.1.0") -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny edition without tables, and the protected tier to fill it from."""
    edition, protected = tiny_edition(version)
    return replace(edition, tables=()), protected


def made(version: str = "0.1.0", change: str | None = None, contributors: tuple[Contributor, ...] = ()) -> Assembled:
    """The tiny world assembled as ``version``; ``change`` is SQL on the protected tier before."""
    edition, protected = plan(version)
    if change:
        protected.execute(change)
    return assemble(protected, edition, KEY, contributors=contributors)


def says_yes(staged: Staged, assembled: Assembled) -> Verdict:
    """A gate that passes everything; tests of the gate itself are elsewhere."""
    assert staged.folder.is_dir() and assembled.edition.version == staged.version
    return Verdict((), "a" * 64, safety_complete=True)


def release(
    places: Places, version: str = "0.1.0", change: str | None = None, exporters: tuple[Exporter, ...] = PLAIN_EXPORTERS
) -> Published:
    """Publish the tiny world."""
    return publish(places, made(version, change), ORIGIN, says_yes, exporters)


def release_whole(places: Places, version: str = "0.1.0", change: str | None = None, *more: Contributor) -> Published:
    """Publish the tiny world with every format and document; ``more`` adds tables beside the distributions."""
    whole = made(version, change, (distributions.contribute, *more))
    _keep_sql(places)
    declared = Declarations(
        places, PROJECT, Crosswalk(whole.edition.variables, whole.edition.studies, whole.edition.missing, ()), (), ()
    )
    return publish(places, whole, ORIGIN, says_yes, all_exporters(declared))


def _keep_sql(places: Places) -> None:
    """What the build leaves in the private database for the release: the SQL text of each wave."""
    prepare_work(places)
    with duckdb.connect(str(places.secure_database)) as secure:
        secure.execute("CREATE SCHEMA IF NOT EXISTS build")
        secure.execute("CREATE OR REPLACE TABLE build.sql (study VARCHAR, wave VARCHAR, sql VARCHAR)")
        secure.execute("INSERT INTO build.sql VALUES ('tiny', 'w1', 'SELECT 1')")


def published(tmp_path: Path) -> tuple[Places, Path]:
    """The tiny world released with every format and document."""
    places = project(tmp_path)
    return places, release_whole(places).folder
