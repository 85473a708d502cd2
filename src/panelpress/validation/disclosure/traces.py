"""Attacks on what nobody meant to publish: ids that can be guessed, an order of rows that follows the private one, numbers so
exact that nobody shares them.

The dictionary attack tries what an outsider could compute: common hashes, bare and with an HMAC key of his own. The order attack
asks whether the rank of a record tells the rank of the person in the private files.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

import numpy as np

from panelpress.validation.disclosure.released import Codes, ReleasedStudy

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256")
GUESSED_KEYS = (b"", b"key", b"secret", b"panelpress", bytes(32))


def guesses(token: str) -> Iterable[str]:
    """Ids that a careless publisher could have made from ``token``."""
    text = token.encode()
    yield token
    for name in HASHES:
        yield hashlib.new(name, text).hexdigest()
        for key in GUESSED_KEYS:
            yield hmac.new(key, text, name).hexdigest()


def dictionary_attack(tokens: Sequence[str], ids: Iterable[str]) -> dict[str, str]:
    """``{token: id}`` for every released id that is a hash, or the beginning of one, of a known token."""
    released = set(ids)
    lengths = {len(each) for each in released}
    found = {}
    for token in tokens:
        for guess in guesses(token):
            hit = next((guess[:length] for length in lengths if guess[:length] in released and length <= len(guess)), None)
            if hit is not None:
                found[token] = hit
                break
    return found


def order_tells(private_ranks: Sequence[int]) -> float:
    """Spearman's rank correlation between the order of records in the file and the private order of their persons."""
    ranks = np.asarray(private_ranks, dtype=np.float64)
    if len(ranks) < 3 or ranks.std() == 0:
        return 0.0
    own = np.argsort(np.argsort(ranks)).astype(np.float64)
    return float(np.corrcoef(np.arange(len(ranks), dtype=np.float64), own)[0, 1])


def exact_numbers(study: ReleasedStudy) -> tuple[str, ...]:
    """Columns by which a record could be found if what they hold is known: the stated weight, all numbers with decimals, all days
    and times."""
    exact = [name for name, kind in study.rows.schema.items() if kind.is_float() or kind.is_decimal() or kind.is_temporal()]
    return tuple(dict.fromkeys([*([study.weight] if study.weight else []), *exact]))


def find_by_numbers(facts: Sequence[str], records: Sequence[str], max_risk: float) -> Codes:
    """For each of ``facts`` (a person's numbers in all waves, as text) the index of the record that shows the same, or -1 where
    none does or too many do."""
    places: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        places.setdefault(record, []).append(place)
    found = [places.get(fact, []) for fact in facts]
    return np.array([each[0] if each and len(each) * max_risk < 1.0 else -1 for each in found], dtype=np.int64)
