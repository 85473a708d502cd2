"""Attacks on answers, scored with the secure table: what was starred, predicted from everything else; and open answers from keys.

The predictor is the attacker's; the truth about starred cells comes from the secure table and stays here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import polars as pl

from panelpress.build.compiler.quote import name
from panelpress.model.study import Study
from panelpress.validation.disclosure.inference import commonest, learn
from panelpress.validation.disclosure.released import SUPPRESSED, Codes, ReleasedStudy
from panelpress.validation.disclosure.result import AttackResult

MARGIN = 0.05
FEWEST = 30  # fewer starred cells say nothing about a rate


def attack_answers(
    secure: duckdb.DuckDBPyConnection, study: Study, released: ReleasedStudy, identities: Mapping[str, str], seed: int
) -> list[AttackResult]:
    """Prediction of each key's starred cells, and inference of open answers from the keys."""
    if study.kind != "panel" or not released.keys:
        return []
    results = []
    columns = [column for column in released.rows.columns if f"{column}__why" in released.rows.columns]
    coded = {column: _coded(released.rows, column) for column in columns}
    for key in released.keys:
        result = _starred(secure, study, released, identities, key, columns, coded)
        if result is not None:
            results.append(result)
    answers = [column for column in columns if column not in released.keys]
    results += [_inferred(released, key_columns=released.keys, answer=answer, coded=coded, seed=seed) for answer in answers[:12]]
    return results


def _coded(rows: pl.DataFrame, column: str) -> Codes:
    words = rows.select(
        pl.coalesce(pl.col(column).cast(pl.String), pl.concat_str(pl.lit("~"), pl.col(f"{column}__why")))
    ).to_series()
    return words.fill_null("~").rank("dense").cast(pl.Int64).to_numpy() - 1


def _starred(
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    released: ReleasedStudy,
    identities: Mapping[str, str],
    key: str,
    columns: Sequence[str],
    coded: Mapping[str, Codes],
) -> AttackResult | None:
    starred = (released.rows[f"{key}__why"] == SUPPRESSED).fill_null(False).to_numpy()
    shown = released.rows[key].is_not_null().to_numpy()
    if int(starred.sum()) < FEWEST or int(shown.sum()) < FEWEST:
        return None
    others = np.column_stack([coded[column] for column in columns if column != key])
    kinds = released.rows[key].cast(pl.String)
    words = {word: number for number, word in enumerate(sorted(str(each) for each in kinds.drop_nulls().unique()))}
    truth = _true_words(secure, study, released, identities, key, words)
    answers = np.array([words.get(str(each), -1) for each in kinds], dtype=np.int64)
    predictor = learn(answers[shown], others[shown])
    scored = starred & (truth >= 0)
    guesses = predictor.predict(others[scored])
    n = int(scored.sum())
    base = int((truth[scored] == commonest(truth[scored])).sum()) if n else 0
    return AttackResult(f"starred.{key}", released.name, n, n, int((guesses == truth[scored]).sum()), n, base, MARGIN)


def _true_words(
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    released: ReleasedStudy,
    identities: Mapping[str, str],
    key: str,
    words: Mapping[str, int],
) -> Codes:
    """For each released row the true answer in the release's codes, -1 where there is none."""
    true = secure.sql(f"SELECT person_id AS secure, wave, CAST({name(key)} AS VARCHAR) AS truth FROM {name(study.table)}").pl()
    names = pl.DataFrame({"secure": list(identities), released.person: list(identities.values())})
    rows = released.rows.select(released.person, "wave", pl.col(key).cast(pl.String).alias("shown"))
    joined = rows.join(names.join(true, on="secure"), on=[released.person, "wave"], how="left", maintain_order="left")
    pairs = joined.group_by("truth", "shown").len().drop_nulls().sort("len", "truth", "shown")
    parent = {str(truth): str(shown) for truth, shown, _ in pairs.iter_rows()}
    return np.array([words.get(parent.get(str(each), ""), -1) for each in joined["truth"]], dtype=np.int64)


def _inferred(
    released: ReleasedStudy, key_columns: Sequence[str], answer: str, coded: Mapping[str, Codes], seed: int
) -> AttackResult:
    """An open answer predicted from the keys, trained on one half of the file, tried on the other. The file shows the answer
    anyway; the gain over the commonest answer is what keys tell of people who are not in it. Told openly."""
    rng = np.random.default_rng(seed)
    half = rng.permutation(released.rows.height) < released.rows.height // 2
    keys = np.column_stack([coded[key] for key in key_columns])
    answers = coded[answer]
    guesses = learn(answers[half], keys[half]).predict(keys[~half])
    true = answers[~half]
    base = int((true == commonest(answers[half])).sum())
    n = len(true)
    return AttackResult(f"inference.{answer}", released.name, n, n, int((guesses == true).sum()), n, base, MARGIN, published=True)
