"""A Datasette plugin: codes are stored, labels are shown, and a missing value shows its reason.

Labels come from the catalogue of the release, read once, so a cell costs two look-ups and no query. The language is that of
the request (``front`` sets it).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from panelpress.publish.site.contents import Contents, text
from panelpress.publish.site.words import DEFAULT, words

LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT)
WHY = "__why"


class Labels:
    """Labels of one release in one language: of codes by variable, of missing reasons, of waves."""

    def __init__(self, contents: Contents, language: str) -> None:
        said = words(language)
        self.codes: dict[str, dict[str, str]] = {}
        for row in contents.rows("value_labels"):
            self.codes.setdefault(str(row["variable"]), {})[str(row["code"])] = text(row, "label", language)
        for name in ("wave", "first_wave", "from_wave", "to_wave"):
            self.codes[name] = {wave: text(row, "label", language) for wave, row in contents.waves.items()}
        self.reasons = {str(row["reason"]): text(row, "label", language) for row in contents.rows("missing_reasons")}
        self.no_value, self.nothing = said["missing_value"], said["none_value"]
        # Cells as they are shown, made once: a page of 20 rows and 80 variables asks 1,600 times.
        self._coded = {variable: _coded(labels) for variable, labels in self.codes.items()}
        self._reasons = _coded(self.reasons)
        self._whys = {reason: _why(label or reason) for reason, label in self.reasons.items()}
        self._no_value, self._nothing = _why(self.no_value), _why(self.nothing)

    def cell(self, row: Any, value: Any, column: str) -> Markup | None:
        """The cell as it is shown, or None where the value speaks for itself."""
        if value is None or value == "":
            return self._missing(row, column)
        known = self._reasons if column.endswith(WHY) else self._coded.get(column)
        return known.get(str(value)) if known is not None else None

    def _missing(self, row: Any, column: str) -> Markup:
        if column.endswith(WHY):
            return self._nothing
        try:
            reason = row[column + WHY]
        except (IndexError, KeyError, TypeError):  # a result that does not say why
            return self._no_value
        return self._no_value if reason is None else self._whys.get(str(reason)) or _why(str(reason))


def _coded(labels: Mapping[str, str]) -> dict[str, Markup]:
    return {code: Markup('<span class="code">{}</span> {}').format(code, label) for code, label in labels.items() if label}


def _why(said: str) -> Markup:
    return Markup('<span class="why">{}</span>').format(said)


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Labels of the release ``database`` in the language of the request."""
    labels: Mapping[tuple[str, str], Labels] = getattr(datasette, "panel_labels", {})
    found = labels.get((database, LANGUAGE.get()))
    return found.cell(row, value, column) if found is not None else None
