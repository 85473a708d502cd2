"""Keys that a project had before its present one, kept for one purpose: the list of people who withdrew must know them still when
a later delivery brings them back, and it names them by ids of the key of their day.

``former-keys.jsonl`` in the work folder, one object a line: ``{"fingerprint": "...", "sealed": "<64 hexadecimal digits>"}``. A
key is sealed by XOR with an HMAC of its fingerprint under the present key: a pad that is used once and that only the present
key gives. Without the present key the file says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from panelpress.durable import write_whole
from panelpress.errors import KeyRefused
from panelpress.paths import Places
from panelpress.raw.identity import keyed_digest
from panelpress.raw.key import PseudonymKey


def read_former(places: Places, key: PseudonymKey) -> tuple[PseudonymKey, ...]:
    """The former keys, oldest first. Raises KeyRefused where they are sealed under another key than ``key``."""
    if not places.former_keys.is_file():
        return ()
    found = []
    for line in places.former_keys.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        former = PseudonymKey(_pad(key, given["fingerprint"], bytes.fromhex(given["sealed"])))
        if former.fingerprint != given["fingerprint"]:
            raise KeyRefused(places.former_keys.name, "is sealed under another key.", "Use the key of the last rotation.")
        found.append(former)
    return tuple(found)


def seal_former(places: Places, former: Sequence[PseudonymKey], key: PseudonymKey) -> None:
    """Replace the file in one step, mode 0600: ``former`` keys sealed under ``key``."""
    lines = [
        json.dumps({"fingerprint": each.fingerprint, "sealed": _pad(key, each.fingerprint, each.secret).hex()}) + "\n"
        for each in former
    ]
    write_whole(places.former_keys, "".join(lines), mode=0o600)


def _pad(key: PseudonymKey, fingerprint: str, secret: bytes) -> bytes:
    pad = bytes.fromhex(keyed_digest(key, "former key", fingerprint))
    return bytes(one ^ other for one, other in zip(secret, pad, strict=True))
