"""The list of people who withdrew: keyed digests in the work folder, so that no later delivery brings them back.

``withdrawn.jsonl``, one object a line: ``{"batch": 1, "date": "2026-01-31", "digest": "..."}``. The digest is an HMAC of study
and secure id under the project's key: whoever has the list alone learns nobody's id from it, and with another key it recognizes
nobody (rotate the key only after the people on it are gone from the platform too).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from panelpress.paths import Places
from panelpress.raw.identity import keyed_digest
from panelpress.raw.key import PseudonymKey


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One person on the list. ``batch`` counts releases made without the people listed until then, from 1."""

    digest: str
    date: str
    batch: int


def suppression_digest(key: PseudonymKey, study: str, secure_id: str) -> str:
    """What stands on the list for a person of ``study``."""
    return keyed_digest(key, "withdrawn", study, secure_id)


def read_suppressed(places: Places) -> tuple[Suppressed, ...]:
    """Everybody on the list, in the order of withdrawal; nobody where there is no list."""
    if not places.suppression_list.is_file():
        return ()
    lines = places.suppression_list.read_text(encoding="utf-8").splitlines()
    return tuple(Suppressed(**json.loads(line)) for line in lines if line.strip())


def write_suppressed(places: Places, listed: Iterable[Suppressed]) -> None:
    """Replace the list in one step, mode 0600."""
    text = "".join(
        json.dumps({"batch": each.batch, "date": each.date, "digest": each.digest}, sort_keys=True) + "\n" for each in listed
    )
    unfinished = places.suppression_list.with_suffix(".part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(places.suppression_list)


def without_withdrawn(
    frames: Mapping[tuple[str, str, str], pl.DataFrame], places: Places, key: PseudonymKey
) -> tuple[dict[tuple[str, str, str], pl.DataFrame], dict[tuple[str, str, str], int]]:
    """De-identified deliveries without the rows of people on the list, and how many rows went, by (study, wave, part)."""
    digests = {each.digest for each in read_suppressed(places)}
    if not digests:
        return dict(frames), {}
    kept: dict[tuple[str, str, str], pl.DataFrame] = {}
    gone: dict[tuple[str, str, str], int] = {}
    for slot, frame in frames.items():
        persons = frame.get_column("person_id").unique().to_list()
        out = [each for each in persons if suppression_digest(key, slot[0], each) in digests]
        kept[slot] = frame.filter(~pl.col("person_id").is_in(out))
        if kept[slot].height < frame.height:
            gone[slot] = frame.height - kept[slot].height
    return kept, gone
