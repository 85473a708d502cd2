"""Finds what earlier open releases say of the persons of a study, so that k can hold on all releases together.

Reads the Parquet files of those releases and gives each row back its internal id, which only the project's key can do. That
all of them are at hand is seen to before (``earlier_releases``); one that is not stops everything, because k that was counted
without it would hold on paper only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.earlier import Earlier
from panelpress.errors import DisclosureRefused
from panelpress.model.study import Study
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from panelpress.publish.versions.identities import released_ids
from panelpress.publish.versions.manifest import read_manifest
from panelpress.publish.versions.shelf import folder_of
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import PURGED, read_registry
from panelpress.schemas.declarations import Declarations


def earlier_tables(rows: duckdb.DuckDBPyConnection, declared: Declarations, version: str, study: Study) -> tuple[Earlier, ...]:
    """Open tables of ``study`` in every release before ``version``, as temporary tables with internal ids.

    Raises DisclosureRefused where the files of an earlier release are missing."""
    places, found = declared.places, []
    for entry in ledger.releases_before(ledger.read(places), version):
        each = str(entry.version)
        folder = folder_of(places, each)
        if folder is None:
            raise DisclosureRefused(
                f"release {each}",
                "is published, but its files are not here, so nobody can say what it and a new release tell together.",
                f"Put its folder back as releases/{each}.",
            )
        file = folder / "data" / "parquet" / f"{study.table}.parquet"
        said = read_manifest(folder)
        keys = said["disclosure"].get("quasi_identifiers", {}).get(study.id, [])
        if file.is_file() and keys:
            stated = said["disclosure"]["studies"][study.id]
            found.append(
                Earlier(
                    f"{each} open",
                    _mapped(rows, declared, entry, study, str(file)),
                    tuple(keys),
                    stated["levels"],
                    stated.get("demands") if _nothing_came(places, study, said) else None,
                )
            )
    return tuple(found)


def _nothing_came(places: Places, study: Study, said: Mapping[str, Any]) -> bool:
    """True where the deliveries of ``study`` are those of that release, but for people who withdrew."""

    def names(deliveries: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
        return {(wave, file.removesuffix(PURGED)) for own, wave, file in deliveries if own == study.id}

    registered = read_registry(places)
    digests = {each.digest for each in registered if each.study == study.id and not each.file.endswith(PURGED)}
    then = said["deliveries"]
    return names((each.study, each.wave, each.file) for each in registered if each.wave in study.wave_ids) == names(
        (each["study"], each["wave"], each["file"]) for each in then if each["wave"] in study.wave_ids
    ) and digests <= {each["digest"] for each in then}


def _mapped(rows: duckdb.DuckDBPyConnection, declared: Declarations, entry: ledger.Entry, study: Study, file: str) -> str:
    """Name of a temporary table: the rows of ``file`` of those who are still there, under their internal ids."""
    own, version = study.key[0], str(entry.version)
    persons = [each for (each,) in rows.execute(f"SELECT DISTINCT {name(own)} FROM {name(study.table)}").fetchall()]
    ids = released_ids(declared.places, entry, project_key(declared.places, declared.project), study.id, persons)
    rows.register("pp_ids", pa.table({"secure": list(ids), "released": list(ids.values())}))
    table = f"pp_released_{version.replace('.', '_')}_{study.id}"
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {name(table)} AS SELECT o.* REPLACE (i.secure AS {name(own)}) "
        f"FROM read_parquet({text(file)}) AS o JOIN pp_ids AS i ON o.{name(own)} = i.released"
    )
    rows.unregister("pp_ids")
    return name(table)
