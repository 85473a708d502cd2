"""How many persons of two releases can be told to be the same by answers that did not change: the risk that no recoding of keys
mends. Scored for the gate, and stated in the manifest and README of the later release.

Computed from the tables that both releases hold and their private maps, before any file is written: a file that held the result
of an attack on itself could no longer be the one that was attacked. The gate tries it again on the finished files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from panelpress.publish.gate.truth import SEED
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.tables.sql import quoted
from panelpress.validation.disclosure.between import same_answers
from panelpress.validation.disclosure.released import ReleasedStudy, read_release, released_study
from panelpress.validation.disclosure.result import AttackResult

Identities = Mapping[str, Mapping[str, str]]
STATED = "relinked"


def relinked(
    old: ReleasedStudy, new: ReleasedStudy, pairs: pl.DataFrame, old_ids: Mapping[str, str], new_ids: Mapping[str, str]
) -> AttackResult:
    """``pairs`` of ``same_answers``, counted right where the private maps (secure id -> released id) say so. The control pairs
    the same records at random."""
    old_owner, owner = ({released: secure for secure, released in ids.items()} for ids in (old_ids, new_ids))
    claimed = [owner.get(each) for each in pairs["person_new"]]
    right, luck = (
        sum(1 for person, secure in zip(pairs["person"], others, strict=True) if secure and old_owner.get(person) == secure)
        for others in (claimed, [claimed[place] for place in np.random.default_rng(SEED).permutation(len(claimed))])
    )
    persons = old.rows[old.person].n_unique()
    return AttackResult("relink", new.name, persons, len(claimed), right, persons, luck, published=True)


def with_relinked(made: Assembled, before: Path, identities: Identities) -> Assembled:
    """``made``, whose statement says of each panel how many persons of the release in folder ``before`` can be found in it again
    (``persons``, the shares ``linked`` of them and ``right`` of these)."""
    edition = made.edition
    stated = dict(edition.disclosure.get("studies", {}))
    panels = {study.id: study for study in edition.studies if study.kind == "panel"}
    for old in read_release(before):
        if old.name in panels and old.name in stated:
            rows = made.rows.sql(f"SELECT * FROM {quoted(panels[old.name].table)}").pl()
            new = released_study(old.name, stated[old.name], rows, edition.tier)
            result = relinked(old, new, same_answers(old, new), identities.get(old.name, {}), made.identities[old.name])
            said = {"since": before.name, "persons": result.attempts}
            said |= {"linked": _told(result.claims, result.attempts, old.class_size)}
            said["right"] = _told(result.correct, result.claims, old.class_size)
            stated[old.name] = {**stated[old.name], STATED: said}
    return replace(made, edition=replace(edition, disclosure={**edition.disclosure, "studies": stated}))


def _told(part: int, whole: int, k: int) -> float | None:
    """A share to three decimals. Where it would tell of fewer than ``k`` persons, on either side, the greater risk is told."""
    if not whole:
        return None
    at_least = min(k, whole) if 0 < part < k else part
    return round((whole if 0 < whole - at_least < k else at_least) / whole, 3)
