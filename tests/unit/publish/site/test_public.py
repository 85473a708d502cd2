"""Everything attached is public and nothing else: no name of a table and no right is looked up twice."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from panelpress.publish.site.public import PublicDatabase, PublicSite


def site_of(folder: Path, **settings: Any) -> PublicSite:
    with sqlite3.connect(folder / "t.sqlite") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (a INTEGER PRIMARY KEY, b)")
    site = PublicSite(files=[], settings=settings)
    site.add_database(PublicDatabase(site, folder / "t.sqlite"), name="t")
    return site


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("view-instance", None, True),
        ("view-table", ("t", "t"), True),
        ("execute-sql", "t", True),
        ("view-database", "_internal", False),
        ("view-table", ("_internal", "databases"), False),
        ("debug-menu", None, False),
        ("permissions-debug", None, False),
        ("view-database-download", "t", False),
    ],
)
def test_rights_are_the_same_for_everyone(tmp_path: Path, action: str, resource: Any, allowed: bool) -> None:
    site = site_of(tmp_path)
    for actor in (None, {"id": "root"}):
        assert asyncio.run(site.permission_allowed(actor, action, resource)) is allowed


def test_sql_can_be_switched_off(tmp_path: Path) -> None:
    site = site_of(tmp_path, default_allow_sql=False)
    assert not asyncio.run(site.permission_allowed(None, "execute-sql", "t"))


def test_the_schema_is_asked_once_and_what_is_kept_cannot_be_changed_from_outside(tmp_path: Path) -> None:
    database = site_of(tmp_path).databases["t"]

    async def asked() -> list[list[str]]:
        first = await database.table_columns("t")
        first.append("changed")
        return [await database.table_columns("t"), await database.primary_keys("t"), list(database.facts)]

    columns, keys, kept = asyncio.run(asked())
    assert (columns, keys) == (["a", "b"], ["a"])
    assert kept == [("table_columns", "t"), ("primary_keys", "t")]
