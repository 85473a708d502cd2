"""What a new key changes: the secure id of every person in the registered deliveries, and the digests of the registry.

Used once in the life of a key, by ``publish.rotation``. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from panelpress.errors import IntakeRefused
from panelpress.model.linkage import StudyLinkage
from panelpress.paths import Places
from panelpress.raw.arrival import Reader, receive
from panelpress.raw.identity import delivery_digest, person_id
from panelpress.raw.intake import Declared, read_pairs
from panelpress.raw.key import PseudonymKey
from panelpress.raw.link_files import link_files
from panelpress.raw.registry import DeliveredFiles, Registration, companion_digests, find_delivery, write_companions
from panelpress.schemas.contracts import find_contract


def rekeyed_registry(
    places: Places, registrations: tuple[Registration, ...], old: PseudonymKey, new: PseudonymKey
) -> dict[Registration, Registration]:
    """Each registration under ``new``. One that is so already stays, so that a rotation that was cut off can be run again.
    Raises IntakeRefused where a delivery is missing or not the registered one."""
    return {each: _rekeyed(places, each, old, new) for each in registrations}


def _rekeyed(places: Places, registration: Registration, old: PseudonymKey, new: PseudonymKey) -> Registration:
    try:
        find_delivery(places, registration, new)
    except IntakeRefused:
        find_delivery(places, registration, old)
    beside = {name: delivery_digest(new, places.deliveries / name) for name in companion_digests(registration)}
    digest = delivery_digest(new, places.deliveries / registration.file)
    return replace(registration, digest=digest, companions=write_companions(beside))


def rekeyed_persons(
    places: Places,
    registrations: tuple[Registration, ...],
    declared: Declared,
    old: PseudonymKey,
    new: PseudonymKey,
    reader: Reader,
) -> Mapping[str, str]:
    """The new secure id by the old one, for every person in the deliveries. Who is in no delivery any more (withdrawn) is not
    in it. Raises what intake raises."""
    found: dict[str, str] = {}
    for study in declared.studies:
        arrived = []
        for each in registrations:
            if each.study == study.id:
                beside = tuple(places.deliveries / name for name in companion_digests(each))
                files = DeliveredFiles(places.deliveries / each.file, beside)
                contract = find_contract(declared.contracts, each.study, each.wave)
                arrived.append(receive(each, contract, files, reader, "rotation"))
        linkage = next((each for each in declared.linkages if each.study == study.id), StudyLinkage(study.id))
        linked = link_files(linkage, study.wave_ids, arrived, read_pairs(places, linkage, reader) if arrived else {}).linked
        persons = {person for wave in linked.persons.values() for person in wave}
        found.update({person_id(old, study.id, *each): person_id(new, study.id, *each) for each in persons})
    return found
