"""Attacks that hold two releases against each other: who was added or is gone, which records are the same person, and what
the two show together. Ids differ between releases, so records are linked by what people answered: unchanged answers are a
fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from panelpress.validation.disclosure.matching import match
from panelpress.validation.disclosure.released import Codes, Histories, ReleasedStudy, cell


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs of person indexes (old, new) whose answers are alike in both releases and unlike everyone else's."""

    old: Codes
    new: Codes


def answers(study: ReleasedStudy) -> tuple[str, ...]:
    """Columns of answers that are no keys."""
    names = [name for name in study.rows.columns if f"{name}__why" in study.rows.columns]
    return tuple(name for name in names if name not in study.keys)


def fingerprints(study: ReleasedStudy, waves: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """One text a person: all answers in ``waves``, in order. Columns: person, mark."""
    rows = study.rows.filter(pl.col("wave").is_in(list(waves))).select(study.person, "wave", *(cell(name) for name in columns))
    marked = rows.select(
        pl.col(study.person).alias("person"),
        "wave",
        pl.concat_str([pl.col("wave"), *(pl.col(name).fill_null("*") for name in columns)], separator="\x1f").alias("mark"),
    )
    return marked.sort("person", "wave").group_by("person", maintain_order=True).agg(pl.col("mark").str.join("\x1e"))


def same_answers(old: ReleasedStudy, new: ReleasedStudy) -> pl.DataFrame:
    """Persons whose fingerprint over the waves and answers of both releases is the same and unique on either side. Columns:
    person, person_new."""
    waves = [wave for wave in old.waves if wave in new.waves]
    shared = [name for name in answers(old) if name in answers(new)]
    left, right = fingerprints(old, waves, shared), fingerprints(new, waves, shared)
    left = left.filter(pl.col("mark").is_unique())
    right = right.filter(pl.col("mark").is_unique())
    return left.join(right, on="mark", suffix="_new", maintain_order="left").select("person", "person_new")


def relink(pairs: pl.DataFrame, old: Histories, new: Histories) -> Linked:
    """``pairs`` of ``same_answers`` as indexes of histories."""
    places = {person: index for index, person in enumerate(old.persons)}
    new_places = {person: index for index, person in enumerate(new.persons)}
    return Linked(
        np.array([places[person] for person in pairs["person"]], dtype=np.int64),
        np.array([new_places[person] for person in pairs["person_new"]], dtype=np.int64),
    )


def intersect(old_facts: Codes, new_facts: Codes, old: Histories, new: Histories, linked: Linked, max_risk: float) -> Codes:
    """Knows the target's keys in the codes of both releases and looks among linked persons for records that agree in both.
    Returns, for each target, the claimed person's index in the new release or -1.

    The target may be one of those who were not linked: as many as agree in either release alone are candidates as well, and an
    attacker who forgot them would claim one of two linked records where twelve agree."""
    if len(linked.old) == 0:
        return np.full(len(new_facts), -1, dtype=np.int64)
    together = np.hstack([old.codes[linked.old], new.codes[linked.new]])
    found = match(np.hstack([old_facts, new_facts]), together)
    left_old = match(old_facts, np.delete(old.codes, linked.old, axis=0)).counts
    left_new = match(new_facts, np.delete(new.codes, linked.new, axis=0)).counts
    candidates = found.counts + np.minimum(left_old, left_new)
    claimed = (found.counts > 0) & (candidates * max_risk < 1.0)
    return np.where(claimed, linked.new[np.maximum(found.first, 0)], -1)


def few_added_or_gone(old: ReleasedStudy, new: ReleasedStudy, k: int, withdrawn: Mapping[str, int]) -> int:
    """Groups that both releases show (a wave, and who took part in which of their common waves) whose size differs by more than
    nothing and less than ``k``: the difference of any table of the two would show those few. ``withdrawn``, by group,
    were in the old release when it went offline and are in ``old`` no more."""
    shared = [wave for wave in old.waves if wave in new.waves]
    before, after = (_sizes(study, shared) for study in (old, new))
    before = {group: before.get(group, 0) + withdrawn.get(group, 0) for group in before.keys() | after.keys()}
    return sum(1 for group in before.keys() | after.keys() if 0 < abs(after.get(group, 0) - before.get(group, 0)) < k)


def _sizes(study: ReleasedStudy, waves: Sequence[str]) -> dict[str, int]:
    rows = study.rows.filter(pl.col("wave").is_in(list(waves)))
    patterns = rows.sort("wave").group_by(study.person).agg(pl.col("wave").str.join("+").alias("group"))
    several = patterns.filter(pl.col("group").str.contains("+", literal=True)).select("group")
    counted = pl.concat([rows.select(pl.col("wave").alias("group")), several])
    return {str(group): int(n) for group, n in counted.group_by("group").len().iter_rows()}
