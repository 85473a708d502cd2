"""From a read delivery to what may enter the work folder: kept columns under pseudonyms, nothing else.

Identifiers, free text and paradata are dropped by not being selected; there is no list of what to remove. Rows come out in the
order of their pseudonyms, so that the order of arrival, which tells times apart, is gone too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawTable
from panelpress.raw.identity import person_id, record_id
from panelpress.raw.key import PseudonymKey
from panelpress.raw.linkage import Person

NO_CONSENT = "no_consent"
OTHER_WAVE = "other_wave"
ORDER = ("person_id", "record_id")


@dataclass(frozen=True, slots=True)
class Responses:
    """The rows of a delivery that may be used. ``refused`` counts rows left out by reason, those of the reader included."""

    data: pl.DataFrame
    refused: Mapping[str, int]


def usable_rows(raw: RawTable, contract: Contract) -> Responses:
    """Rows of this wave, of people who agreed, where the contract names the columns that tell; all rows elsewhere."""
    refused = dict(raw.refused)
    data = raw.data
    for choice, reason in ((contract.rows, OTHER_WAVE), (contract.consent, NO_CONSENT)):
        if choice is not None:
            kept = data.filter(pl.col(choice.column).is_in(list(choice.given)).fill_null(False))
            if kept.height < data.height:
                refused[reason] = refused.get(reason, 0) + data.height - kept.height
            data = kept
    return Responses(data, refused)


def raw_ids(responses: Responses, contract: Contract, where: str) -> pl.Series:
    """The ids of all rows as text, exactly as delivered. Raises IntakeRefused where an id is blank."""
    column = contract.id_column.name
    ids = responses.data.get_column(column).cast(pl.String).alias("raw_id")
    blank = ids.is_null() | (ids.str.replace_all(r"[\s\u{feff}\u{200b}]+", "") == "")
    n = int(blank.sum())
    if n:
        todo = "Without an id a response can neither be linked nor withdrawn. Ask for ids, or delete the rows from the export."
        raise IntakeRefused(where, f"the id column `{column}` is blank in {n} of {ids.len()} rows.", todo)
    return ids


def refuse_person_twice(persons: Sequence[Person], where: str) -> None:
    """Raises IntakeRefused where a person stands in more than one row of a wave."""
    twice = [n for n in Counter(persons).values() if n > 1]
    if twice:
        who = "a person stands" if len(twice) == 1 else f"{len(twice)} persons stand"
        todo = "Declare in build/cleaning.yaml which response counts (kind: duplicates), or deliver one row a person."
        raise IntakeRefused(where, f"{who} in more than one row of the wave ({sum(twice)} rows).", todo)


def pseudonymize(
    responses: Responses, ids: pl.Series, persons: Sequence[Person], contract: Contract, key: PseudonymKey, part: str = ""
) -> pl.DataFrame:
    """Columns ``person_id``, ``record_id`` and the kept columns of the contract, all text, in order of ``person_id``.

    ``persons`` holds, for each row, the parts of the id that stands for the person in all waves; ``part`` is the part of the
    wave that the file holds.
    """
    # A person's second response in the same wave is a record of its own.
    times = pl.select(ids.alias("raw")).select(pl.int_range(pl.len()).over("raw")).to_series()
    responses_of = [raw if time == 0 else f"{raw}\0{time}" for raw, time in zip(ids, times, strict=True)]
    by_person = {each: person_id(key, contract.study, *each) for each in set(persons)}
    kept = [each.name for each in contract.kept]
    return responses.data.select(
        pl.Series("person_id", [by_person[each] for each in persons], dtype=pl.String),
        pl.Series(
            "record_id", [record_id(key, contract.study, contract.wave, each, part) for each in responses_of], dtype=pl.String
        ),
        *(pl.col(name).cast(pl.String) for name in kept),
    ).sort(ORDER)
