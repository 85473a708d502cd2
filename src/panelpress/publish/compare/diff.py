"""``panelpress diff A [B]``: two releases compared whole.

Reads released files and, where the work folder has them, the private maps of ids; holds only counts. The result says how heavy
the change is; ``panelpress.publish.compare.judge_diff`` says whether it may be published.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from panelpress.errors import UsageError
from panelpress.model.changes import CellChange, MarginChange, PeopleChange, ReleaseDiff
from panelpress.model.variable import Tier
from panelpress.paths import Places
from panelpress.publish.access.kept import somebody_withdrew, with_withdrawn
from panelpress.publish.compare.cells import compare_cells
from panelpress.publish.compare.hierarchy import Related, unrelated
from panelpress.publish.compare.people import pair
from panelpress.publish.compare.side import Side, close, open_edition, open_folder, stamp_problems
from panelpress.publish.compare.structure import compare_structure, deprecated
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions import ledger, manifest
from panelpress.publish.versions.identities import identities_file, released_ids, write_identities
from panelpress.raw.key import PseudonymKey

K = 11


def diff_releases(places: Places, before: str, after: str, tier: Tier = "open", related: Related = unrelated) -> ReleaseDiff:
    """Compare two published releases by version. Raises UsageError where one is not in ``releases/``."""
    return diff_folders(
        places.release(before),
        places.release(after),
        (identities_file(places, before, tier), identities_file(places, after, tier)),
        related,
        places.spill,
    )


def diff_folders(
    before: Path,
    after: Path,
    identities: tuple[Path | None, Path | None] = (None, None),
    related: Related = unrelated,
    spill: Path | None = None,
) -> ReleaseDiff:
    """Compare two release folders, joined by person where both maps exist."""
    rows = duckdb.connect(":memory:", config={"temp_directory": str(spill)} if spill else {})
    try:
        old = open_folder(rows, before, "before", identities[0])
        new = open_folder(rows, after, "after", identities[1])
        stamps = [*stamp_problems(old, before), *stamp_problems(new, after)]
        same = manifest.read_manifest(before)["data_version"] == manifest.read_manifest(after)["data_version"]
        return compare(old, new, related, stamps, same)
    finally:
        rows.close()


def diff_with_published(
    places: Places, before: Path, made: Assembled, key: PseudonymKey, related: Related = unrelated
) -> ReleaseDiff:
    """Compare the release in folder ``before`` with an edition that is not written yet. A lost private map is drawn again from
    ``key`` and the persons of the edition; who is not among them, or withdrew, counts as gone. Raises KeyRefused where the key
    was exchanged since."""
    edition = made.edition
    known = identities_file(places, before.name, edition.tier)
    if not known.is_file():
        entry = next(each for each in ledger.release_entries(ledger.read(places)) if each.version == before.name)
        again = {study: released_ids(places, entry, key, study, list(ids)) for study, ids in made.identities.items()}
        known = write_identities(places, before.name, edition.tier, again)
    coming = write_identities(places, edition.version, edition.tier, made.identities)
    old = open_folder(made.rows, before, "before", known)
    try:
        diff = compare(old, open_edition(made.rows, edition, coming), related, stamp_problems(old, before))
        return replace(diff, people=with_withdrawn(diff.people, before), withdrawn=somebody_withdrew(before))
    finally:
        close(old)


def compare(
    before: Side, after: Side, related: Related = unrelated, stamps: list[str] | None = None, same_data: bool = False
) -> ReleaseDiff:
    """Compare two opened releases. Raises UsageError where they are of different tiers."""
    if before.tier != after.tier:
        raise UsageError(
            "diff", f"{before.version} is of tier {before.tier}, {after.version} of {after.tier}.", "Compare one tier."
        )
    joined = before.identities is not None and after.identities is not None
    cells: list[CellChange] = []
    margins: list[MarginChange] = []
    people: list[PeopleChange] = []
    old_tables, new_tables = before.responses(), after.responses()
    for name, old in old_tables.items():
        new = new_tables.get(name)
        if new is None or old.key != new.key:
            continue
        pairs = pair(before, after, old, new) if joined else None
        if pairs is not None:
            people += pairs.people
        found, moved = compare_cells(before, after, old, new, pairs, related)
        cells += found
        margins += moved
    return ReleaseDiff(
        before=before.version,
        after=after.version,
        k=_k(after) or _k(before) or K,
        joined=joined,
        same_data=same_data,
        structure=compare_structure(before, after),
        cells=tuple(sorted(cells, key=_order)),
        people=tuple(people),
        margins=tuple(sorted(margins, key=lambda each: (-each.points, each.study, each.variable, each.wave))),
        stamps=tuple(stamps or ()),
        deprecated=deprecated(after),
        listed=frozenset(variable for (variable,) in after.records("variables", ("variable",))),
    )


def _k(side: Side) -> int | None:
    stated = dict(side.records("release_info", ("item", "value"))).get("k")
    return int(stated) if stated else None


def _order(change: CellChange) -> tuple[str, ...]:
    values = (change.before_value, change.before_reason, change.after_value, change.after_reason)
    return (change.study, change.variable, change.wave, *(each or "" for each in values))
