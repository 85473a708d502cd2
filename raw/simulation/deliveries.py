"""Puts answers, paradata and problem rows together: the six deliveries as tables of text cells, ready to be written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np

from simulation import encode, interviews, outrush, outrush_people, questionnaire, rows, single
from simulation.draw import Ints
from simulation.identifiers import tokens
from simulation.rows import Raw
from simulation.survey import Survey
from simulation.targets import Target

PANEL_PROBLEMS = {"preview": 6, "refused": 31, "unfinished": 120, "early_leaver": 58, "speeder": 44, "twice": 37}
PROBLEMS = {
    "w1": PANEL_PROBLEMS,
    "w2": PANEL_PROBLEMS | {"straight": 9},
    "w3": {name: count for name, count in PANEL_PROBLEMS.items() if name != "preview"},
    "okr": {"early_leaver": 23},
    "gmf": {"early_leaver": 41, "speeder": 17},
}
STRAIGHT = ("dov_mig", "dov_rus", "dov_loc", "dov_gov", "gend_exec", "gend_jobs", "polint_ru", "svyaz_rus", "svyaz_host")
LEFT_EARLY = datetime(2021, 10, 4)


def make(seed: int, targets: tuple[Target, ...]) -> dict[str, Raw]:
    """All deliveries by contract name."""
    entries = questionnaire.deliveries()
    panel = outrush.answers(seed, targets)
    codes = tokens(seed, "outrush", panel.persons, "P-")
    made: dict[str, Raw] = {}
    for name, entry in entries.items():
        key = entry["key"]
        if key in panel.waves:
            made[name] = _rows(entry, seed, panel, np.flatnonzero(panel.in_waves(key)), codes)
        elif key in ("okr", "gmf"):
            survey = (single.okr if key == "okr" else single.gmf)(seed, targets)
            own = tokens(seed, key, survey.persons, "K-" if key == "okr" else "G-")
            made[name] = _rows(entry, seed, survey, np.arange(survey.rows), own)
        else:
            ids, columns = interviews.cells(seed, codes)
            days = [datetime.fromisoformat(day) for day in columns["date"]]
            made[name] = rows.respondents(entry, seed, columns, ids, days)
    return made


def _rows(entry: dict[str, object], seed: int, survey: Survey, at: Ints, codes: list[str]) -> Raw:
    key = str(entry["key"])
    cells = encode.cells(key, lambda variable: survey.values[variable][at])
    seconds = rows.spread(seed, key, len(at))
    submitted = [
        outrush_people.moment(day, second) for day, second in zip(survey.values["answered_day"][at], seconds, strict=True)
    ]
    raw = rows.respondents(entry, seed, cells, [codes[person] for person in survey.person[at]], submitted)
    return rows.with_problems(raw, PROBLEMS[key], _spoiler(key, list(cells)))


def _spoiler(key: str, columns: list[str]) -> Callable[[str, str, str], str]:
    """What a problem row has in a column, given what the row it was copied from has there."""
    items = {item.id: item.asked[key] for item in questionnaire.load() if key in item.asked}
    eligible = items["eligible_left_after_2022_02_24"]
    departure = items.get("departure_date")
    later = set(columns[len(columns) // 3 :])

    def spoil(problem: str, column: str, cell: str) -> str:
        if problem == "refused" or (problem == "unfinished" and column in later):
            return ""
        if problem == "early_leaver" and column == eligible.column:
            return eligible.codes[0]
        if problem == "early_leaver" and departure is not None and column == departure.column:
            return LEFT_EARLY.strftime(str(departure.date_format))
        if problem == "straight" and column in STRAIGHT:
            return "2"
        return cell

    return spoil
