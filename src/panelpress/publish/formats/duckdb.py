"""DuckDB: one database file with every table, its key and the views, in the storage version that DuckDB 1.0 reads.

The file is made empty and filled by SELECT. Its bytes never repeat (the engine's own choice); the logical hash of each table
in the manifest stands for its content.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.tables.sql import column_types, columns, create_empty, in_order, literal, quoted
from panelpress.publish.tables.views.listed import views

STORAGE = "v1.0.0"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``<project>-<version>.duckdb``."""
    path = folder / f"{edition.project.id}-{edition.version}.duckdb"
    (home,) = rows.execute("SELECT current_database()").fetchall()[0]
    rows.execute(f"ATTACH {literal(str(path))} AS published (STORAGE_VERSION {literal(STORAGE)})")
    try:
        for table in edition.tables:
            create_empty(rows, table, column_types(rows, table), "published.main")
            names = columns(table.field_names)
            rows.execute(f"INSERT INTO published.main.{quoted(table.name)} ({names}) {in_order(table)}")
        rows.execute("USE published.main")
        for view in views(edition):
            rows.execute(f"CREATE VIEW {quoted(view.name)} AS {view.select}")
            rows.execute(f"COMMENT ON VIEW {quoted(view.name)} IS {literal(view.description.in_language())}")
    finally:
        rows.execute(f"USE {quoted(home)}.main")
        rows.execute("DETACH published")
    return (path,)
