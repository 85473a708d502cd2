"""Holds a release against what its tier promised of printed numbers: how many it carries in each sample, and how near.

The value in the release is read from its table ``estimates``, which holds functions of public tables only; the value in the
secure tables is computed beside it and stays here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from panelpress.model.disclosure import StudyRules
from panelpress.model.estimate import Judged
from panelpress.model.findings import Finding
from panelpress.model.study import Sample
from panelpress.validation.checks import finding
from panelpress.validation.estimates.carried import Carried, Compared, about, by_sample, shortfalls


def compare(judged: Iterable[Judged], released: duckdb.DuckDBPyConnection) -> tuple[Compared, ...]:
    """Every printed number that the secure tables can compute (``judged``), with its value in the table ``estimates`` of
    ``released``; nothing where nothing was judged."""
    known = [(each.number, each.found.value) for each in judged if each.found.value is not None]
    if not known:
        return ()
    found = released.execute("SELECT estimate, recomputed, source FROM estimates").fetchall()
    values = {estimate: (value, source) for estimate, value, source in found}
    return tuple(Compared(number, value, *values.get(number.id, (None, None))) for number, value in known)


def kept_findings(compared: Iterable[Compared], rules: Mapping[str, StudyRules], samples: Mapping[str, Sample]) -> list[Finding]:
    """One finding for each budget of printed numbers, and one for each sample in which printed numbers are about keys.
    ``rules`` are the tier's, by study."""
    of_study: dict[str, list[Compared]] = {}
    for each in compared:
        of_study.setdefault(each.number.study, []).append(each)
    found = []
    for study, own in of_study.items():
        asked = rules.get(study, StudyRules(study))
        lines = {line.sample: line for line in by_sample(own)}
        for budget in asked.budgets:
            line = lines.get(budget.sample)
            if budget.carried is not None and line is not None:
                short = int(line.share < budget.carried - 1e-12)
                message = f"{line.carried} of {line.numbers} printed numbers carried, {budget.carried:.0%} asked"
                found.append(finding("estimates.budget", study, budget.sample, failed=short, total=1, message=message))
        if asked.estimates is not None:
            for line in by_sample(about(own, asked.estimates.about, samples)):
                why = shortfalls(line, asked.estimates)
                message = "; ".join(why) or in_words(line)
                found.append(finding("estimates.kept", study, line.sample, failed=len(why), total=3, message=message))
    return found


def in_words(line: Carried) -> str:
    """What came through in one sample."""
    return (
        f"{line.carried} of {line.numbers} printed numbers carried, {line.from_rows} of them by rows; "
        f"half moved by at most {line.quantile(0.5):.2f}, nine tenths by at most {line.quantile(0.9):.2f}"
    )
