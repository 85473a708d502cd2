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
from panelpress.publish.gate.truth import SEED
from panelpress.validation.disclosure.inference import commonest, learn, told_by_classes
from panelpress.validation.disclosure.released import SUPPRESSED, Codes, ReleasedStudy, cell, numbered
from panelpress.validation.disclosure.result import AttackResult

MARGIN = 0.05
FEWEST = 30  # fewer starred cells say nothing about a rate


def attack_answers(
    secure: duckdb.DuckDBPyConnection, study: Study, released: ReleasedStudy, identities: Mapping[str, str]
) -> list[AttackResult]:
    """Prediction of each key's starred cells from everything else that is released, what classes tell of answers, and inference
    of answers from the keys."""
    columns = [column for column in released.rows.columns if f"{column}__why" in released.rows.columns]
    if not released.keys or not columns:
        return []
    coded = {column: _coded(released.rows, column) for column in columns}
    elsewhere = _other_waves(released)
    results = []
    for key in released.keys:
        others = [*(coded[column] for column in columns if column != key), *elsewhere]
        result = _starred(secure, study, released, identities, key, others)
        if result is not None:
            results.append(result)
    answers = [column for column in columns if column not in released.keys]
    if answers:
        results.append(_told(released, [coded[key] for key in released.keys], [coded[answer] for answer in answers]))
    results += [_inferred(released, released.keys, answer, coded) for answer in answers]
    return results


def _other_waves(released: ReleasedStudy) -> list[Codes]:
    """For each row what the same person shows of each key in each wave, blank where there is no response. The row's own wave is
    left out: it is looked at anyway, and holds the very cell that is asked for."""
    found = []
    for wave in released.waves if len(released.waves) > 1 else ():
        for key in released.keys:
            there = released.rows.filter(pl.col("wave") == wave).select(released.person, cell(key).fill_null("*").alias("there"))
            joined = released.rows.select(released.person, "wave").join(
                there, on=released.person, how="left", maintain_order="left"
            )
            shown = joined.select(pl.when(pl.col("wave") == wave).then(None).otherwise(pl.col("there"))).to_series()
            found.append(shown.fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1)
    return found


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
    columns: Sequence[Codes],
) -> AttackResult | None:
    starred = (released.rows[f"{key}__why"] == SUPPRESSED).fill_null(False).to_numpy()
    shown = released.rows[key].is_not_null().to_numpy()
    if int(starred.sum()) < FEWEST or int(shown.sum()) < FEWEST:
        return None
    if not columns:
        return None
    others = np.column_stack(columns)
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
    own = study.key[0]
    wave = "wave" if study.kind == "panel" else f"'{study.id}' AS wave"
    true = secure.sql(f"SELECT {own} AS secure, {wave}, CAST({name(key)} AS VARCHAR) AS truth FROM {name(study.table)}").pl()
    names = pl.DataFrame({"secure": list(identities), released.person: list(identities.values())})
    rows = released.rows.select(released.person, "wave", pl.col(key).cast(pl.String).alias("shown"))
    joined = rows.join(names.join(true, on="secure"), on=[released.person, "wave"], how="left", maintain_order="left")
    pairs = joined.group_by("truth", "shown").len().drop_nulls().sort("len", "truth", "shown")
    parent = {str(truth): str(shown) for truth, shown, _ in pairs.iter_rows()}
    return np.array([words.get(parent.get(str(each), ""), -1) for each in joined["truth"]], dtype=np.int64)


def _told(released: ReleasedStudy, keys: Sequence[Codes], answers: Sequence[Codes]) -> AttackResult:
    """Attribute disclosure: of all answers, how many follow from the class as its commonest answer, beside how many follow from
    the sample as a whole. Told openly: k says nothing about it."""
    _, classes = np.unique(numbered(np.column_stack(keys)), return_inverse=True)
    told = [told_by_classes(np.asarray(classes).ravel(), each) for each in answers]
    n = released.rows.height * len(answers)
    by_class, by_sample = (
        round(sum(shares) * released.rows.height) for shares in ([e.in_class for e in told], [e.in_sample for e in told])
    )
    return AttackResult("attribute_gain", released.name, n, n, by_class, n, by_sample, MARGIN, published=True)


def _inferred(released: ReleasedStudy, key_columns: Sequence[str], answer: str, coded: Mapping[str, Codes]) -> AttackResult:
    """An open answer predicted from the keys, trained on one half of the file, tried on the other. The file shows the answer
    anyway; the gain over the commonest answer is what keys tell of people who are not in it. Told openly."""
    rng = np.random.default_rng(SEED)
    half = rng.permutation(released.rows.height) < released.rows.height // 2
    keys = np.column_stack([coded[key] for key in key_columns])
    answers = coded[answer]
    guesses = learn(answers[half], keys[half]).predict(keys[~half])
    true = answers[~half]
    base = int((true == commonest(answers[half])).sum())
    n = len(true)
    return AttackResult(f"inference.{answer}", released.name, n, n, int((guesses == true).sum()), n, base, MARGIN, published=True)
