"""Rows of the table ``crosswalk``: what becomes of every raw code, in the order in which the parts of a rule apply.

The first row that fits a cell decides it. Rows in brackets are no codes: ``(blank)``, ``(not abroad = 1)`` for those whom the
universe leaves out, ``(works = 0)`` for a filter, ``(any other)`` for what a copy takes as it is or a list of options leaves.
A joined cell of a multi-select is read text by text: 1 where any text of the option stands in it. Derived variables have no
raw codes; their expression stands in ``availability``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from panelpress.model.missing import NOT_APPLICABLE
from panelpress.model.release import Edition
from panelpress.model.variable import Interval, MultiSource, Variable, WaveRule

BLANK = "(blank)"
EMPTY = "(empty text)"
OTHER = "(any other)"
COPIED = "(as it is)"


class Outcome(NamedTuple):
    """What a raw code, or a condition in brackets, becomes: a harmonized code or a missing reason."""

    raw: str
    code: str | None
    reason: str | None


def crosswalk_rows(edition: Edition, listed: Sequence[Variable]) -> Iterator[dict[str, Any]]:
    """The rows of all variables in all waves of the edition."""
    waves = [wave for study in edition.studies for wave in study.wave_ids]
    for variable in listed:
        for wave in waves:
            rule = variable.waves.get(wave)
            for position, outcome in enumerate(outcomes(rule) if rule else (), start=1):
                source = " ".join(rule.source) if rule else None
                yield {"variable": variable.id, "wave": wave, "position": position, "source": source or None, **outcome._asdict()}


def outcomes(rule: WaveRule) -> list[Outcome]:
    """What becomes of each raw code of one wave; nothing for derived and impossible waves."""
    if rule.expr is not None or rule.status not in ("complete", "partial"):
        return []
    found = [Outcome(f"(not {rule.universe})", None, NOT_APPLICABLE)] if rule.universe else []
    found += [Outcome(f"({each.expr})", str(each.value), None) for each in rule.filters]
    # A single code wins over an interval that it lies in, so single codes come first.
    coded = [(raw, Outcome(raw_text(raw), str(code), None)) for raw, code in rule.value_map]
    coded += [(raw, Outcome(raw_text(raw), None, reason)) for raw, reason in rule.missing_map]
    found += [outcome for _, outcome in sorted(coded, key=lambda each: isinstance(each[0], Interval))]
    if rule.multi is not None:
        return [*found, *_joined(rule.multi)]
    return [*found, Outcome(OTHER, COPIED, None)] if rule.copy else found


def raw_text(raw: str | Interval | None) -> str:
    """A raw code as the table shows it."""
    if raw is None:
        return BLANK
    if isinstance(raw, Interval):
        return raw.text
    return raw or EMPTY


def _joined(multi: MultiSource) -> list[Outcome]:
    found = [Outcome(text, "1", None) for text in multi.chosen]
    if multi.rest:
        found.append(Outcome(OTHER, "1", None))
    found += [Outcome(text, "0", None) for text in multi.options if text not in multi.chosen]
    return [*found, Outcome(OTHER, "0", None)] if multi.rest_allowed and not multi.rest else found
