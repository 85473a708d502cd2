"""The pictures of the gate report: how the checks went, responses by wave, missing answers, change since the last release.

Drawn from findings and summaries, which hold no person. Shares are drawn in coarse steps, so that a picture never tells one
respondent from none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from panelpress.model.rules import Rules
from panelpress.model.small_counts import shown
from panelpress.validation.report.svg import LABEL, WIDTH, bar, dot, line, picture, shortened, text
from panelpress.validation.report.view import StageCount
from panelpress.validation.summary_checks import Summaries

MOST = 25
STEPS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
_ROW = 20
_TINY = "font-size='9'"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what it shows in one sentence."""

    title: str
    note: str
    svg: str


def pictures(counts: Sequence[StageCount], summaries: Summaries | None, rules: Rules) -> tuple[Picture, ...]:
    """Every picture that there is something to draw for."""
    drawn = [_checks(counts)]
    if summaries is not None:
        drawn += [
            _waves(summaries.waves, rules.smallest_count),
            _missing(summaries.variables, list(summaries.waves["wave"])),
            _change(summaries, rules),
        ]
    return tuple(each for each in drawn if each)


def _checks(counts: Sequence[StageCount]) -> Picture | None:
    if not counts:
        return None
    widest = max(each.total for each in counts)
    room = WIDTH - LABEL - 46
    parts = []
    for at, each in enumerate(counts):
        y, x = at * _ROW + 4, float(LABEL)
        parts.append(text(LABEL - 6, y + 11, shortened(each.title), anchor="end"))
        shares = ((each.held, "var(--held)", "held"), (each.noted, "var(--warning)", "noted"))
        for n, colour, word in (*shares, (each.blocking, "var(--error)", "blocking")):
            width = max(room * n / widest, 3.0) if n else 0.0
            parts.append(bar(x, y, width, 14, colour, f"{n} {word}"))
            x += width + (2 if n else 0)
        parts.append(text(x + 4, y + 11, str(each.total), colour="var(--soft)"))
    y = len(counts) * _ROW + 8
    for x, colour, word in ((0, "held", "held"), (48, "warning", "pointed out"), (128, "error", "blocking")):
        parts.append(bar(LABEL + x, y, 9, 9, f"var(--{colour})"))
        parts.append(text(LABEL + x + 13, y + 8, word, colour="var(--soft)", size="font-size='10'"))
    said = "; ".join(f"{each.title}: {each.held} held, {each.noted} noted, {each.blocking} blocking" for each in counts)
    note = "Number of checks by stage."
    return Picture("How the checks went", note, picture(y + 14, parts, said))


def _waves(waves: pd.DataFrame, k: int) -> Picture | None:
    if not len(waves):
        return None
    top = float(max(waves["n_rows"].max(), waves["expected"].max() if waves["expected"].notna().any() else 0, k))
    room = WIDTH - LABEL - 52
    parts, said = [], []
    for at, row in enumerate(_rows(waves)):
        y = at * (_ROW + 4) + 4
        label = row.wave if row.study == row.wave else f"{row.study} {row.wave}"
        told = shown(int(row.n_rows), k)
        length = room * (max(row.n_rows, k) if row.n_rows else 0) / top  # a short bar must not tell what the number hides
        parts.append(text(LABEL - 6, y + 12, shortened(label), anchor="end"))
        parts.append(bar(LABEL, y, length, 16, "var(--bar)", f"{label}: {told}"))
        for value, colour, word in (
            (row.expected, "var(--ink)", "expected"),
            (row.previous_rows, "var(--warning)", "last release"),
        ):
            if pd.notna(value):
                x = LABEL + room * float(value) / top
                parts.append(line(x, y - 2, x, y + 18, colour, "" if word == "expected" else "3 2"))
        parts.append(text(LABEL + length + 5, y + 12, told, colour="var(--soft)"))
        said.append(f"{label}: {told}")
    note = "Bars: responses in this release. Solid line: number that the documents state. Dashed: the last release."
    return Picture("Responses by wave", note, picture(len(waves) * (_ROW + 4) + 6, parts, "; ".join(said)))


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows with their cells as attributes."""
    return iter(frame.itertuples())


def step(share: float) -> int:
    """Index of the coarse step that ``share`` is drawn in."""
    return next(at for at, bound in enumerate(STEPS) if share <= bound or bound == 1.0)


def _missing(variables: pd.DataFrame, order: Sequence[str]) -> Picture | None:
    known = variables.dropna(subset=["missing_share"])
    known = known[known["asked"]]
    if not len(known):
        return None
    worst = known.groupby("variable")["missing_share"].max().sort_values(ascending=False)
    chosen = list(worst.index[:MOST])
    waves = [wave for wave in order if wave in set(known["wave"])]
    room = WIDTH - LABEL - 4
    width = min(room / len(waves), 46.0)
    parts = [
        # every second name one line lower, so that long names of waves do not run into each other
        text(LABEL + (at + 0.5) * width, 9 + at % 2 * 10, shortened(wave, 10), anchor="middle", colour="var(--soft)", size=_TINY)
        for at, wave in enumerate(waves)
    ]
    cells = {(row.variable, row.wave): float(row.missing_share) for row in _rows(known)}
    for at, variable in enumerate(chosen):
        y = at * 16 + 26
        parts.append(text(LABEL - 6, y + 11, shortened(variable), anchor="end"))
        for column, wave in enumerate(waves):
            share = cells.get((variable, wave))
            if share is not None:
                said = f"{variable}, {wave}: at most {STEPS[step(share)]:.0%} missing"
                parts.append(bar(LABEL + column * width + 1, y + 1, width - 2, 14, f"var(--step{step(share)})", said))
    parts += _legend(len(chosen) * 16 + 36)
    more = len(worst) - len(chosen)
    note = "Answers missing of those that should be there" + (f"; the {more} other variables miss less." if more else ".")
    said = ", ".join(chosen[:5])
    return Picture("Missing answers", note, picture(len(chosen) * 16 + 62, parts, f"Most missing answers: {said}"))


def _legend(y: float) -> list[str]:
    width = (WIDTH - LABEL - 4) / len(STEPS)
    parts = []
    for at, bound in enumerate(STEPS):
        parts.append(bar(LABEL + at * width, y, width - 1, 8, f"var(--step{at})"))
        parts.append(
            text(LABEL + (at + 0.5) * width, y + 19, f"{bound:.0%}", anchor="middle", colour="var(--soft)", size="font-size='9'")
        )
    parts.append(text(LABEL - 6, y + 8, "up to", anchor="end", colour="var(--soft)"))
    return parts


def _change(summaries: Summaries, rules: Rules) -> Picture | None:
    moved = summaries.variables.dropna(subset=["tvd"])
    if not summaries.compared or not len(moved):
        return None
    moved = moved.sort_values("tvd", ascending=False, kind="stable").head(MOST)
    limit = rules.thresholds.tvd
    top = max(float(moved["tvd"].max()), limit) * 1.1
    room = WIDTH - LABEL - 10
    height = len(moved) * 16 + 20
    x_limit = LABEL + room * limit / top
    parts = [line(LABEL, 0, LABEL, height - 18), line(x_limit, 0, x_limit, height - 18, "var(--error)", "3 2")]
    for at, row in enumerate(_rows(moved)):
        y = at * 16 + 9
        label, over = f"{row.variable} {row.wave}", row.tvd > limit
        parts.append(text(LABEL - 6, y + 4, shortened(label), anchor="end"))
        x = LABEL + room * row.tvd / top
        parts += [line(LABEL, y, x, y), dot(x, y, "var(--warning)" if over else "var(--bar)", f"{label}: {row.tvd:.2f}")]
    parts.append(text(x_limit, height - 5, f"threshold {limit:g}", anchor="middle", colour="var(--soft)"))
    note = "Total variation distance of each distribution to the last release's, largest first."
    said = ", ".join(f"{row.variable} {row.wave} {row.tvd:.2f}" for row in _rows(moved.head(5)))
    return Picture("Change since the last release", note, picture(height, parts, f"Moved most: {said}"))
