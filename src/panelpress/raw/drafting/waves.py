"""Reads and describes the waves of a project that is drafted: events of one file apart, parts of one wave together, child tables
as lists of records. The column that tells persons apart is the one whose values come back in other waves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from panelpress.model.delivery import RawTable
from panelpress.raw.describe import Description, describe_table
from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.given import GivenWave
from panelpress.raw.drafting.names import slug, unused
from panelpress.raw.drafting.parts import together
from panelpress.raw.profile import profile_columns
from panelpress.raw.readers import events_of, read_delivery
from panelpress.raw.roles import find_id

# An event of a longitudinal file, None where a file is one wave; and the file's tables by part.
Event = tuple[str | None, dict[str, RawTable]]


def read_waves(given: Sequence[GivenWave], study: str) -> tuple[DraftedWave, ...]:
    """Every wave of ``study``, each followed by its child tables. Raises what ``read_delivery`` and ``together`` raise."""
    seen: set[str] = set()
    studies = [study]
    waves: list[DraftedWave] = []
    for each in given:
        for event, tables in _events(each):
            number = 1 + sum(1 for wave in waves if not wave.table)
            main = _panel_wave(each, event, tables, study, f"w{number}", seen)
            ids = _ids(main)
            if main.description.links:
                seen |= ids
            waves.append(main)
            for child in _children(each, event, tables, main, studies, ids):
                studies.append(child.study)
                waves.append(child)
    return tuple(waves)


def _events(given: GivenWave) -> Iterator[Event]:
    whole = {part: read_delivery(path, None, given.beside) for part, path in given.exports.items()}
    events = {part: events_of(table) for part, table in whole.items()}
    if max(map(len, events.values())) < 2:
        yield None, whole
        return
    for event in dict.fromkeys(event for found in events.values() for event in found):
        yield (
            event,
            {
                part: read_delivery(path, f"{whole[part].platform}:{event}", given.beside)
                for part, path in given.exports.items()
                if event in events[part]
            },
        )


def _panel_wave(
    given: GivenWave, event: str | None, tables: Mapping[str, RawTable], study: str, wave: str, seen: set[str]
) -> DraftedWave:
    rows = together(given.name, tables)
    file = " ".join(path.name for part, path in given.exports.items() if part in tables)
    described = describe_table(rows.table, file, _within_parts(tables))
    linking, returning = _linking(rows.table, described, seen)
    if linking is not None and linking != described.id_column:
        described = describe_table(rows.table, file, linking)
    return DraftedWave(
        study,
        wave,
        given.name if event is None else f"{given.name}, {event}",
        described,
        rows,
        next(iter(given.exports.values())),
        _kept_as(given, tables),
        tuple(given.kept_as[path] for path in given.beside),
        "" if event is None else f"{rows.table.platform}:{event}",
        returning,
    )


def _children(
    given: GivenWave,
    event: str | None,
    tables: Mapping[str, RawTable],
    main: DraftedWave,
    studies: Sequence[str],
    ids: set[str],
) -> Iterator[DraftedWave]:
    """Each child table as a study of its own: a list of records has one wave."""
    taken = list(studies)
    for name in dict.fromkeys(name for table in tables.values() for name in table.children):
        parts = {part: table.children[name] for part, table in tables.items() if name in table.children}
        rows = together(name, parts)
        table = replace(rows.table, platform=main.description.platform)
        described = describe_table(table, f"{main.description.file}, {name}")
        study = unused(slug(name, "records"), taken)
        taken.append(study)
        keys = rows.table.data[described.id_column] if described.id_column else pl.Series([], dtype=pl.String)
        yield DraftedWave(
            study,
            f"{study}_{main.wave}",
            f"{main.label}, {name}",
            described,
            rows,
            main.source,
            _kept_as(given, parts),
            main.beside,
            ":".join(filter(None, (main.description.platform, event, name))),
            table=name,
            parent=main.wave,
            foreign=int((~keys.is_in(list(ids))).sum()) if len(keys) else rows.table.data.height,
        )


def _kept_as(given: GivenWave, parts: Iterable[str]) -> dict[str, str]:
    return {part: given.kept_as[given.exports[part]] for part in parts}


def _ids(wave: DraftedWave) -> set[str]:
    column = wave.description.id_column
    return set() if column is None else set(wave.rows.table.data[column].drop_nulls().to_list())


def _within_parts(tables: Mapping[str, RawTable]) -> str | None:
    """The id column of parts that each number their people anew; None where that is no question."""
    found = [find_id(profile_columns(table)) for table in tables.values()] if len(tables) > 1 else []
    shared = [name for name in found[0] if all(name in each for each in found)] if found else []
    return shared[0] if shared else None


def _linking(table: RawTable, described: Description, seen: set[str]) -> tuple[str | None, int]:
    """The column that could tell persons apart and holds most ids of earlier waves, and how many; None where none holds any."""
    able = described.ids if described.links else ()
    counts = {name: int(table.data[name].is_in(list(seen)).sum()) for name in able} if seen else {}
    best = max(counts, key=lambda name: counts[name], default=None)
    return (best, counts[best]) if best is not None and counts[best] else (None, 0)
