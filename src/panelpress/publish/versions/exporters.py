"""What a release is written as: the list of all formats and documents, and of the tables that are computed from open tables.

Order matters where a document lists files: data first. The manifest, the descriptor and the hashes are written last, by
``staging``.
"""

from __future__ import annotations

from panelpress.publish.codebook import dataflow, distributions, methodology, pages, questionnaire, workbook
from panelpress.publish.figures import export as figures
from panelpress.publish.formats import csv_coded, spss, stata, wide
from panelpress.publish.snippets import write as snippets
from panelpress.publish.standards import croissant, datacite, dcat, ddi, ro_crate, schema_org
from panelpress.publish.tables.assemble import Contributor
from panelpress.publish.tables.provenance import sql_exporter
from panelpress.publish.verify import script as verify_script
from panelpress.publish.versions.staging import PLAIN_EXPORTERS, Exporter
from panelpress.schemas.data_protection import load_data_protection
from panelpress.schemas.declarations import Declarations

OPEN_TABLE_CONTRIBUTORS: tuple[Contributor, ...] = (distributions.contribute,)


def all_exporters(declared: Declarations) -> tuple[Exporter, ...]:
    """Every exporter of a public release. Raises DeclarationError where a declaration that a document needs is wrong."""
    promise = load_data_protection(declared.places, declared.project.languages)
    return (
        *PLAIN_EXPORTERS,
        csv_coded.write,
        spss.write,
        stata.write,
        wide.write,
        pages.write,
        workbook.write,
        dataflow.exporter(promise),
        ddi.write,
        datacite.write,
        dcat.write,
        schema_org.write,
        croissant.write,
        verify_script.write,
        snippets.write,
        sql_exporter(declared),
        figures.write,
        questionnaire.exporter(declared),
        methodology.exporter(declared),
        ro_crate.write,
    )
