"""How to cite a release: BibTeX, RIS and APA, from its Data Package descriptor. One release, or the data set as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation in three notations."""

    bibtex: str
    ris: str
    apa: str


def cite(descriptor: Mapping[str, Any], year: str, version: str | None, address: str = "", data_version: str = "") -> Citation:
    """Cites ``version``, or every release where it is None. ``address`` is the permanent address, where one is known; where none
    is, ``data_version`` (the hash over all tables) says which data are meant."""
    title = str(descriptor.get("title", descriptor.get("name", "")))
    if descriptor.get("simulated") and "simulat" not in title.lower():
        title += " (simulated)"
    people = [each for each in descriptor.get("contributors", ()) if "author" in (each.get("roles") or [each.get("role")])]
    authors = list(dict.fromkeys(str(each["title"]) for each in people)) or ["Anonymous"]
    doi = str(descriptor.get("doi") or "")
    where = f"https://doi.org/{doi}" if doi else address
    note = f"Data version {data_version}" if data_version and not where else ""
    key = str(descriptor.get("name", "data")).replace("_", "-") + (f"-{version}" if version else "")
    named = f"{title} (Version {version})" if version else title
    return Citation(
        _bibtex(key, authors, title, year, version, where, note),
        _ris(authors, title, year, version, where, note),
        f"{', '.join(authors)}. ({year}). {named} [Data set]. {where or note}".strip(),
    )


def _bibtex(key: str, authors: list[str], title: str, year: str, version: str | None, where: str, note: str) -> str:
    fields = {"author": " and ".join(f"{{{each}}}" for each in authors), "title": f"{{{title}}}", "year": year}
    if version:
        fields["version"] = version
    if where:
        fields["url"] = where
    if note:
        fields["note"] = note
    inner = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{key},\n{inner}\n}}"


def _ris(authors: list[str], title: str, year: str, version: str | None, where: str, note: str) -> str:
    lines = ["TY  - DATA", *(f"AU  - {each}" for each in authors), f"TI  - {title}", f"PY  - {year}"]
    if version:
        lines.append(f"ET  - {version}")
    if where:
        lines.append(f"UR  - {where}")
    if note:
        lines.append(f"N1  - {note}")
    return "\n".join([*lines, "ER  - "])
