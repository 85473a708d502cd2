"""A new export of a wave that is registered already: compared with the old one before it may replace it.

The old export is read again where its file is still the registered one; where it was overwritten, the de-identified wave file
of the last intake stands in for it, and only kept columns can be compared. Both sides are matched by record pseudonyms.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawTable
from panelpress.paths import Places
from panelpress.raw.arrival import Reader
from panelpress.raw.compare import RECORD, Comparison, compare
from panelpress.raw.identity import record_id
from panelpress.raw.key import PseudonymKey
from panelpress.raw.registry import Registration, find_delivery

# A panel wave that is exported again loses a few people who withdrew; it does not lose a tenth.
SHORTEST_SHARE = 0.9


class Redelivered(IntakeRefused):
    """A wave is registered already, and nobody has said yet that the new export replaces it. ``comparison`` says what differs;
    None where the old export is gone and no intake has run."""

    def __init__(self, registration: Registration, comparison: Comparison | None) -> None:
        wave = ", ".join(filter(None, registration.slot))
        said = _summary(comparison) if comparison else "the old export is gone, so they cannot be compared"
        super().__init__(
            f"raw/deliveries/{registration.file}",
            f"{wave} has a delivery already; {said}.",
            "If the new export shall replace it, run the same command with --replace; if it is another part, use --part.",
        )
        self.comparison = comparison


def refuse_short(old: Registration, new_rows: int, file: str) -> None:
    """Raises IntakeRefused where the new export has far fewer rows than the old one."""
    if new_rows < SHORTEST_SHARE * old.rows:
        what = f"has {new_rows} rows; the delivery that it would replace has {old.rows}."
        todo = "Look for a filter or a broken download. If people really withdrew, take the old line out of the registry first."
        raise IntakeRefused(f"raw/deliveries/{file}", what, todo)


def compare_with_old(
    places: Places, old: Registration, new: RawTable, contract: Contract, key: PseudonymKey, reader: Reader
) -> Comparison | None:
    """What differs between the registered delivery and ``new``; None where nothing of the old one is left, or what is left of it
    is mixed with the other parts of its wave."""
    stamps = [each.name for each in contract.columns if each.role == "paradata"]
    fresh = _by_record(new, contract, key, old.part)
    try:
        files = find_delivery(places, old, key)
    except IntakeRefused:
        path = places.wave_file(old.study, old.wave)
        if not path.is_file() or old.part:
            return None
        wave = pl.read_csv(path, infer_schema=False).drop("person_id").rename({"record_id": RECORD})
        kept = [name for name in fresh.columns if name in {RECORD, *(each.name for each in contract.kept)}]
        return compare(wave, fresh.select(kept))
    before = reader(files.path, old.platform or None, files.companions)
    return compare(_by_record(before, contract, key, old.part), fresh, stamps)


def _by_record(raw: RawTable, contract: Contract, key: PseudonymKey, part: str) -> pl.DataFrame:
    """The rows of ``raw`` under their record pseudonyms; rows without an id cannot be told apart and share one."""
    name = contract.id_column.name
    if name not in raw.data.columns:
        what = f"lacks the id column `{name}` of {contract.declared_in}."
        raise IntakeRefused("the new export", what, "Without it nobody can be found again.")
    ids: Sequence[str | None] = raw.data.get_column(name).cast(pl.String).to_list()
    records = [record_id(key, contract.study, contract.wave, each or "", part) for each in ids]
    return raw.data.drop(name).with_columns(pl.Series(RECORD, records, dtype=pl.String))


def _summary(comparison: Comparison) -> str:
    if comparison.same:
        return "the new export holds the same answers"
    parts = [
        f"{comparison.rows_old} rows before, {comparison.rows_new} now",
        f"{comparison.added} added",
        f"{comparison.gone} gone",
        f"{sum(comparison.cells.values())} cells changed in {comparison.changed} rows and {len(comparison.cells)} columns",
        f"{comparison.retaken} responses retaken",
    ]
    if comparison.repeated:
        parts.append(f"{comparison.repeated} rows with an id that stands more than once")
    if comparison.columns_added or comparison.columns_gone:
        parts.append(f"{len(comparison.columns_added)} columns added, {len(comparison.columns_gone)} gone")
    return ", ".join(parts)
