"""Links what has arrived of one study: the files of a wave are one wave, whatever number of files it came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from panelpress.model.linkage import StudyLinkage
from panelpress.raw.arrival import Arrived
from panelpress.raw.linkage import Linked, Person, link


@dataclass(frozen=True, slots=True)
class LinkedFiles:
    """``waves``: the usable rows by wave; ``persons``: for each file in the order given, the person behind each of its rows."""

    linked: Linked
    waves: Mapping[str, pl.DataFrame]
    persons: tuple[list[Person], ...]


def link_files(
    linkage: StudyLinkage, order: Sequence[str], arrived: Sequence[Arrived], pairs: Mapping[str, pl.DataFrame]
) -> LinkedFiles:
    """Tell the persons of ``arrived`` (files of one study) apart. ``order``: its waves, earliest first; ``pairs``: crosswalk
    files by name. Raises what ``link`` raises."""
    files: dict[str, list[Arrived]] = {}
    for each in arrived:
        files.setdefault(each.contract.wave, []).append(each)
    waves = {wave: pl.concat(_rows(each) for each in found) for wave, found in files.items()}
    ids = {wave: pl.concat(each.ids for each in found) for wave, found in files.items()}
    linked = link(linkage, order, waves, ids, pairs)
    rest = {wave: list(persons) for wave, persons in linked.persons.items()}
    persons = []
    for each in arrived:
        own = rest[each.contract.wave]
        persons.append(own[: each.ids.len()])
        rest[each.contract.wave] = own[each.ids.len() :]
    return LinkedFiles(linked, waves, tuple(persons))


def _rows(arrived: Arrived) -> pl.DataFrame:
    """The usable rows with their columns in the contract's order, which is the same for every file of the wave."""
    return arrived.responses.data.select(each.name for each in arrived.contract.columns)
