"""The pseudonym key: 32 random bytes that turn raw ids into pseudonyms, and the rules about where it may lie.

A key file is one line of 64 hexadecimal digits (or 44 characters of base64), mode 0600, outside the checkout; lines that begin
with ``#`` are remarks. Passphrases are
refused: a person's words fall to guessing (10^9 phone numbers took 34 minutes on one core), and with the key falls every
pseudonym. A key is known publicly only by its fingerprint, an HMAC of a fixed label *under* the key; a plain hash of it would
let anyone test guesses.

A simulated project may ship a *demo key* in its checkout. The mark of a demo key is part of its bytes, so that a copy under
another name is recognized too, and the engine refuses it wherever the project does not declare ``simulated: true``.

Not here: what is done with a key (``identity``), and the ledger's own format (``publish.versions.ledger``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import itertools
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from panelpress.errors import KeyRefused

KEY_BYTES = 32
DEMO_MARK = b"demokey!"
DEMO_REMARK = "# Public demo key: for simulated respondents only. It protects no one, and panelpress refuses it for real data.\n"
FINGERPRINT_LABEL = b"panelpress key fingerprint 1"
# 32 random bytes hold about 30 different ones; fewer than 20 come up once in 7 * 10^9 keys; typed patterns hold far fewer.
FEWEST_DIFFERENT_BYTES = 20
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_INIT = "Make one with `panelpress key init`."


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """A loaded key. ``secret`` never shows in a representation; ``fingerprint`` may be published."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that name the key without helping to find it."""
        return hmac.new(self.secret, FINGERPRINT_LABEL, hashlib.sha256).hexdigest()[:32]

    @property
    def is_demo(self) -> bool:
        """True for a key that is public on purpose."""
        return self.secret.startswith(DEMO_MARK)


def new_key(demo: bool = False) -> PseudonymKey:
    """A fresh key from the operating system's random source; ``demo`` marks it as public for ever."""
    if demo:
        return PseudonymKey(DEMO_MARK + secrets.token_bytes(KEY_BYTES - len(DEMO_MARK)))
    return PseudonymKey(secrets.token_bytes(KEY_BYTES))


def decode_key(text: str, where: str) -> PseudonymKey:
    """The key written in ``text``. Raises KeyRefused for anything but 32 random-looking bytes in hex or base64."""
    line = "\n".join(each.strip() for each in text.splitlines() if each.strip() and not each.startswith("#"))
    if _HEX.fullmatch(line):
        secret = bytes.fromhex(line)
    else:
        try:
            secret = base64.b64decode(line.encode("ascii"), validate=True)
        except (binascii.Error, ValueError):
            raise KeyRefused(where, "is not a key: neither 64 hexadecimal digits nor base64.", _INIT) from None
    if len(secret) != KEY_BYTES:
        raise KeyRefused(where, f"is not a key: {len(secret)} bytes, not {KEY_BYTES}.", f"Passphrases do not serve. {_INIT}")
    if _looks_chosen(secret):
        raise KeyRefused(where, "was chosen by a person, not drawn at random.", f"Guessing would find it. {_INIT}")
    return PseudonymKey(secret)


def _looks_chosen(secret: bytes) -> bool:
    """Few different bytes, an even staircase of bytes, or nothing but printable characters: typed, not drawn."""
    random_part = secret.removeprefix(DEMO_MARK)
    steps = {(after - before) % 256 for before, after in itertools.pairwise(random_part)}
    printable = all(32 <= byte < 127 for byte in random_part)
    fewest = FEWEST_DIFFERENT_BYTES - (KEY_BYTES - len(random_part))
    return len(set(random_part)) < fewest or len(steps) <= 2 or printable


def read_key(path: Path, checkout: Path) -> PseudonymKey:
    """The private key in ``path``. Raises KeyRefused where the file is missing, inside ``checkout`` (it would be committed one
    day), readable by others, or no key."""
    where = _name(path, checkout)
    refuse_inside(path, checkout)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii")
    except (FileNotFoundError, NotADirectoryError):
        raise KeyRefused(where, "there is no key file.", f"{_INIT} If there was one: docs/how-to/keys.md, lost key.") from None
    except IsADirectoryError:
        raise KeyRefused(where, "is a folder, not a key file.", "Point $PANELPRESS_KEY at the file.") from None
    except UnicodeDecodeError:
        raise KeyRefused(where, "is not a key: not plain ASCII.", _INIT) from None
    except PermissionError:
        raise KeyRefused(where, "may not be read by you.", "Ask its owner for a copy, see docs/how-to/keys.md.") from None
    if mode & 0o077:
        raise KeyRefused(where, f"can be read by others (mode {mode:03o}).", f"Run `chmod 600 {where}`; if they did: rotate.")
    return decode_key(text, where)


def write_key(key: PseudonymKey, path: Path, checkout: Path) -> None:
    """Write ``key`` to ``path`` with mode 0600. Raises KeyRefused inside the checkout (unless a demo key) and where a file
    already stands, because nothing can bring back a key that was overwritten."""
    if not key.is_demo:
        refuse_inside(path, checkout)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        todo = "Keep it: no one can bring it back. To rotate: docs/how-to/keys.md."
        raise KeyRefused(_name(path, checkout), "there is a key already.", todo) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write((DEMO_REMARK if key.is_demo else "") + key.secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def refuse_inside(path: Path, checkout: Path) -> None:
    """Raises KeyRefused where ``path`` lies in ``checkout``, symbolic links resolved."""
    if path.expanduser().resolve().is_relative_to(checkout.resolve()):
        todo = "Move it out; `panelpress key init` knows a good place."
        raise KeyRefused(_name(path, checkout), "a private key lies inside the checkout.", todo)


def _name(path: Path, checkout: Path) -> str:
    """How messages name the file: relative to the checkout where it is inside, as given elsewhere."""
    resolved = path.expanduser().resolve()
    return str(resolved.relative_to(checkout.resolve())) if resolved.is_relative_to(checkout.resolve()) else str(path)
