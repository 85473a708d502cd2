"""Finds what earlier open releases say of the persons of a study, so that k can hold on all releases together.

Reads the public Parquet files of those releases and gives each row back its internal id, which only the project's key can do.
An earlier release that the ledger names and whose files are not here cannot be counted; a real project is then refused a new
release, a simulated one is told.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.earlier import Earlier
from panelpress.errors import DisclosureRefused
from panelpress.model.study import Study
from panelpress.model.version import parse_version
from panelpress.publish.versions import ledger
from panelpress.publish.versions.manifest import read_manifest
from panelpress.raw.identity import release_ids
from panelpress.raw.project_key import project_key
from panelpress.schemas.declarations import Declarations


def earlier_tables(
    rows: duckdb.DuckDBPyConnection, declared: Declarations, version: str, study: Study, progress: Callable[[str], None]
) -> tuple[Earlier, ...]:
    """Open tables of ``study`` in every release before ``version``, as temporary tables with internal ids.

    Raises DisclosureRefused where the files of an earlier release of a real project are missing."""
    places, found = declared.places, []
    entries = ledger.release_entries(ledger.read(places), "open")
    known = [entry.version for entry in entries if entry.version and parse_version(entry.version) < parse_version(version)]
    for each in sorted(dict.fromkeys(known), key=parse_version):
        if not places.release(each).is_dir():
            if not declared.project.simulated:
                raise DisclosureRefused(
                    f"release {each}",
                    "is published, but its files are not here, so nobody can say what it and a new release tell together.",
                    f"Put its folder back as releases/{each}.",
                )
            progress(f"release {each} is not here: k is not counted together with it")
            continue
        file = places.release(each) / "data" / "parquet" / f"{study.table}.parquet"
        keys = read_manifest(places.release(each))["disclosure"].get("quasi_identifiers", {}).get(study.id, [])
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
