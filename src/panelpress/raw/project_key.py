"""Which key a project uses, and whether that is the one its earlier releases used.

In this order: the file named by ``$PANELPRESS_KEY``; the ``demo_key`` of a simulated project, read from the checkout; the file
``panelpress/<project id>.key`` in the user's config folder. The last ``key_fingerprint`` of ``publish/ledger.jsonl`` must be
the fingerprint of the key found: with another key every person would look new, and the checks against earlier releases would
compare strangers.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from panelpress.errors import KeyRefused
from panelpress.model.project import ProjectFacts
from panelpress.paths import KEY_VARIABLE, Places
from panelpress.raw.key import PseudonymKey, decode_key, read_key

_DEMO_NEXT = "A public key protects no one. Make a private one with `panelpress key init`."


def key_path(facts: ProjectFacts) -> Path:
    """Where the private key of the project lies: ``$PANELPRESS_KEY``, or a file in the user's config folder."""
    given = os.environ.get(KEY_VARIABLE)
    if given:
        return Path(given).expanduser()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "panelpress" / f"{facts.id}.key"


def project_key(places: Places, facts: ProjectFacts) -> PseudonymKey:
    """The key to work with. Raises KeyRefused where it is missing, unfit, public in a project with real respondents, or another
    than the ledger's."""
    key = _find(places, facts)
    if key.is_demo and not facts.simulated:
        raise KeyRefused("key", "this is a public demo key, and the project is not `simulated: true`.", _DEMO_NEXT)
    refuse_other_than_ledger(key, places.ledger)
    return key


def _find(places: Places, facts: ProjectFacts) -> PseudonymKey:
    if facts.demo_key and not facts.simulated:
        raise KeyRefused("panelpress.yaml", "declares a demo_key, but not `simulated: true`.", _DEMO_NEXT)
    if facts.demo_key and not os.environ.get(KEY_VARIABLE):
        return read_demo_key(places.root, facts.demo_key)
    return read_key(key_path(facts), places.root)


def read_demo_key(checkout: Path, declared: str) -> PseudonymKey:
    """The demo key at ``declared``, a path in ``checkout``. Raises KeyRefused where it is missing, outside the checkout, or a key
    without the demo mark: a private key must never be committed."""
    path = (checkout / declared).resolve()
    if not path.is_relative_to(checkout.resolve()):
        raise KeyRefused(declared, "the demo key must lie in the checkout.", "Name a file of the project under `demo_key`.")
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise KeyRefused(declared, "the demo key cannot be read.", "Make one with `panelpress key init --demo`.") from None
    key = decode_key(text, declared)
    if not key.is_demo:
        raise KeyRefused(declared, "is a private key inside the checkout.", "Remove it and rotate; make a demo key instead.")
    return key


def ledger_fingerprint(ledger: Path) -> str | None:
    """The last ``key_fingerprint`` in a ledger of JSON lines, None where no release named one. Raises KeyRefused for a ledger
    that cannot be read: a key must not pass because its check was skipped."""
    if not ledger.exists():
        return None
    last: str | None = None
    for number, line in enumerate(ledger.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            raise KeyRefused(f"publish/{ledger.name}:{number}", "is not JSON.", "Restore the ledger from git.") from None
        if isinstance(entry, dict) and isinstance(entry.get("key_fingerprint"), str):
            last = entry["key_fingerprint"]
    return last


def refuse_other_than_ledger(key: PseudonymKey, ledger: Path) -> None:
    """Raises KeyRefused where the last release was made with another key than ``key``."""
    known = ledger_fingerprint(ledger)
    if known is not None and known != key.fingerprint:
        raise KeyRefused(
            "key",
            f"its fingerprint {key.fingerprint} is not the {known} of the last release.",
            "Use the key of that release ($PANELPRESS_KEY), or rotate as docs/how-to/keys.md tells.",
        )
