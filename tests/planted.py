"""Planted releases: tiny folders that a stranger could download, some of them weak on purpose, and the private side that scores.

A world is a list of people, each with answers by wave. What is published of them is decided by the test: a coarsening of each
answer, a way to make ids, cells to star. The people were made up here; no one exists.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from panelpress.model.findings import Finding
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.publish.gate.attack import attack_release

K, MAX_RISK = 5, 0.2
PEOPLE = 64
Answers = Mapping[str, float | date]
Coarsen = Mapping[str, Callable[[Any], float]]


def study(waves: Sequence[str] = ("a", "b")) -> Study:
    """The study that every planted release is of."""
    text = LocalText({"en": "Planted"})
    return Study("planted", text, tuple(Wave(wave, "planted", text, "2022-03", "2022-04") for wave in waves))


def keyed(secure: str) -> str:
    """An id as a careful publisher makes it."""
    return hmac.new(b"a key that nobody guesses", secure.encode(), hashlib.sha256).hexdigest()[:24]


@dataclass(frozen=True)
class World:
    """``answers(person, wave)`` of ``people`` persons; ``absent`` are pairs without a response."""

    answers: Callable[[int, str], Answers]
    people: int = PEOPLE
    waves: tuple[str, ...] = ("a", "b")
    absent: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    def responses(self) -> list[tuple[int, str, Answers]]:
        return [
            (person, wave, self.answers(person, wave))
            for person in range(self.people)
            for wave in self.waves
            if (person, wave) not in self.absent
        ]

    def secure(self) -> duckdb.DuckDBPyConnection:
        """The private tables, as the build leaves them."""
        rows = [
            {"person_id": secure_id(person), "wave": wave, **_channels(answers)} for person, wave, answers in self.responses()
        ]
        connection = duckdb.connect(":memory:")
        connection.register("incoming", _frame(rows))
        connection.execute("CREATE TABLE planted_responses AS SELECT * FROM incoming")
        return connection

    def identities(self, make: Callable[[str], str] = keyed) -> dict[str, dict[str, str]]:
        return {"planted": {secure_id(person): make(secure_id(person)) for person in range(self.people)}}


def _same(value: Any) -> Any:
    return value


def secure_id(person: int) -> str:
    return f"s{person:03d}"


def _channels(answers: Answers, starred: frozenset[str] = frozenset()) -> dict[str, float | date | str | None]:
    cells: dict[str, float | date | str | None] = {}
    for name, value in answers.items():
        cells[name] = None if name in starred else value
        cells[f"{name}__why"] = "suppressed" if name in starred else None
    return cells


def _frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    texts = {name: pl.String for name in rows[0] if name.endswith("__why") or name in ("person_id", "wave")}
    return pl.DataFrame(rows, schema_overrides=texts, infer_schema_length=None)


def publish(
    folder: Path,
    world: World,
    keys: Sequence[str],
    *,
    coarsen: Coarsen | None = None,
    make: Callable[[str], str] = keyed,
    star: Callable[[int, str], frozenset[str]] = lambda person, wave: frozenset(),
    **roles: str,
) -> Path:
    """Writes what a stranger gets of ``world``: the manifest's statement and one Parquet file, sorted by released id. ``roles``
    are the columns that the manifest calls ``weight`` and ``household``."""
    rows = []
    for person, wave, answers in world.responses():
        shown = {name: (coarsen or {}).get(name, _same)(value) for name, value in answers.items()}
        rows.append({"person_id": make(secure_id(person)), "wave": wave, **_channels(shown, star(person, wave))})
    (folder / "data" / "parquet").mkdir(parents=True)
    _frame(rows).sort("person_id", "wave").write_parquet(folder / "data" / "parquet" / "planted_responses.parquet")
    said = {"planted": {"keys": list(keys), "class_size": K, "max_risk": MAX_RISK, **roles}}
    (folder / "manifest.json").write_text(json.dumps({"disclosure": {"studies": said}}), encoding="utf-8")
    return folder


def attacked(
    folder: Path,
    world: World,
    previous: tuple[Path, Mapping[str, Mapping[str, str]]] | None = None,
    make: Callable[[str], str] = keyed,
) -> list[Finding]:
    """Findings of all attacks on the release in ``folder``."""
    secure = world.secure()
    try:
        return attack_release(folder, secure, [study(world.waves)], world.identities(make), previous)
    finally:
        secure.close()


def broken(findings: Sequence[Finding]) -> set[str]:
    """Names of the attacks that came through."""
    return {each.rule.removeprefix("disclosure.") for each in findings if each.failed}
