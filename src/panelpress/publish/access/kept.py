"""What a version that went offline said of those who stay, kept in the work folder. Others hold copies of that version, so a new
one must not undo, beside them, what protected its people: k is counted with it, and the difference from it is judged.

``earlier/<version>/`` holds its open tables without the rows of whoever withdrew, and ``withdrawn.json``: how many they were, by
study and group ("" for persons, a wave, or several as in "w1+w2"). Tables of counts stay as they were published; they
never told of fewer than k.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from panelpress.errors import KeyRefused
from panelpress.model.changes import PeopleChange
from panelpress.paths import Places
from panelpress.publish.compare import changelog
from panelpress.publish.formats import parquet
from panelpress.publish.tables.sql import literal, quoted
from panelpress.publish.versions import descriptor, ledger, manifest
from panelpress.publish.versions.identities import released_ids
from panelpress.publish.versions.shelf import folder_of
from panelpress.raw.key import PseudonymKey

COUNTS = "withdrawn.json"
DOCUMENTS = (descriptor.FILE, manifest.FILE, changelog.FILE)
IDS = ("person_id", "record_id")


def keep_of_those_who_stay(places: Places, key: PseudonymKey, persons: Iterable[tuple[str, str]]) -> None:
    """Keep a copy of every open release without ``persons`` (study, secure id); copies made before lose them too. A release whose
    folder and copy are lost, or whose private map is after a rotation, has none afterwards."""
    by_study: dict[str, list[str]] = {}
    for study, person in persons:
        by_study.setdefault(study, []).append(person)
    for entry in ledger.release_entries(ledger.read(places)):
        try:
            leaving = {study: [*released_ids(places, entry, key, study, own).values()] for study, own in by_study.items()}
        except KeyRefused:
            for folder in (places.earlier_release(str(entry.version)), places.earlier_aside(str(entry.version))):
                shutil.rmtree(folder, ignore_errors=True)
            continue
        keep(places, entry, leaving)


def keep(places: Places, entry: ledger.Entry, leaving: Mapping[str, list[str]]) -> None:
    """Keep a copy of the open release that ``entry`` names without the persons ``leaving`` (study -> ids in that release), if its
    folder or an earlier copy is there."""
    version = str(entry.version)
    folder, target, aside = folder_of(places, version), places.earlier_release(version), places.earlier_aside(version)
    unfinished = target.with_name(f".{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    if folder is None:
        return
    _copy(folder, unfinished, leaving)
    if target.exists():  # never deleted before the new one is in place: it may be all that is left of the version
        shutil.rmtree(aside, ignore_errors=True)
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        target.rename(aside)
    unfinished.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _copy(folder: Path, target: Path, leaving: Mapping[str, list[str]]) -> None:
    (target / parquet.FOLDER).mkdir(parents=True, mode=0o700)
    for name in DOCUMENTS:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)
    gone = Counter({(study, wave): n for study, waves in withdrawn_counts(folder).items() for wave, n in waves.items()})
    rows = duckdb.connect()
    everyone = [each for ids in leaving.values() for each in ids]
    for path in sorted((folder / parquet.FOLDER).glob("*.parquet")):
        read = f"read_parquet({literal(str(path))})"
        names = [name for name, *_ in rows.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()]
        own = next((name for name in IDS if name in names), None)
        if own is None:
            shutil.copyfile(path, target / parquet.FOLDER / path.name)
            continue
        stays = f"{quoted(own)} NOT IN (SELECT unnest($1))"
        written = literal(str(target / parquet.FOLDER / path.name))
        rows.execute(f"COPY (SELECT * FROM {read} WHERE {stays}) TO {written} (FORMAT parquet)", [everyone])
        study = path.stem.removesuffix("_responses")
        if study in leaving:
            gone[study, ""] += _count(rows, f"SELECT count(DISTINCT {quoted(own)}) FROM {read} WHERE NOT {stays}", leaving[study])
            if "wave" in names:
                theirs = f"FROM {read} WHERE NOT {stays}"
                several = f"SELECT string_agg(wave, '+' ORDER BY wave) {theirs} GROUP BY {quoted(own)} HAVING count(*) > 1"
                groups = f"SELECT wave AS own {theirs} UNION ALL ({several})"
                counted = rows.execute(f"SELECT own, count(*) FROM ({groups}) GROUP BY own", [leaving[study]]).fetchall()
                gone.update({(study, group): n for group, n in counted})
    rows.close()
    counts: dict[str, dict[str, int]] = {}
    for (study, wave), n in sorted(gone.items()):
        counts.setdefault(study, {})[wave] = n
    (target / COUNTS).write_text(json.dumps(counts) + "\n", encoding="utf-8")


def _count(rows: duckdb.DuckDBPyConnection, query: str, ids: list[str]) -> int:
    ((n,),) = rows.execute(query, [ids]).fetchall()
    return int(n)


def withdrawn_counts(folder: Path) -> Mapping[str, Mapping[str, int]]:
    """By study and group of people: how many the release in ``folder`` lacks of those it was published with."""
    path = folder / COUNTS
    found: dict[str, dict[str, int]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def somebody_withdrew(folder: Path) -> bool:
    """True where ``folder`` is a copy that lacks people."""
    return any(n for waves in withdrawn_counts(folder).values() for n in waves.values())


def with_withdrawn(people: Iterable[PeopleChange], folder: Path) -> tuple[PeopleChange, ...]:
    """``people`` with those who withdrew counted as gone: whoever holds the version in copy sees them go."""
    counts = withdrawn_counts(folder)
    return tuple(replace(each, gone=each.gone + counts.get(each.study, {}).get(each.wave or "", 0)) for each in people)
