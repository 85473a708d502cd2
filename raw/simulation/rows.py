"""A delivery before it is written: text cells by column, with paradata, identifiers, and the rows that cleaning takes out.

Real exports hold rows that are no respondents: previews, refusals, unfinished starts, people outside the population, speeders.
They are copies of real rows, put between them, so that counts hold only after cleaning. Who answered twice stands under one
token twice; the later questionnaire is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from simulation import draw, questionnaire
from simulation.identifiers import Invented, tokens

STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(slots=True)
class Raw:
    """Rows in order of answering. ``kind`` is "" for respondents who stay, else a problem; ``token`` tells persons apart."""

    entry: dict[str, Any]
    seed: int
    cells: dict[str, list[str]]
    token: list[str]
    submitted: list[datetime]
    seconds: list[int]
    kind: list[str]

    @property
    def n(self) -> int:
        return len(self.token)

    @property
    def key(self) -> str:
        return str(self.entry["key"])


def respondents(
    entry: dict[str, Any], seed: int, cells: dict[str, list[str]], token: list[str], submitted: list[datetime]
) -> Raw:
    """The rows of those who stay, each with a plausible duration."""
    random = draw.stream(seed, f"{entry['key']}/duration")
    seconds = [int(at) for at in random.integers(420, 1500, len(token)) + random.integers(0, 900, len(token))]
    return Raw(entry, seed, cells, token, submitted, seconds, [""] * len(token))


def with_problems(raw: Raw, counts: dict[str, int], spoil: Callable[[str, str, str], str]) -> Raw:
    """``raw`` with ``counts`` problem rows, all sorted by time of answering. ``spoil(problem, column, cell)`` gives the cell of a
    problem row."""
    random = draw.stream(raw.seed, f"{raw.key}/problems")
    total = sum(counts.values())
    fresh = iter(tokens(raw.seed, f"{raw.key}/problems", total, "X-"))
    picked = random.choice(raw.n, total, replace=False)
    problems = [problem for problem, count in counts.items() for _ in range(count)]
    columns = {name: list(cells) for name, cells in raw.cells.items()}
    made = Raw(raw.entry, raw.seed, columns, list(raw.token), list(raw.submitted), list(raw.seconds), list(raw.kind))
    for problem, at in zip(problems, picked.tolist(), strict=True):
        token = next(fresh)
        made.token.append(raw.token[at] if problem == "twice" else token)
        made.submitted.append(raw.submitted[at] - timedelta(minutes=53, seconds=at % 60))
        made.seconds.append(40 + at % 60 if problem in ("speeder", "preview") else 300 + at % 700)
        made.kind.append(problem)
        for name, cells in columns.items():
            cells.append(spoil(problem, name, raw.cells[name][at]))
    order = sorted(range(made.n), key=lambda at: (made.submitted[at], made.token[at], made.kind[at]))
    return Raw(
        raw.entry,
        raw.seed,
        {name: [cells[at] for at in order] for name, cells in made.cells.items()},
        [made.token[at] for at in order],
        [made.submitted[at] for at in order],
        [made.seconds[at] for at in order],
        [made.kind[at] for at in order],
    )


def table(raw: Raw) -> dict[str, list[str]]:
    """All columns of the export in its order: the platform's first, answers, then those that stand at the end."""
    fill = Fill(raw)
    platform = {column["name"]: column for column in raw.entry["columns"]}
    front = [name for name, column in platform.items() if column.get("place") != "end"]
    back = [name for name, column in platform.items() if column.get("place") == "end"]
    made = {name: raw.cells.get(name) or fill.column(platform[name]["fill"]) for name in front}
    made |= {name: cells for name, cells in raw.cells.items() if name not in made}
    return made | {name: fill.column(platform[name]["fill"]) for name in back}


class Fill:
    """Generators of the columns that platforms add, called by the name under ``fill`` in ``platform.yaml``."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.invented = Invented(raw.seed, raw.key, raw.n)
        self.unfinished = [kind in ("unfinished", "refused") for kind in raw.kind]

    def column(self, name: str) -> list[str]:
        own = getattr(self, f"_{name}", None)
        return list(own() if own else getattr(self.invented, name)())

    def _token(self) -> list[str]:
        return self.raw.token

    def _running(self) -> list[str]:
        return [str(at) for at in range(1, self.raw.n + 1)]

    def _simulated(self) -> list[str]:
        return ["simulated"] * self.raw.n

    def _seed(self) -> list[str]:
        return self.invented.seed_number()

    def _submitted(self) -> list[str]:
        return [at.strftime(STAMP) for at in self.raw.submitted]

    def _submitted_if_finished(self) -> list[str]:
        return ["" if open_ else at for open_, at in zip(self.unfinished, self._submitted(), strict=True)]

    def _started(self) -> list[str]:
        both = zip(self.raw.submitted, self.raw.seconds, strict=True)
        return [(at - timedelta(seconds=seconds)).strftime(STAMP) for at, seconds in both]

    def _recorded(self) -> list[str]:
        return [(at + timedelta(seconds=1)).strftime(STAMP) for at in self.raw.submitted]

    def _duration(self) -> list[str]:
        return [str(at) for at in self.raw.seconds]

    def _duration_decimal(self) -> list[str]:
        return [f"{at}.{at * 7 % 100:02d}" for at in self.raw.seconds]

    def _minutes(self) -> list[str]:
        return [f"{at / 60:.1f}" for at in self.raw.seconds]

    def _status(self) -> list[str]:
        return ["1" if kind == "preview" else "0" for kind in self.raw.kind]

    def _is_test(self) -> list[str]:
        return self._status()

    def _finished(self) -> list[str]:
        return ["0" if open_ else "1" for open_ in self.unfinished]

    def _progress(self) -> list[str]:
        return ["37" if open_ else "100" for open_ in self.unfinished]

    def _lastpage(self) -> list[str]:
        return ["3" if open_ else "11" for open_ in self.unfinished]

    def _consent(self) -> list[str]:
        return ["2" if kind == "refused" else "1" for kind in self.raw.kind]

    def _consent_yn(self) -> list[str]:
        return ["N" if kind == "refused" else "Y" for kind in self.raw.kind]

    def _distribution(self) -> list[str]:
        return ["preview" if kind == "preview" else "anonymous" for kind in self.raw.kind]

    def _language(self) -> list[str]:
        return ["EN" if at % 9 == 0 else "RU" for at in self.raw.seconds]

    def _language_lower(self) -> list[str]:
        return [at.lower() for at in self._language()]

    def _other_job(self) -> list[str]:
        chosen = self.raw.cells[questionnaire_column("occupation_sector", self.raw.key)]
        return [text if code == "-oth-" else "" for text, code in zip(self.invented.other_job(), chosen, strict=True)]


def questionnaire_column(item: str, delivery: str) -> str:
    """The raw column of an item in a delivery."""
    return next(each.asked[delivery].column for each in questionnaire.load() if each.id == item)


def spread(seed: int, name: str, n: int) -> list[int]:
    """Seconds of a day for ``n`` answers, different enough that no two rows of one day tie often."""
    return [int(at) for at in np.floor(draw.uniform(seed, f"{name}/time", n) * 57_600 + 25_200)]
