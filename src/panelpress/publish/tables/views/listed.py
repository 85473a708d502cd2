"""All views of an edition in their order, and the table ``views``, by which a reader without a database learns of them too."""

from __future__ import annotations

import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.tables.catalogue import fill, texts
from panelpress.publish.tables.views.samples import sample_views
from panelpress.publish.tables.views.together import all_responses
from panelpress.publish.tables.views.trends import trend_views
from panelpress.publish.tables.views.view import View
from panelpress.schemas.catalogue import views_table


def views(edition: Edition) -> tuple[View, ...]:
    """All views of an edition: over all studies, named samples, trends."""
    together = all_responses(edition)
    return (*((together,) if together else ()), *sample_views(edition), *trend_views(edition))


def contribute_views(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Adds the table ``views``."""
    table = views_table(edition.project.languages)
    content = [
        {
            "view": view.name,
            "kind": view.kind,
            "study": view.study,
            "variable": view.variable,
            "waves": " ".join(view.waves),
            "left_out": " ".join(view.left_out) or None,
            **texts("description", view.description, edition),
        }
        for view in views(edition)
    ]
    fill(rows, table, content)
    return (table,)
