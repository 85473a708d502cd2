"""The ledger ``publish/ledger.jsonl``: what was published, signed off and withdrawn, in order, for ever.

One JSON object a line, keys sorted:

    {"date": "2026-01-31", "entry": 1, "hash": "...", "kind": "release", "previous": "000...", "version": "0.1.0", ...}

``hash`` is the SHA-256 of the object without ``hash``; ``previous`` is the hash of the line before, 64 zeros for the first. A
line changed, removed or put in between breaks the chain from there on. Lines cut off at the end leave the chain whole: they
are noticed by ``work/ledger-head.json`` on the machine that wrote them, by release folders that no line names, and by a
signature. Appending rewrites the file beside itself and renames it, so that a line is there whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from panelpress.durable import write_whole
from panelpress.errors import ReleaseRefused
from panelpress.model.version import parse_version
from panelpress.paths import Places
from panelpress.publish.versions.hashes import content_hash, text_hash
from panelpress.raw.work_folder import prepare_work

Kind = Literal["release", "rebuild", "sign_off", "withdrawal", "rotation"]
KINDS: tuple[str, ...] = ("release", "rebuild", "sign_off", "withdrawal", "rotation")
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its place in the chain and its facts."""

    number: int
    kind: str
    date: str
    previous: str
    hash: str
    facts: Mapping[str, Any]

    @property
    def version(self) -> str | None:
        version = self.facts.get("version")
        return version if isinstance(version, str) else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the ledger: in which line (0: the file as a whole) and what."""

    line: int
    what: str


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write ``content`` as JSON: keys sorted, no blanks, UTF-8 as it is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line(number: int, kind: str, date: str, previous: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    content = {**facts, "entry": number, "kind": kind, "date": date, "previous": previous}
    digest = text_hash(canonical(content))
    return canonical({**content, "hash": digest}), digest


def read(places: Places) -> tuple[Entry, ...]:
    """All entries. Raises ReleaseRefused where the chain is broken: nothing may be added to a ledger that does not verify."""
    entries, problems = _chain(places)
    if problems:
        first = problems[0]
        raise ReleaseRefused(f"publish/{places.ledger.name}:{first.line}", first.what, "Restore the ledger from git.")
    return entries


def check(places: Places) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries that can be read, and everything wrong with the ledger, lines cut off at its end included."""
    entries, problems = _chain(places)
    return entries, (*problems, *_behind_head(places, entries))


def _chain(places: Places) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    return read_file(places.ledger)


def read_file(path: Path) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries that can be read, and everything wrong with the chain. An absent file is an empty ledger."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    entries: list[Entry] = []
    problems: list[Problem] = []
    previous = START
    if text and not text.endswith("\n"):
        problems.append(Problem(text.count("\n") + 1, "the last line is cut off."))
    for number, line in enumerate(text.splitlines(), start=1):
        found = _entry(line, number)
        if isinstance(found, str):
            problems.append(Problem(number, found))
            continue
        if found.previous != previous:
            problems.append(Problem(number, "does not follow the line before: something was changed, removed or put in."))
        previous = found.hash
        entries.append(found)
    return tuple(entries), tuple(problems)


def _entry(line: str, number: int) -> Entry | str:
    """The entry in ``line``, or what is wrong with it."""
    try:
        content = json.loads(line)
    except json.JSONDecodeError:
        return "is not JSON."
    if not isinstance(content, dict) or canonical(content) != line:
        return "was not written by panelpress: not in canonical form."
    facts = dict(content)
    try:
        kind, date, previous, digest = facts.pop("kind"), facts.pop("date"), facts.pop("previous"), facts.pop("hash")
        own_number = facts.pop("entry")
    except KeyError as missing:
        return f"lacks {missing}."
    if kind not in KINDS:
        return f"is of an unknown kind {kind!r}."
    if own_number != number:
        return f"calls itself entry {own_number}, but is line {number}."
    if _line(number, kind, date, previous, facts)[1] != digest:
        return "was changed: its hash does not fit its content."
    return Entry(number, kind, date, previous, digest, facts)


def _behind_head(places: Places, entries: tuple[Entry, ...]) -> Iterator[Problem]:
    """Lines that this machine wrote and that are gone, or stand there with another hash."""
    if not places.ledger_head.is_file():
        return
    head = json.loads(places.ledger_head.read_text(encoding="utf-8"))
    known = {entry.number: entry.hash for entry in entries}
    if known.get(head["entry"]) != head["hash"]:
        yield Problem(0, f"entry {head['entry']}, written here, is gone or was rewritten.")


def append(places: Places, kind: Kind, date: str, facts: Mapping[str, Any]) -> Entry:
    """Add one entry at the end and return it. The caller holds the publishing lock. Raises ReleaseRefused where the ledger
    does not verify; OSError where it cannot be written, leaving it as it was."""
    entries = read(places)
    number = len(entries) + 1
    previous = entries[-1].hash if entries else START
    line, digest = _line(number, kind, date, previous, facts)
    before = places.ledger.read_text(encoding="utf-8") if places.ledger.is_file() else ""
    write_whole(places.ledger, before + line + "\n")
    prepare_work(places)
    write_whole(places.ledger_head, canonical({"entry": number, "hash": digest}) + "\n", mode=0o600)
    return Entry(number, kind, date, previous, digest, dict(facts))


def release_entries(entries: tuple[Entry, ...], tier: str = "open") -> tuple[Entry, ...]:
    """Entries of releases of ``tier``, in the order in which they were published."""
    return tuple(entry for entry in entries if entry.kind == "release" and entry.facts.get("tier") == tier)


def releases_before(entries: tuple[Entry, ...], version: str, tier: str = "open") -> tuple[Entry, ...]:
    """Entries of the releases of ``tier`` below ``version``, lowest first."""
    older = [
        each for each in release_entries(entries, tier) if each.version and parse_version(each.version) < parse_version(version)
    ]
    return tuple(sorted(older, key=lambda each: parse_version(str(each.version))))


def published_as(entries: tuple[Entry, ...], version: str, sums: str) -> Literal["here", "again"] | None:
    """Whether ``sums``, the text of a ``SHA256SUMS``, is what was published as ``version`` (``here``), or the same release built
    again, which differs in its DuckDB file and manifest alone (``again``). None where it is neither."""
    own = [each.facts for each in entries if each.kind in ("release", "rebuild") and each.version == version]
    if text_hash(sums) in [each.get("sums_sha256") for each in own]:
        return "here"
    return "again" if content_hash(sums) in [each.get("content_sha256") for each in own] else None


def withdrawn(entries: tuple[Entry, ...]) -> frozenset[str]:
    """Versions that went offline because somebody withdrew."""
    return frozenset(each.version for each in entries if each.kind == "withdrawal" and each.version)


def sign_off_facts(version: str, role: str, report_sha256: str) -> Mapping[str, Any]:
    """What a sign-off records: who (a role, no name), of which version, on the strength of which gate report."""
    return {"version": version, "role": role, "report_sha256": report_sha256}


def signed_off(entries: tuple[Entry, ...], version: str, report_sha256: str) -> Entry | None:
    """The sign-off of ``version`` on the strength of exactly that gate report."""
    for entry in reversed(entries):
        if entry.kind == "sign_off" and entry.version == version and entry.facts.get("report_sha256") == report_sha256:
            return entry
    return None
