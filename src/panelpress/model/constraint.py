"""One rule on one column or set of columns, with exactly one owner: what every validator is compiled from.

A constraint says nothing of how it is checked. ``OWNERS`` is the division of labour: a kind of constraint on a kind of subject
belongs to one tool, so that an error is reported once and by the tool that sees it best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from panelpress.model.table import FieldType, ForeignKey
from panelpress.model.variable import Code

Subject = Literal["wave", "table", "package"]
Owner = Literal["jsonschema", "linter", "frictionless", "pandera", "duckdb", "great_expectations", "diff", "attacker"]
Kind = Literal[
    "readable", "encoding", "header", "row_shape", "integrity", "columns", "type", "required", "pattern", "codes", "range",
    "key_complete", "key_unique", "unique", "foreign_key", "one_channel", "blank_text",
]  # fmt: skip

OWNERS: Mapping[tuple[Subject, Kind], Owner] = {
    ("wave", "readable"): "frictionless",
    ("wave", "encoding"): "frictionless",
    ("wave", "header"): "frictionless",
    ("wave", "row_shape"): "frictionless",
    ("wave", "type"): "frictionless",
    ("wave", "required"): "frictionless",
    ("wave", "codes"): "pandera",
    ("wave", "range"): "pandera",
    ("wave", "key_complete"): "duckdb",
    ("wave", "key_unique"): "duckdb",
    ("table", "columns"): "pandera",
    ("table", "type"): "pandera",
    ("table", "required"): "pandera",
    ("table", "pattern"): "pandera",
    ("table", "codes"): "duckdb",
    ("table", "range"): "duckdb",
    ("table", "key_complete"): "duckdb",
    ("table", "key_unique"): "duckdb",
    ("table", "unique"): "duckdb",
    ("table", "foreign_key"): "duckdb",
    ("table", "one_channel"): "duckdb",
    ("table", "blank_text"): "duckdb",
    ("package", "readable"): "frictionless",
    ("package", "encoding"): "frictionless",
    ("package", "header"): "frictionless",
    ("package", "row_shape"): "frictionless",
    ("package", "integrity"): "frictionless",
    ("package", "type"): "frictionless",
    ("package", "required"): "frictionless",
    ("package", "pattern"): "frictionless",
    ("package", "codes"): "frictionless",
    ("package", "range"): "frictionless",
    ("package", "key_unique"): "frictionless",
    ("package", "foreign_key"): "frictionless",
}


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule of ``kind`` on ``fields`` of ``resource``. Which of the other attributes are set follows from the kind:

    ``type``: ``type``, and for wave files ``values``, the codes that need not be of that type; ``codes``: ``values``; ``range``:
    ``minimum`` and ``maximum``, inclusive, as text, and for wave files ``values``, the codes that may lie outside; ``pattern``: a
    regular expression of the whole text; ``foreign_key``: ``reference``; ``one_channel``: fields are value and reason.
    """

    subject: Subject
    kind: Kind
    resource: str
    fields: tuple[str, ...] = ()
    type: FieldType | None = None
    values: tuple[Code, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    reference: ForeignKey | None = None

    @property
    def rule(self) -> str:
        """Id of the check, e.g. ``table.codes``."""
        return f"{self.subject}.{self.kind}"

    @property
    def owner(self) -> Owner:
        return OWNERS[(self.subject, self.kind)]

    @property
    def field(self) -> str | None:
        return ", ".join(self.fields) or None
