"""``panelpress ledger verify``: the chain of lines, the releases that they name, and the signatures."""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.paths import Places
from panelpress.publish.versions import ledger, manifest
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.shelf import published_folders
from panelpress.publish.versions.signature import SignatureCheck, check_signatures


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """``problems`` in the order found; ``absent`` are versions that the ledger names and that are not in ``releases/`` here (a
    fresh checkout, or withdrawn), which is no problem."""

    entries: tuple[ledger.Entry, ...]
    problems: tuple[str, ...]
    absent: tuple[str, ...]
    signatures: tuple[SignatureCheck, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def verify_ledger(places: Places, project: str) -> LedgerReport:
    """Check everything that the ledger says. Changes nothing."""
    entries, broken = ledger.check(places)
    problems = [f"line {each.line}: {each.what}" if each.line else each.what for each in broken]
    folders = {folder.name: folder for folder in published_folders(places)}
    known = [entry.version for entry in ledger.release_entries(entries) if entry.version]
    for version, folder in folders.items():
        sums = folder / manifest.SUMS
        if version not in known:
            problems.append(f"releases/{version} is not in the ledger")
        elif not sums.is_file() or not ledger.published_as(entries, version, sums.read_text(encoding="utf-8")):
            problems.append(f"releases/{version} is not what the ledger says: its {manifest.SUMS} was changed")
        else:
            problems += [f"releases/{version}/{each}" for each in wrong_files(places, version)]
    signatures = check_signatures(places, project, entries)
    problems += [f"signature of entry {each.entry}: {each.what}" for each in signatures if each.signer is None]
    return LedgerReport(entries, tuple(problems), tuple(version for version in known if version not in folders), signatures)


def wrong_files(places: Places, version: str) -> list[str]:
    """Files of a release that are changed, gone, or not in its SHA256SUMS."""
    folder = places.release(version)
    listed = {}
    for line in (folder / manifest.SUMS).read_text(encoding="utf-8").splitlines():
        digest, _, path = line.partition("  ")
        listed[path] = digest
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {manifest.SUMS}
    wrong = [f"{path} is gone" for path in sorted(listed.keys() - present)]
    wrong += [f"{path} was added" for path in sorted(present - listed.keys())]
    wrong += [f"{path} was changed" for path in sorted(present & listed.keys()) if file_hash(folder / path) != listed[path]]
    return wrong
