"""Reads a release the way any stranger can: its manifest and its Parquet files, nothing else.

For each study it gives the published keys, the promised class size, and every person's *linked history*: for each wave and key
one code, ``STAR`` where the value is suppressed, ``ABSENT`` where the person has no row in the wave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

STAR, ABSENT, UNSEEN = -1, -2, -3
SUPPRESSED = "suppressed"
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ReleasedStudy:
    """One study of a release. ``rows`` are its responses with text columns for keys; ``person`` is the id column, ``weight`` and
    ``household`` columns that the release states to hold sampling weights and households (None: there are none)."""

    name: str
    person: str
    waves: tuple[str, ...]
    keys: tuple[str, ...]
    class_size: int
    max_risk: float
    rows: pl.DataFrame
    tier: str = "open"
    weight: str | None = None
    household: str | None = None

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Columns of the linked history: (wave, key)."""
        return tuple((wave, key) for wave in self.waves for key in self.keys)


@dataclass(frozen=True, slots=True)
class Histories:
    """Linked histories as codes: ``codes`` has a row a person and a column a (wave, key). ``words`` numbers each key's values,
    reasons included (a published reason identifies like a value)."""

    persons: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    codes: Codes
    words: Mapping[str, Mapping[str, int]]


def read_release(folder: Path) -> tuple[ReleasedStudy, ...]:
    """The studies of the release in ``folder`` that publish rows and state their keys (``disclosure.studies.<study>``). A study
    that states none cannot be attacked; the caller knows which studies there should be."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    stated = manifest["disclosure"].get("studies") or {}
    tier = str(manifest.get("tier", "open"))
    found = [_read(folder, str(study), said, tier) for study, said in stated.items()]
    return tuple(each for each in found if each is not None)


def _read(folder: Path, study: str, said: Mapping[str, Any], tier: str) -> ReleasedStudy | None:
    paths = [folder / "data" / "parquet" / f"{name}.parquet" for name in (f"{study}_responses", study)]
    path = next((each for each in paths if each.is_file()), None)
    if path is None:
        return None
    return released_study(study, said, pl.read_parquet(path), tier)


def released_study(study: str, said: Mapping[str, Any], rows: pl.DataFrame, tier: str) -> ReleasedStudy:
    """``study`` as its published ``rows`` and its statement ``said`` in the manifest describe it."""
    person = "person_id" if "person_id" in rows.columns else "record_id"
    if "wave" not in rows.columns:
        rows = rows.with_columns(wave=pl.lit(study))
    waves = tuple(sorted(str(wave) for wave in rows["wave"].unique()))
    keys = tuple(str(key) for key in said["keys"] if key in rows.columns)
    weight, household = (said.get(role) if said.get(role) in rows.columns else None for role in ("weight", "household"))
    size, risk = int(said["class_size"]), float(said["max_risk"])
    return ReleasedStudy(study, person, waves, keys, size, risk, rows, tier, weight, household)


def cell(key: str) -> pl.Expr:
    """Value or reason of a key as one text; NULL where it is starred."""
    value, why = pl.col(key).cast(pl.String), pl.col(f"{key}__why")
    return pl.when(why == SUPPRESSED).then(None).otherwise(pl.coalesce(value, pl.concat_str(pl.lit("~"), why))).alias(key)


def by_person(study: ReleasedStudy, column: str, persons: Sequence[str]) -> pl.Series:
    """The last value that each of ``persons`` shows in ``column``."""
    found = study.rows.sort("wave").group_by(pl.col(study.person).cast(pl.String)).agg(pl.col(column).drop_nulls().last())
    return pl.DataFrame({study.person: list(persons)}).join(found, on=study.person, how="left", maintain_order="left")[column]


def histories(study: ReleasedStudy) -> Histories:
    """Every person's linked history as codes."""
    persons = study.rows[study.person].unique().sort()
    place = {person: row for row, person in enumerate(persons)}
    columns = study.columns
    codes = np.full((len(persons), len(columns)), ABSENT, dtype=np.int64)
    words: dict[str, dict[str, int]] = {}
    for key in study.keys:
        texts = study.rows.select(study.person, "wave", cell(key))
        words[key] = {str(word): number for number, word in enumerate(texts[key].drop_nulls().unique().sort())}
        for person, wave, word in texts.iter_rows():
            codes[place[person], columns.index((wave, key))] = STAR if word is None else words[key][word]
    return Histories(tuple(str(person) for person in persons), columns, codes, words)


def numbered(codes: Codes) -> Codes:
    """One number a row, equal where all codes of two rows are equal. Sorting numbers costs a tenth of sorting rows, and the
    attacks sort hundreds of times."""
    numbers = np.zeros(len(codes), dtype=np.int64)
    span = 1
    for column in codes.T:
        digits = column - int(column.min()) if len(column) else column
        width = int(digits.max()) + 1 if len(digits) else 1
        if span * width >= 2**62:
            kinds, numbers = np.unique(numbers, return_inverse=True)
            span = len(kinds)
        if span * width >= 2**62:
            kinds, digits = np.unique(digits, return_inverse=True)
            width = len(kinds)
        numbers = numbers * width + digits
        span *= width
    return numbers


def exact_classes(codes: Codes) -> Codes:
    """Size of the exact class of each row: how many rows have the very same codes, a star being a code like any other."""
    _, inverse, counts = np.unique(numbered(codes), return_inverse=True, return_counts=True)
    return np.asarray(counts, dtype=np.int64)[np.asarray(inverse).ravel()]
