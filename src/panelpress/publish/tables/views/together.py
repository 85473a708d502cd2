"""The view ``all_responses`` over every panel study.

The view is opt-in by name: independent samples are never averaged together by default, and its first column says which study
a row belongs to. A variable that a study does not have is NULL there, with
the reason ``not_asked``.
"""

from __future__ import annotations

from panelpress.model.missing import NOT_ASKED, WHY_SUFFIX
from panelpress.model.release import Edition
from panelpress.model.text import LocalText
from panelpress.publish.tables.sql import columns, literal, quoted
from panelpress.publish.tables.views.view import View

ALL_RESPONSES = "all_responses"
ABOUT = LocalText(
    {
        "en": "Responses of all studies, which are independent samples: compare them, do not average over them.",
        "ru": "Ответы всех исследований. Это независимые выборки: их можно сравнивать, но нельзя усреднять.",
    }
)


def all_responses(edition: Edition) -> View | None:
    """The view over all panel studies, None where there are fewer than two."""
    panels = [study for study in edition.studies if study.kind == "panel"]
    if len(panels) < 2:
        return None
    tables = [edition.table(study.table) for study in panels]
    types: dict[str, set[str]] = {}
    for table in tables:
        for field in table.fields:
            if field.variable:
                types.setdefault(field.variable, set()).add(field.type)
    parts = []
    for study, table in zip(panels, tables, strict=True):
        selected = [f"{literal(study.id)} AS study", columns(table.primary_key)]
        own = set(table.field_names)
        for name, kinds in types.items():
            value = quoted(name) if name in own else "NULL"
            # A recoding may give one study letters where another has numbers; text holds both.
            selected.append(f"CAST({value} AS VARCHAR) AS {quoted(name)}" if len(kinds) > 1 else f"{value} AS {quoted(name)}")
            why = quoted(name + WHY_SUFFIX)
            selected.append(why if name in own else f"{literal(NOT_ASKED)} AS {why}")
        parts.append(f"SELECT {', '.join(selected)} FROM {quoted(table.name)}")
    waves = tuple(wave for study in panels for wave in study.wave_ids)
    return View(ALL_RESPONSES, "all", " UNION ALL ".join(parts), ABOUT, waves)
