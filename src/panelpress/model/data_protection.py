"""What a project promises about the data it keeps: who answers for them, on what ground, and when each kind is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panelpress.model.text import NO_TEXT, LocalText


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of data is kept, and what deletes it."""

    kept: LocalText
    deleted: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class DataProtection:
    """The promises of ``publish/data-protection.yaml``; ``retention`` is keyed by the engine's kinds of data."""

    controller: LocalText = NO_TEXT
    legal_basis: LocalText = NO_TEXT
    contact: str | None = None
    note: LocalText = NO_TEXT
    retention: Mapping[str, Retention] = field(default_factory=dict)


NOTHING_PROMISED = DataProtection()
