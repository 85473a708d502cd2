"""Facts about the data project as a whole, read from ``panelpress.yaml`` at its root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panelpress.model.text import NO_TEXT, LocalText


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or body that made the data. ``role`` is a Data Package role (``author``, ``publisher``, ``contact`` ...)."""

    title: str
    role: str
    orcid: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """``name`` is an SPDX id, ``path`` its text on the web, ``title`` for people."""

    name: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Name, titles, languages, licence, people, titles of the subjects of variables. ``simulated`` says that no respondent
    exists; only then may ``demo_key`` name a public pseudonym key in the checkout."""

    id: str
    title: LocalText
    description: LocalText
    simulated: bool
    languages: tuple[str, ...]
    licence: Licence
    contributors: tuple[Contributor, ...]
    keywords: tuple[str, ...] = ()
    homepage: str | None = None
    contact: str | None = None
    citation: str | None = None
    demo_key: str | None = None
    concepts: Mapping[str, LocalText] = field(default_factory=dict)

    def concept(self, name: str) -> LocalText:
        """What the subject ``name`` of variables is called; where nobody gave it a title, its id as a heading."""
        return self.concepts.get(name) or (LocalText({"en": name.replace("_", " ").capitalize()}) if name else NO_TEXT)
