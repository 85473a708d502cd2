"""A view for each named sample: ``<table>__sample_<sample>``, its responses, or each person once where persons are counted.

The rule is evaluated on the released table. Where protection starred an answer that the rule reads, the row is not in the view;
where the tier lacks a variable or holds it under other codes, there is no view.
"""

from __future__ import annotations

from collections.abc import Iterator

from panelpress.model.release import Edition
from panelpress.model.text import LocalText
from panelpress.publish.tables.recoded import recoded
from panelpress.publish.tables.views.sample_sql import sample_view
from panelpress.publish.tables.views.view import View


def sample_views(edition: Edition) -> Iterator[View]:
    """The views of all named samples that this edition can tell."""
    changed = recoded(edition, {variable.id: variable for variable in edition.variables})
    studies = {study.id: study for study in edition.studies}
    for sample in edition.samples:
        if sample.study not in studies:
            continue
        study = studies[sample.study]
        columns = frozenset(edition.table(study.table).field_names) - changed
        select = sample_view({"rule": sample.where, "unit": sample.unit}, study.table, columns, study.wave_ids)
        if select is not None:
            rule = f": {sample.where}" if sample.where else ""
            said = LocalText({language: text + rule for language, text in sample.label.by_language.items()})
            yield View(f"{study.table}__sample_{sample.id}", "sample", select, said, study.wave_ids, study.id)
