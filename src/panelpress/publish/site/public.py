"""Datasette over files that never change and of which every row is public: what it asks about schemas and rights is known.

Stock Datasette asks each release for its schema version on every request and each table for its columns and keys on every page,
twenty hops to another thread for a page of rows, and copies the metadata of all releases for every right that it looks up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import copy
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database

MOST = 5000  # answers kept: names of tables that are not there come from visitors
PUBLIC = ("view-instance", "view-database", "view-table", "view-query")


class PublicSite(Datasette):  # type: ignore[misc]
    """Everything that is attached may be seen by everyone, and nothing else by anyone."""

    async def permission_allowed(self, actor: Any, action: str, resource: Any = None, default: bool | None = False) -> bool:
        """Whether ``action`` is allowed, to whomever. Rights of tables protect nothing in Datasette (its documentation says so):
        what must not be seen is not attached."""
        if (resource if isinstance(resource, str) else (resource or ("",))[0]) == "_internal":
            return False
        return action in PUBLIC or (action == "execute-sql" and bool(self.setting("default_allow_sql")))

    async def refresh_schemas(self) -> None:
        """Keeps no catalogue in ``_internal``: it is for instances whose files change, and nothing here reads it."""


def _once(name: str) -> Callable[..., Awaitable[Any]]:
    """The method ``name`` of Datasette, asked once for each of its arguments."""
    ask = getattr(Database, name)

    async def remembered(self: PublicDatabase, *arguments: Any) -> Any:
        key = (name, *arguments)
        if key not in self.facts:
            answer = await ask(self, *arguments)
            if len(self.facts) >= MOST:
                return answer
            self.facts[key] = answer
        return copy(self.facts[key])

    return remembered


class PublicDatabase(Database):  # type: ignore[misc]
    """One release. ``facts`` are the answers about its schema so far."""

    def __init__(self, site: Datasette, path: Path) -> None:
        super().__init__(site, path=str(path), is_mutable=False)
        self.facts: dict[tuple[Any, ...], Any] = {}

    table_exists = _once("table_exists")
    table_names = _once("table_names")
    table_columns = _once("table_columns")
    table_column_details = _once("table_column_details")
    primary_keys = _once("primary_keys")
    fts_table = _once("fts_table")
    label_column_for_table = _once("label_column_for_table")
    foreign_keys_for_table = _once("foreign_keys_for_table")
    hidden_table_names = _once("hidden_table_names")
    view_names = _once("view_names")
    get_all_foreign_keys = _once("get_all_foreign_keys")
    get_table_definition = _once("get_table_definition")
    get_view_definition = _once("get_view_definition")
