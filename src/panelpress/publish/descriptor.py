"""``datapackage.json``: of a release, with sizes and hashes; and of the project, as the contract that releases keep.

The contract stands at the root of the checkout. It changes only when the declarations change, so that a reviewer sees in a
diff of one file what a researcher's query will meet; a test asserts that it is fresh. What the standard means by each
property is compiled in ``panelpress.schemas.table_schema``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from panelpress.model.release import Edition, PublishedFile
from panelpress.schemas.table_schema import package

FILE = "datapackage.json"


def release_descriptor(edition: Edition, files: Iterable[PublishedFile]) -> str:
    """The descriptor of a release as JSON text: one resource a table, its CSV, with bytes and hash."""
    tables = {file.table: file for file in files if file.kind == "csv" and file.table}
    return as_json(package(edition, tables))


def contract_descriptor(edition: Edition) -> str:
    """The contract alone as JSON text: no version, date, size or hash."""
    return as_json(package(edition))


def as_json(content: Mapping[str, Any]) -> str:
    """JSON as people read it in a diff: two blanks, letters as they are, keys in the order given."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
