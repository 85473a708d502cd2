"""The list of people who withdrew: keyed digests in the work folder, so that no later delivery brings them back.

``withdrawn.jsonl``, one object a line: ``{"batch": 1, "date": "2026-01-31", "digest": "...", "key": "<fingerprint>"}``. The
digest is an HMAC of study and secure id under the project's key of that day: whoever has the list alone learns nobody's id from
it. After a rotation the people of a new delivery are looked up under the former keys as well (``former_keys``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import polars as pl

from panelpress.durable import write_whole
from panelpress.errors import KeyRefused
from panelpress.paths import Places
from panelpress.raw.former_keys import read_former
from panelpress.raw.identity import keyed_digest
from panelpress.raw.key import PseudonymKey


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One person on the list. ``batch`` counts releases made without the people listed until then, from 1; ``key`` is the
    fingerprint of the key under which the digest was made."""

    digest: str
    date: str
    batch: int
    key: str


Ids = Mapping[tuple[str, str], tuple[str, ...]]
"""(study, secure id) -> the person's ids under the present key and each former one."""


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
    text = "".join(json.dumps(asdict(each), sort_keys=True) + "\n" for each in listed)
    write_whole(places.suppression_list, text, mode=0o600)


def without_withdrawn(
    frames: Mapping[tuple[str, str, str], pl.DataFrame], places: Places, keys: Sequence[PseudonymKey], ids: Ids
) -> tuple[dict[tuple[str, str, str], pl.DataFrame], dict[tuple[str, str, str], int]]:
    """De-identified deliveries without the rows of people on the list; how many rows went, by (study, wave, part). Where there
    are former ``keys``, ``ids`` has the ids of each person under all of them."""
    digests = {each.digest for each in read_suppressed(places)}
    if not digests:
        return dict(frames), {}
    kept: dict[tuple[str, str, str], pl.DataFrame] = {}
    gone: dict[tuple[str, str, str], int] = {}
    for slot, frame in frames.items():
        persons = frame.get_column("person_id").unique().to_list()
        out = [each for each in persons if _listed(slot[0], ids.get((slot[0], each), (each,)), keys, digests)]
        kept[slot] = frame.filter(~pl.col("person_id").is_in(out))
        if kept[slot].height < frame.height:
            gone[slot] = frame.height - kept[slot].height
    return kept, gone


def _listed(study: str, ids: Sequence[str], keys: Sequence[PseudonymKey], digests: set[str]) -> bool:
    return any(suppression_digest(key, study, each) in digests for key, each in zip(keys, ids, strict=True))


def keys_of_list(places: Places, key: PseudonymKey) -> tuple[PseudonymKey, ...]:
    """The present ``key`` and the former ones that the list was made with. Raises KeyRefused where one of them is lost: the
    people it names would come back with the next delivery."""
    listed = {each.key for each in read_suppressed(places)}
    if listed <= {key.fingerprint}:
        return (key,)
    keys = (key, *read_former(places, key))
    if not listed <= {each.fingerprint for each in keys}:
        raise KeyRefused(
            places.suppression_list.name,
            "names people who withdrew under a key that was exchanged since, and that key is not in the work folder.",
            f"Bring back {places.former_keys.name} from a backup: without it a new delivery would bring them back.",
        )
    return keys
