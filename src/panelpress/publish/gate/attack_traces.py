"""Attacks on what nobody meant to publish, scored: guessed ids, the order of rows, numbers that nobody shares."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import polars as pl

from panelpress.build.compiler.quote import name
from panelpress.model.study import Study
from panelpress.publish.gate.truth import SEED, Truth, score
from panelpress.validation.disclosure import traces
from panelpress.validation.disclosure.released import Histories, ReleasedStudy
from panelpress.validation.disclosure.result import AttackResult

TRIED = 500  # targets whose ids are guessed


def attack_traces(
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    released: ReleasedStudy,
    known: Histories,
    truth: Truth,
    identities: Mapping[str, str],
) -> list[AttackResult]:
    """The three attacks; that on numbers only where the files show weights or decimals."""
    results = [_ids(released, known, truth, identities), _order(released, identities)]
    columns = traces.exact_numbers(released)
    if columns:
        results.append(_numbers(secure, study, released, known, truth, columns))
    return results


def _ids(released: ReleasedStudy, known: Histories, truth: Truth, identities: Mapping[str, str]) -> AttackResult:
    sample = truth.targets[:TRIED]
    hits = traces.dictionary_attack(sample, known.persons)
    right = sum(1 for token, guess in hits.items() if identities.get(token) == guess)
    others = traces.dictionary_attack([f"nobody {number}" for number in range(len(sample))], known.persons)
    return AttackResult("dictionary", released.name, len(sample), len(hits), right, len(sample), len(others))


def _order(released: ReleasedStudy, identities: Mapping[str, str]) -> AttackResult:
    back = {each: secure for secure, each in identities.items()}
    private = {secure: rank for rank, secure in enumerate(sorted(identities))}
    order = list(dict.fromkeys(str(each) for each in released.rows[released.person]))
    told = abs(traces.order_tells([private[back[each]] for each in order if each in back]))
    tells = int(len(order) >= 50 and told > 4.0 / np.sqrt(len(order)))
    return AttackResult("row_order", released.name, 1, tells, tells, 400, 0)


def _numbers(
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    released: ReleasedStudy,
    known: Histories,
    truth: Truth,
    columns: tuple[str, ...],
) -> AttackResult:
    """The control knows the numbers of somebody else."""
    own = study.key[0]
    wave = "wave" if study.kind == "panel" else f"'{study.id}' AS wave"
    listed = ", ".join(name(column) for column in columns)
    true = (
        secure.sql(f"SELECT {own}, {wave}, {listed} FROM {name(study.table)}").pl().filter(pl.col("wave").is_in(released.waves))
    )
    facts = _texts(true, own, columns)
    shown = _texts(released.rows, released.person, columns)
    records = [shown.get(person, "") for person in known.persons]
    mine = [facts.get(target, "") for target in truth.targets]
    luck = np.random.default_rng(SEED).permutation(np.array(mine, dtype=object)).tolist()
    claims, control = (traces.find_by_numbers(each, records, released.max_risk) for each in (mine, luck))
    return score("weights", claims, control, released, truth)


def _texts(rows: pl.DataFrame, person: str, columns: tuple[str, ...]) -> dict[str, str]:
    """Each person's numbers, days and times in all waves, side by side; three decimals are more than anybody remembers."""
    kinds = rows.schema
    numbers = [pl.col(each) if kinds[each].is_temporal() else pl.col(each).cast(pl.Float64).round(3) for each in columns]
    cells = [each.cast(pl.String).fill_null("") for each in numbers]
    told = rows.sort("wave").select(
        pl.col(person).cast(pl.String), pl.concat_str(pl.col("wave"), *cells, separator=" ").alias("told")
    )
    joined = told.group_by(person, maintain_order=True).agg(pl.col("told").str.join("|"))
    return {str(who): str(text) for who, text in joined.iter_rows()}
