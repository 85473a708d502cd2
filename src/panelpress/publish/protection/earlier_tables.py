"""Finds what earlier open releases say of the persons of a study, so that k can hold on all releases together.

Reads the Parquet files of those releases and gives each row back its internal id, which only the project's key can do. That
all of them are at hand is seen to before (``earlier_releases``); one that is not stops everything, because k that was counted
without it would hold on paper only.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.earlier import Earlier
from panelpress.errors import DisclosureRefused
from panelpress.model.study import Study
from panelpress.publish.versions import ledger
from panelpress.publish.versions.manifest import read_manifest
from panelpress.publish.versions.shelf import folder_of
from panelpress.raw.identity import release_ids
from panelpress.raw.project_key import project_key
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
        keys = read_manifest(folder)["disclosure"].get("quasi_identifiers", {}).get(study.id, [])
        if file.is_file() and keys:
            found.append(_mapped(rows, declared, each, study, str(file), tuple(keys)))
    return tuple(found)


def _mapped(
    rows: duckdb.DuckDBPyConnection, declared: Declarations, version: str, study: Study, file: str, keys: tuple[str, ...]
) -> Earlier:
    own = study.key[0]
    persons = [each for (each,) in rows.execute(f"SELECT DISTINCT {name(own)} FROM {name(study.table)}").fetchall()]
    ids = release_ids(project_key(declared.places, declared.project), version, "open", persons)
    rows.register("pp_ids", pa.table({"secure": list(ids), "released": list(ids.values())}))
    table = f"pp_released_{version.replace('.', '_')}_{study.id}"
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {name(table)} AS SELECT o.* REPLACE (i.secure AS {name(own)}) "
        f"FROM read_parquet({text(file)}) AS o JOIN pp_ids AS i ON o.{name(own)} = i.released"
    )
    rows.unregister("pp_ids")
    return Earlier(f"{version} open", name(table), keys)
