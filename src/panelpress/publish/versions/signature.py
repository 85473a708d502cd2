"""A detached signature of a ledger entry, made and verified by OpenSSH (``ssh-keygen -Y``), which is on every machine.

``publish/signatures/<entry>.sig`` signs the line ``panelpress <project> <entry> <hash>``. The hash of an entry covers every entry
before it, so one signature vouches for the ledger up to there, cut-off lines included. Who may sign stands in
``publish/allowed_signers`` (format of ssh-keygen: ``role namespaces="panelpress" ssh-ed25519 AAAA...``).

Not here: keeping signing keys. They are the signer's own.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from panelpress.durable import write_whole
from panelpress.errors import UsageError
from panelpress.paths import Places
from panelpress.publish.versions.ledger import Entry

TOOL = "ssh-keygen"
NAMESPACE = "panelpress"


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """The signature of one entry. ``signer`` is the role in ``allowed_signers``, None where the signature is not good."""

    entry: int
    signer: str | None
    what: str


def message(project: str, entry: Entry) -> str:
    """The text that is signed."""
    return f"panelpress {project} {entry.number} {entry.hash}\n"


def signature_file(places: Places, number: int) -> Path:
    return places.signatures / f"{number}.sig"


def sign(places: Places, project: str, entry: Entry, key: Path) -> Path:
    """Sign ``entry`` with the private SSH key in ``key`` (ssh-keygen asks for its passphrase). Raises UsageError if it fails."""
    _need_tool()
    with tempfile.TemporaryDirectory(prefix="panelpress-") as folder:
        text = Path(folder) / "entry"
        text.write_text(message(project, entry), encoding="utf-8")
        done = _run("-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(text))
        made = text.with_name("entry.sig")
        if done.returncode or not made.is_file():
            raise UsageError(
                f"key {key.name}", "ssh-keygen could not sign with it.", "Give a private SSH key, e.g. of type ed25519."
            )
        write_whole(signature_file(places, entry.number), made.read_text(encoding="ascii"))
    return signature_file(places, entry.number)


def check_signatures(places: Places, project: str, entries: tuple[Entry, ...]) -> tuple[SignatureCheck, ...]:
    """Every signature in ``publish/signatures``, good or not. Raises UsageError where ssh-keygen is absent and there are any."""
    files = sorted(places.signatures.glob("*.sig"), key=lambda path: path.stem.zfill(9)) if places.signatures.is_dir() else []
    if not files:
        return ()
    _need_tool()
    by_number = {str(entry.number): entry for entry in entries}
    return tuple(_check(places, project, path, by_number.get(path.stem)) for path in files)


def _check(places: Places, project: str, path: Path, entry: Entry | None) -> SignatureCheck:
    number = int(path.stem) if path.stem.isdigit() else 0
    if entry is None:
        return SignatureCheck(number, None, "the ledger has no such entry: it was cut off")
    if not places.allowed_signers.is_file():
        return SignatureCheck(number, None, "publish/allowed_signers is missing, so nobody may sign")
    text = message(project, entry)
    allowed = str(places.allowed_signers)
    found = _run("-Y", "find-principals", "-f", allowed, "-s", str(path), stdin=text)
    signer = found.stdout.strip().splitlines()[0] if found.returncode == 0 and found.stdout.strip() else None
    if signer is None:
        return SignatureCheck(number, None, "signed by somebody who is not in publish/allowed_signers")
    done = _run("-Y", "verify", "-f", allowed, "-I", signer, "-n", NAMESPACE, "-s", str(path), stdin=text)
    if done.returncode:
        return SignatureCheck(number, None, "does not fit the entry")
    return SignatureCheck(number, signer, "good")


def _need_tool() -> None:
    if shutil.which(TOOL) is None:
        raise UsageError(TOOL, "is not installed.", "Install OpenSSH (Debian: openssh-client).")


def _run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOL, *arguments], input=stdin, capture_output=True, text=True, check=False, timeout=300)
