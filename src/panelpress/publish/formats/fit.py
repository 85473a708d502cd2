"""Says before anything is written whether names and labels fit every labelled format: to the gate, and to ``lint`` without data.

Not here: the limits themselves (``limits``), and the exporters' own refusal, which stands behind both.
"""

from __future__ import annotations

from dataclasses import replace

from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.publish.formats.labelled import LABELLED_KINDS
from panelpress.publish.formats.limits import LIMITS, SHOWN, Format, Misfit, misfits
from panelpress.publish.formats.wide import wide_tables
from panelpress.schemas.checker import Problem
from panelpress.schemas.tables import of_study, persons_table, responses_table
from panelpress.validation.checks import finding

SHORTEN = "Shorten it: a cut label is a wrong label."


def label_findings(edition: Edition) -> list[Finding]:
    """One finding a format, so that a check that held is seen to have been made."""
    total = sum(len(table.fields) for table in edition.tables if table.kind in LABELLED_KINDS)
    found = []
    for format in LIMITS:
        wrong = _misfits(edition, format)
        message = "; ".join(str(each) for each in wrong[:SHOWN])
        found.append(finding("format.labels_fit", format, failed=len(wrong), total=total, message=message))
    return found


def label_problems(edition: Edition) -> list[Problem]:
    """The same for a project without data. ``edition`` is what is planned: its tables follow from the variables of any tier."""
    shown = [each for each in edition.variables if each.tier != "never"]
    tables = [responses_table(study, of_study(study, shown), edition.missing) for study in edition.studies]
    tables += [persons_table(study) for study in edition.studies if study.kind == "panel"]
    planned = replace(edition, tables=tuple(tables))
    return [
        Problem(each.declared_in or edition.project.id, f"{each}.", SHORTEN)
        for format in LIMITS
        for each in _misfits(planned, format)
    ]


def _misfits(edition: Edition, format: Format) -> tuple[Misfit, ...]:
    """What does not fit; once that is mended, what only the wide files make too long, whose names and labels end in the wave."""
    return misfits(edition, format) or misfits(replace(edition, tables=wide_tables(edition)), format)
