"""Pseudonyms: keyed digests of persons, records and delivered files, and the re-keying of persons for every release.

All are HMAC-SHA256 under the project's key over ``purpose | part | part ...``; each part is preceded by its length, so that no
two lists of parts are the same message. A purpose is part of every message, so that a person's id in one place says nothing
of her id in another. Ids are cut to 128 bits (32 hexadecimal digits): two of 10^9 persons meet with a chance of 10^-21.

Source of the method: ENISA, Pseudonymisation techniques and best practices (2019), keyed hash functions. Plain hashes are not
offered: they fall to a list of all phone numbers in half an hour.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

from panelpress.raw.key import PseudonymKey

ID_DIGITS = 32
_BLOCK = 1 << 20


def keyed_digest(key: PseudonymKey, purpose: str, *parts: str) -> str:
    """64 hexadecimal digits of HMAC-SHA256 over ``purpose`` and ``parts``."""
    return hmac.new(key.secret, _message(purpose, *parts), hashlib.sha256).hexdigest()


def _message(*parts: str) -> bytes:
    encoded = [part.encode("utf-8") for part in parts]
    return b"".join(b"%d:%b," % (len(part), part) for part in encoded)


def person_id(key: PseudonymKey, study: str, *raw_id: str) -> str:
    """The secure id of a person of ``study``, the same in all its waves. ``raw_id`` is text: ``007`` is not ``7``; it has
    several parts where an id is unique only within a wave or a country."""
    return keyed_digest(key, "person", study, *raw_id)[:ID_DIGITS]


def record_id(key: PseudonymKey, study: str, wave: str, raw_id: str, part: str = "") -> str:
    """The secure id of one response: of ``raw_id`` as the wave's own file has it, whoever that person is in other waves. ``part``
    is that file's part of the wave, where the wave comes in several files."""
    return keyed_digest(key, "record", study, wave, raw_id, *([part] if part else []))[:ID_DIGITS]


def release_id(key: PseudonymKey, version: str, tier: str, secure_id: str) -> str:
    """The id that stands for ``secure_id`` in one tier of one release, unlinkable to other releases and to the other tier."""
    return keyed_digest(key, "release", version, tier, secure_id)[:ID_DIGITS]


def release_ids(key: PseudonymKey, version: str, tier: str, secure_ids: Iterable[str]) -> Mapping[str, str]:
    """``release_id`` of each of ``secure_ids``."""
    return {each: release_id(key, version, tier, each) for each in secure_ids}


def delivery_digest(key: PseudonymKey, file: Path) -> str:
    """64 hexadecimal digits of HMAC-SHA256 over the purpose ``delivery`` and the bytes of ``file``. Keyed, because the plain
    hash of a delivery would let anyone who has a copy prove which one was used."""
    digest = hmac.new(key.secret, _message("delivery"), hashlib.sha256)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
