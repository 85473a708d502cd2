"""How often each answer and each reason occurs, wave by wave: the table of a codebook page, beside its pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from panelpress.publish.site.contents import Row


@dataclass(frozen=True, slots=True)
class Line:
    """One answer or reason: its code, its labels, its count by wave."""

    code: str
    labels: Row
    counts: Mapping[str, int]

    def label(self, language: str) -> str:
        return str(self.labels.get(f"label_{language}") or "")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Answers and reasons apart. ``waves`` in the order of the release; none where values are not open."""

    waves: Sequence[str]
    values: Sequence[Line]
    reasons: Sequence[Line]


def frequencies(answers: Sequence[Row], distributions: Sequence[Row], waves: Sequence[str]) -> Frequencies:
    """From the rows of ``value_labels`` and ``distributions`` of one variable. An answer that nobody gave keeps its line."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    labels: dict[tuple[str, str], Row] = {("value", str(row["code"])): row for row in answers}
    for row in sorted(distributions, key=lambda each: int(each["position"])):
        key = (str(row["kind"]), str(row["code"]))
        labels.setdefault(key, row)
        counts.setdefault(key, {})[str(row["wave"])] = int(row["n"])
    lines = {
        kind: [Line(key[1], labels[key], counts.get(key, {})) for key in labels if key[0] == kind] for kind in ("value", "reason")
    }
    asked = {str(row["wave"]) for row in distributions}
    return Frequencies([wave for wave in waves if wave in asked], lines["value"], lines["reason"])
