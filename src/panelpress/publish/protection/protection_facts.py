"""The public statement of disclosure control as documents need it: k, keys and the query to check both, study by study.

The statement in the manifest is ``{"studies": {study: {"k": 11, "keys": [...], "class_query": "SELECT ...", "relinked": {}}}}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Relinked:
    """Of the ``persons`` of version ``since``, the share ``linked`` can be told to be one person with a record of this release,
    by answers that did not change; the share ``right`` of these links is true (None: there are no links)."""

    since: str
    persons: int
    linked: float
    right: float | None


@dataclass(frozen=True, slots=True)
class StudyProtection:
    """On which ``keys`` together every person of ``study`` is like at least k - 1 others; ``query`` lets any reader check it.
    ``relinked`` is the risk that remains; None in a first release."""

    study: str
    k: int
    keys: tuple[str, ...]
    query: str | None
    relinked: Relinked | None = None


def study_protections(disclosure: Mapping[str, Any]) -> tuple[StudyProtection, ...]:
    """The statement of each study; none where nothing is stated."""
    found = []
    for study, said in disclosure.get("studies", {}).items():
        keys = tuple(str(each) for each in said.get("keys", ()))
        again = Relinked(**said["relinked"]) if "relinked" in said else None
        found.append(StudyProtection(study, int(said["k"]), keys, said.get("class_query"), again))
    return tuple(found)


def least_k(disclosure: Mapping[str, Any]) -> int | None:
    """The k that holds in every study; None where nothing is stated."""
    return min((each.k for each in study_protections(disclosure)), default=None)
