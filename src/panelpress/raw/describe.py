"""What a delivered file is and what is wrong in it, as data: for the command ``panelpress describe`` and for drafting a project.

Counts of people below ``K`` stay exact here, because roles and drafts need them; whoever prints uses ``few``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from panelpress.model.delivery import RawTable, Repair
from panelpress.raw.detectors.scan import scan
from panelpress.raw.detectors.weigh import Hit
from panelpress.raw.profile import ColumnProfile, profile_columns
from panelpress.raw.readers import read_delivery
from panelpress.raw.readers.summary_rows import without_id_below
from panelpress.raw.roles import Suggestion, counts_rows, find_consent, find_id, matching_word, suggest_roles

# What LimeSurvey writes for every response of an anonymous survey.
NO_DAY = "1980-01-01"
FIELD_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Description:
    """One delivery described. ``ids`` are columns that could tell persons apart, the likeliest first; ``consent`` is the column
    of agreement and its codes of yes; ``period`` the first and last day on which responses came in, where a column says so;
    ``children`` the child tables, described alike."""

    file: str
    platform: str
    encoding: str | None
    title: str
    rows_in: int
    rows: int
    refused: Mapping[str, int]
    repairs: tuple[Repair, ...]
    columns: tuple[ColumnProfile, ...]
    hits: tuple[Hit, ...]
    roles: Mapping[str, Suggestion]
    ids: tuple[str, ...]
    consent: tuple[str, tuple[str, ...]] | None
    period: tuple[str, str] | None
    children: Mapping[str, Description]

    @property
    def id_column(self) -> str | None:
        return next((name for name, suggestion in self.roles.items() if suggestion.role == "id"), None)

    @property
    def links(self) -> bool:
        """Whether the id column could be the same person's in another wave; a counter of rows could not."""
        return self.id_column is not None and not counts_rows(self.column(self.id_column))

    def column(self, name: str) -> ColumnProfile:
        """The profile of the column called ``name``. Raises KeyError where there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


def describe_file(
    path: Path, platform: str | None = None, companions: Sequence[Path] = (), encoding: str | None = None
) -> Description:
    """Read and describe the delivery at ``path``. Raises what ``read_delivery`` raises."""
    return describe_table(read_delivery(path, platform, companions, encoding), path.name)


def describe_table(table: RawTable, file: str, id_column: str | None = None) -> Description:
    """Describe a table that was read already; ``id_column`` overrules the suggestion of what tells persons apart."""
    profiles = profile_columns(table)
    hits = scan(table)
    ids = find_id(profiles)
    if not ids and (ids := without_id_below(table.data)):
        message = "every row but the last has an id here: perhaps totals below the responses; take the row out of the export"
        table = replace(table, repairs=(*table.repairs, Repair("last_row_without_id", message, column=ids[0], repaired=False)))
    chosen = id_column or (ids[0] if ids else None)
    consent = find_consent(profiles)
    return Description(
        file=file,
        platform=table.platform,
        encoding=table.encoding,
        title=table.label,
        rows_in=table.rows_in,
        rows=table.data.height,
        refused=dict(table.refused),
        repairs=table.repairs,
        columns=profiles,
        hits=hits,
        roles=suggest_roles(profiles, hits, chosen, consent[0] if consent else None),
        ids=ids,
        consent=consent,
        period=_period(table, profiles),
        children={name: describe_table(replace(child, platform=table.platform), name) for name, child in table.children.items()},
    )


def _period(table: RawTable, profiles: tuple[ColumnProfile, ...]) -> tuple[str, str] | None:
    """First and last ISO day of the first column of moments, which platforms write for every response: one that is named so, else
    one that spans no more than FIELD_DAYS (people are asked for moments of their lives too)."""
    moments = [each for each in profiles if each.type == "datetime" and each.n_blank <= each.n_filled]
    named = [each for each in moments if matching_word(each, "paradata", name_only=True)]
    for profile in [*named, *moments]:
        days = table.data[profile.name].drop_nulls().str.slice(0, 10)
        days = days.filter(days != NO_DAY)
        if len(days) and days.str.contains(r"^\d{4}-\d{2}-\d{2}$").all():
            first, last = date.fromisoformat(str(days.min())), date.fromisoformat(str(days.max()))
            if (last - first).days <= FIELD_DAYS:
                return first.isoformat(), last.isoformat()
    return None
