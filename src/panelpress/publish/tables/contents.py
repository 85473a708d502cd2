"""What a release holds beside its responses: the tables that are computed from the open tables, and declared aggregates.

Order matters: printed numbers read the aggregates, so they come after them. Files are listed in ``exporters``.
"""

from __future__ import annotations

import duckdb

from panelpress.model.chain import ReleasePlan
from panelpress.publish.figures.tables import contribute_figures
from panelpress.publish.protection.protected import studies_of
from panelpress.publish.tables.aggregate_table import contribute_aggregates
from panelpress.publish.tables.aggregates import count_aggregates
from panelpress.publish.tables.assemble import Contributor
from panelpress.publish.tables.panel_change import contribute_change
from panelpress.publish.tables.printed_numbers import contribute_printed_numbers
from panelpress.publish.tables.provenance import contribute_provenance
from panelpress.publish.tables.records import contribute_records
from panelpress.publish.tables.views.listed import contribute_views
from panelpress.publish.versions.exporters import OPEN_TABLE_CONTRIBUTORS
from panelpress.schemas.aggregates import load_aggregates
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.figures import load_figures
from panelpress.validation.estimates.register import load_register


def contributors(declared: Declarations, plan: ReleasePlan) -> tuple[Contributor, ...]:
    """The contributors of one release. Aggregates of variables that no tier opens are counted here from the secure tables, as
    ``publish/aggregates.yaml`` declares; all others see open tables only."""
    found: list[Contributor] = [contribute_change, contribute_records(declared.places), *OPEN_TABLE_CONTRIBUTORS]
    found += [contribute_provenance(declared), contribute_views]
    aggregates = load_aggregates(declared)
    if aggregates is not None:
        secure = duckdb.connect(str(declared.places.secure_database), read_only=True)
        try:
            studies = studies_of(plan, declared.studies)
            cells = count_aggregates(secure, aggregates, studies, declared.samples, declared.missing)
        finally:
            secure.close()
        found.append(contribute_aggregates(cells))
    register = load_register(declared.places.estimates_file, declared)
    if register:
        found.append(contribute_printed_numbers(register, declared))
    figures = load_figures(declared)
    if figures:
        found.append(contribute_figures(figures, declared, register))
    return tuple(found)
