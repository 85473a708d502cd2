"""``datapackage.json``: of a release, with sizes and hashes; and of the project, as the contract that releases keep.

The contract stands at the root of the checkout. It changes only when the declarations change, so that a reviewer sees in a
diff of one file what a researcher's query will meet; a test asserts that it is fresh. What the standard means by each
property is compiled in ``panelpress.schemas.table_schema``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from panelpress.durable import write_whole
from panelpress.model.release import Edition, PublishedFile
from panelpress.paths import Places
from panelpress.schemas.table_schema import package

FILE = "datapackage.json"


def release_descriptor(edition: Edition, files: Iterable[PublishedFile]) -> str:
    """The descriptor of a release as JSON text: one resource a table, its CSV, with bytes and hash."""
    tables = {file.table: file for file in files if file.kind == "csv" and file.table}
    return as_json(package(edition, tables))


def contract_of(descriptor: Mapping[str, Any]) -> str:
    """The contract that a release keeps: its descriptor without version, date, sizes and hashes."""
    resources = [{key: value for key, value in each.items() if key not in ("bytes", "hash")} for each in descriptor["resources"]]
    kept = {key: value for key, value in descriptor.items() if key not in ("version", "created")}
    return as_json({**kept, "resources": resources})


def renew_contract(places: Places, release: Path) -> bool:
    """Write the contract of the release in folder ``release`` to the root of the checkout; True where it had changed."""
    text = contract_of(json.loads((release / FILE).read_text(encoding="utf-8")))
    if places.descriptor.is_file() and places.descriptor.read_text(encoding="utf-8") == text:
        return False
    write_whole(places.descriptor, text)
    return True


def as_json(content: Mapping[str, Any]) -> str:
    """JSON as people read it in a diff: two blanks, letters as they are, keys in the order given."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
