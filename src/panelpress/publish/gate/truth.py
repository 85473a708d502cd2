"""The scorer's side of the attacks: it holds the secure tables and the private maps, tells the attacker what an outsider could
know about a target, and counts who was right. Lives beside the publisher because the attacker may hold no truth.

What an outsider knows is the target's true answers, told in the release's own codes: for each secure answer the published code
that it is mostly shown as.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from panelpress.build.compiler.quote import name
from panelpress.model.study import Study
from panelpress.validation.disclosure.released import ABSENT, Codes, Histories, ReleasedStudy, cell
from panelpress.validation.disclosure.result import AttackResult

UNKNOWN_CODE = 1_000_000
SEED = 20220224  # of everything random in the control: the same release gets the same findings


@dataclass(frozen=True, slots=True)
class Truth:
    """One study: secure ids of the targets, their facts in the codes of the release, and the record each target really is
    (-1 where the person is not in the release)."""

    targets: tuple[str, ...]
    facts: Codes
    record: Codes


def truth_of(
    secure: duckdb.DuckDBPyConnection, study: Study, released: ReleasedStudy, known: Histories, identities: Mapping[str, str]
) -> Truth:
    """Facts of every person of the secure table in the waves that the release holds."""
    own = study.key[0]
    waves = released.waves
    wave = "wave" if study.kind == "panel" else f"'{study.id}' AS wave"
    cells = ", ".join(
        f"COALESCE(CAST({name(key)} AS VARCHAR), '~' || {name(key + '__why')}) AS {name(key)}" for key in released.keys
    )
    rows = (
        secure.sql(f"SELECT {own} AS secure, {wave}, {cells} FROM {name(study.table)}")
        .pl()
        .filter(pl.col("wave").is_in(list(waves)))
    )
    names = pl.DataFrame({"secure": list(identities), "released": list(identities.values())})
    rows = rows.join(names, on="secure", how="left")
    shown = released.rows.select(pl.col(released.person).alias("released"), "wave", *(cell(key) for key in released.keys))
    both = rows.join(shown, on=["released", "wave"], how="inner", suffix="_shown")
    targets = tuple(str(each) for each in rows["secure"].unique().sort())
    place = {target: index for index, target in enumerate(targets)}
    facts = np.full((len(targets), len(known.columns)), ABSENT, dtype=np.int64)
    for key in released.keys:
        words = _words(both, key, known.words[key])
        column = {each: known.columns.index((each, key)) for each in waves}
        for target, in_wave, word in rows.select("secure", "wave", key).iter_rows():
            facts[place[target], column[in_wave]] = words.get(word, UNKNOWN_CODE)
    index = {person: row for row, person in enumerate(known.persons)}
    record = np.array([index.get(identities.get(target, ""), -1) for target in targets], dtype=np.int64)
    return Truth(targets, facts, record)


def _words(both: pl.DataFrame, key: str, codes: Mapping[str, int]) -> dict[str, int]:
    """Secure answer -> code of the published answer that it is mostly shown as."""
    counted = both.group_by(key, f"{key}_shown").len().drop_nulls(f"{key}_shown").sort("len", key, f"{key}_shown")
    return {str(answer): codes[str(shown)] for answer, shown, _ in counted.iter_rows()}


def shuffled(facts: Codes, seed: int) -> Codes:
    """Control targets: each fact is somebody's, no combination is anybody's; participation stays as it is."""
    rng = np.random.default_rng(seed)
    control = facts.copy()
    for column in range(facts.shape[1]):
        present = np.flatnonzero(facts[:, column] != ABSENT)
        control[present, column] = facts[rng.permutation(present), column]
    return control


def score(
    attack: str, claims: Codes, control: Codes, released: ReleasedStudy, truth: Truth, published: bool = False
) -> AttackResult:
    """How many ``claims`` (record of each target, -1 for none) are right, and how many of the ``control``'s."""
    return AttackResult(
        attack=attack,
        study=released.name,
        attempts=len(claims),
        claims=int((claims >= 0).sum()),
        correct=int(((claims >= 0) & (claims == truth.record)).sum()),
        control_attempts=len(control),
        control_correct=int(((control >= 0) & (control == truth.record)).sum()),
        published=published,
    )
