"""Version numbers of releases: ``major.minor.patch``, and how far a change of a given weight must raise them.

Source of the method: Semantic Versioning 2.0.0, read for data. MAJOR: a published query may break or change its meaning. MINOR:
additions, and corrected cells that an erratum counts. PATCH: no cell differs. While the major number is 0 nothing is promised
for good, so a breaking change raises the second number and everything else the third.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from panelpress.errors import UsageError

Weight = Literal["patch", "minor", "major"]
WEIGHTS: tuple[Weight, ...] = ("patch", "minor", "major")
_FORM = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version number. Ordered as numbers: 0.10.0 comes after 0.9.0."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, weight: Weight) -> Version:
        """The least version after this one that a change of ``weight`` may carry."""
        if weight == "major":
            return Version(0, self.minor + 1, 0) if self.major == 0 else Version(self.major + 1, 0, 0)
        if weight == "minor" and self.major > 0:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


def parse_version(text: str) -> Version:
    """The version written in ``text``. Raises UsageError for anything but three numbers."""
    found = _FORM.fullmatch(text)
    if not found:
        raise UsageError(f"version {text!r}", "is not three numbers with dots.", "Write it like 0.2.1.")
    return Version(*(int(part) for part in found.groups()))


def heaviest(weights: list[Weight]) -> Weight:
    """The heaviest of ``weights``; ``patch`` where there is none."""
    return max(weights, key=WEIGHTS.index, default="patch")
