"""Finds people who withdraw in the deliveries, and takes their rows out of them. Nothing here prints or returns a contact.

A person may write with the id that the platform gave, or with an address, telephone number or handle that stands in a column
of contacts. An id of a wave that came in parts is written with its part, ``GE:17``: the other parts may have a 17 too.
Deliveries without them are written as plain CSV under the same name with ``.without-withdrawn.csv``, because no platform's own
format can be written as that platform writes it; the original file is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from panelpress.model.linkage import StudyLinkage
from panelpress.paths import Places
from panelpress.raw.arrival import Arrived, Reader, receive
from panelpress.raw.identity import delivery_digest, person_id
from panelpress.raw.intake import Declared, read_pairs
from panelpress.raw.key import PseudonymKey
from panelpress.raw.link_files import link_files
from panelpress.raw.parts import filled_in
from panelpress.raw.registry import PURGED, Registration, find_delivery
from panelpress.schemas.contracts import find_contract

CONTACT_ROLES = ("id", "direct")
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery and the secure id of the person behind each of its usable rows."""

    registration: Registration
    arrived: Arrived
    persons: tuple[str, ...]


def delivered(
    places: Places, registrations: Iterable[Registration], declared: Declared, key: PseudonymKey, reader: Reader
) -> tuple[Delivered, ...]:
    """All registered deliveries with their persons. Raises what intake raises."""
    listed = tuple(registrations)
    found: list[Delivered] = []
    for study in declared.studies:
        arrived: list[Arrived] = []
        for each in listed:
            if each.study == study.id:
                contract = find_contract(declared.contracts, each.study, each.wave)
                arrived.append(receive(each, contract, find_delivery(places, each, key), reader, "withdraw"))
        if not arrived:
            continue
        linkage = next((each for each in declared.linkages if each.study == study.id), StudyLinkage(study.id))
        files = link_files(linkage, study.wave_ids, arrived, read_pairs(places, linkage, reader))
        for come, persons in zip(arrived, files.persons, strict=True):
            ids = tuple(person_id(key, study.id, *person) for person in persons)
            found.append(Delivered(come.registration, come, ids))
    return tuple(found)


def find_persons(deliveries: Iterable[Delivered], tokens: Iterable[str]) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """(study, secure id) of everybody whom one of ``tokens`` names, and the tokens that name nobody."""
    wanted = {form: token for token in tokens for form in _forms(token)}
    persons: set[tuple[str, str]] = set()
    matched: set[str] = set()
    for each in deliveries:
        columns = [one.name for one in each.arrived.contract.columns if one.role in CONTACT_ROLES]
        data = each.arrived.responses.data
        for name in columns:
            if name not in data.columns:
                continue
            place = (
                f"{each.registration.part}:" if each.registration.part and name == each.arrived.contract.id_column.name else ""
            )
            for cell, person in zip(data.get_column(name).cast(pl.String).to_list(), each.persons, strict=True):
                for form in _forms(f"{place}{cell}" if cell else ""):
                    if form in wanted:
                        persons.add((each.registration.study, person))
                        matched.add(wanted[form])
    return frozenset(persons), frozenset(token for token in wanted.values() if token not in matched)


def _forms(text: str) -> set[str]:
    """The ways in which a contact may be written: as it is, in small letters without @, digits of a number alone."""
    plain = text.strip()
    if not plain:
        return set()
    forms = {plain, plain.casefold().lstrip("@")}
    digits = re.sub(r"[\s()+.\-]", "", plain)
    if digits.isdigit() and len(digits) >= FEWEST_DIGITS:
        forms.add(digits)
    return forms


def purge(
    places: Places, deliveries: Iterable[Delivered], persons: frozenset[tuple[str, str]], key: PseudonymKey
) -> Mapping[Registration, Registration]:
    """Rewrite every delivery that holds one of ``persons`` without their rows; old registration -> new one. The originals are
    deleted last, so that a run cut off can be started again."""
    by_file: dict[str, list[Delivered]] = {}
    for each in deliveries:
        by_file.setdefault(each.registration.file, []).append(each)
    replaced: dict[Registration, Registration] = {}
    for registered in by_file.values():
        if any(_ids_of(each, persons) for each in registered):
            tables: dict[str, list[Delivered]] = {}
            for each in registered:
                tables.setdefault(_table_of(each.registration), []).append(each)
            for table, waves in tables.items():
                replaced.update(_rewritten(places, table, waves, persons, key))
    return replaced


def _table_of(registration: Registration) -> str:
    """Which event or child table of its file a registration reads; empty for the whole."""
    return registration.platform.partition(":")[2]


def _rewritten(
    places: Places, table: str, waves: list[Delivered], persons: frozenset[tuple[str, str]], key: PseudonymKey
) -> Mapping[Registration, Registration]:
    """One table of one file, which several waves may share, written without ``persons``; old registration -> new one."""
    first = waves[0]
    data = first.arrived.raw.data.drop(filled_in(first.arrived.contract, first.registration.part))
    for each in waves:
        column = each.arrived.contract.id_column.name
        data = data.filter(~pl.col(column).cast(pl.String).is_in(list(_ids_of(each, persons))).fill_null(False))
    inner = "." + re.sub(r"\W+", "_", table) if table else ""
    path = places.deliveries / (first.registration.file.removesuffix(PURGED) + inner + PURGED)
    unfinished = path.with_suffix(".part")
    data.write_csv(unfinished, null_value="", quote_style="non_numeric")
    unfinished.chmod(0o600)
    unfinished.replace(path)
    name, digest, size = path.relative_to(places.deliveries).as_posix(), delivery_digest(key, path), path.stat().st_size
    facts = {"file": name, "digest": digest, "platform": "plain_csv", "companions": ""}
    return {each.registration: replace(each.registration, **facts, bytes=size, rows=data.height) for each in waves}


def _ids_of(each: Delivered, persons: frozenset[tuple[str, str]]) -> set[str]:
    """Ids, as this delivery has them, of those of ``persons`` who are in it."""
    own = [(each.registration.study, person) in persons for person in each.persons]
    return set(each.arrived.ids.filter(pl.Series(own, dtype=pl.Boolean)).to_list())
