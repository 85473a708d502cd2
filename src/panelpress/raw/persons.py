"""The persons of one study: linked over its waves, given pseudonyms, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from panelpress.model.delivery import Contract
from panelpress.model.findings import Finding
from panelpress.model.linkage import StudyLinkage
from panelpress.model.study import Study
from panelpress.raw.arrival import Arrived
from panelpress.raw.deidentify import pseudonymize, refuse_person_twice
from panelpress.raw.facts import TOOL, conflicts
from panelpress.raw.identity import person_id
from panelpress.raw.key import PseudonymKey
from panelpress.raw.link_files import LinkedFiles, link_files
from panelpress.raw.linkage import CrosswalkCounts, Linked, Person
from panelpress.raw.suppression import Ids


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """How many persons a study has, and in how many waves they took part: ``by_waves[0]`` persons in one wave only, and so on."""

    study: str
    persons: int
    responses: int
    by_waves: tuple[int, ...]
    crosswalks: tuple[CrosswalkCounts, ...]

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> PersonCounts:
        """The counts as ``asdict`` and JSON left them."""
        walks = tuple(CrosswalkCounts(**each) for each in given["crosswalks"])
        return cls(given["study"], given["persons"], given["responses"], tuple(given["by_waves"]), walks)


@dataclass(frozen=True, slots=True)
class ToldApart:
    """For each arrived file its rows under pseudonyms; counts and findings of the study; where former keys were given, the ids of
    each person under all keys."""

    frames: tuple[pl.DataFrame, ...]
    counts: PersonCounts
    findings: tuple[Finding, ...]
    ids: Ids


def tell_apart(
    study: Study,
    linkage: StudyLinkage,
    arrived: Sequence[Arrived],
    pairs: Mapping[str, pl.DataFrame],
    keys: Sequence[PseudonymKey],
    run: str,
    cleaned: frozenset[str] = frozenset(),
) -> ToldApart:
    """Link the files of ``study`` that have ``arrived`` and give every person a pseudonym under the first of ``keys``. ``pairs``:
    crosswalk files by name.

    Raises IntakeRefused where a person stands twice in a wave of a panel, or a crosswalk cannot be right.
    """
    files = link_files(linkage, study.wave_ids, arrived, pairs)
    linked = files.linked
    for wave, persons in linked.persons.items():
        if wave not in cleaned and study.kind == "panel":
            refuse_person_twice(persons, ", ".join(each.registration.file for each in arrived if each.contract.wave == wave))
    frames = tuple(
        pseudonymize(each.responses, each.ids, persons, each.contract, keys[0], each.registration.part)
        for each, persons in zip(arrived, files.persons, strict=True)
    )
    memberships = Counter(person for persons in linked.persons.values() for person in set(persons))
    sizes = Counter(memberships.values())
    by_waves = tuple(sizes[number] for number in range(1, len(linked.persons) + 1))
    responses = sum(frame.height for frame in frames)
    counts = PersonCounts(study.id, len(memberships), responses, by_waves, linked.crosswalks)
    contracts = {each.contract.wave: each.contract for each in arrived}
    findings = (*_linkage_findings(study, linked, counts, run), *_fact_findings(study, linkage, contracts, files, run))
    known = ([person_id(key, study.id, *person) for key in keys] for person in memberships) if len(keys) > 1 else ()
    return ToldApart(frames, counts, findings, {(study.id, ids[0]): tuple(ids) for ids in known})


def _linkage_findings(study: Study, linked: Linked, counts: PersonCounts, run: str) -> Iterator[Finding]:
    for walk in linked.crosswalks:
        if walk.dangling:
            said = "ids that nobody in the wave has"
            yield _warning(study, run, "crosswalk_dangling", walk.label, walk.dangling, walk.links, said)
    if linked.padded:
        said = "ids like one of an earlier wave but for leading zeros, blanks or capitals: they count as other persons"
        yield _warning(study, run, "id_padding", None, linked.padded, counts.persons, said)


def _warning(study: Study, run: str, rule: str, field: str | None, n: int, total: int, message: str) -> Finding:
    return Finding(run, "intake", TOOL, rule, study.id, field, "warning", n, total, message)


def _fact_findings(
    study: Study, linkage: StudyLinkage, contracts: Mapping[str, Contract], files: LinkedFiles, run: str
) -> Iterator[Finding]:
    if not linkage.facts:
        return
    number: dict[Person, int] = {}
    rows = {
        wave: data.with_columns(
            pl.Series("person_id", [number.setdefault(person, len(number)) for person in files.linked.persons[wave]])
        )
        for wave, data in files.waves.items()
    }
    for fact in linkage.facts:
        yield conflicts(fact, rows, contracts, study.id, run)
