"""A view for each variable whose series a break interrupts: ``<table>__trend_<variable>_without_<waves>``.

A wave may say of a variable that it ``breaks_with`` others: the answers must not be compared. The view keeps as many waves as
possible of which no two break with each other; of equally long series it takes the later one. Its name, its description and
the table ``views`` say which waves are left out. A variable without breaks needs no view: its column is the series. Where
fewer than two waves remain there is no series to view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.text import LocalText
from panelpress.model.variable import Variable
from panelpress.publish.tables.sql import columns, literal, quoted
from panelpress.publish.tables.views.view import View

Break = frozenset[str]
SAID = {
    "en": "{label}: comparable waves {kept}. Left out because the answers must not be compared: {left}.",
    "ru": "{label}: сопоставимые волны {kept}. Не вошли, так как ответы несопоставимы: {left}.",
}


def trend_views(edition: Edition) -> Iterator[View]:
    """The views of all variables of this edition that a break touches."""
    for study in edition.studies:
        if study.kind != "panel":
            continue
        held = set(edition.table(study.table).field_names)
        for variable in edition.variables:
            if variable.id in held:
                asked = [wave for wave in study.wave_ids if _asked(variable, wave)]
                left = left_out(breaks(variable, asked), asked)
                if left and len(asked) - len(left) >= 2:
                    yield _view(study, variable, tuple(wave for wave in asked if wave not in left), left)


def _asked(variable: Variable, wave: str) -> bool:
    return wave in variable.waves and variable.waves[wave].status in ("complete", "partial")


def breaks(variable: Variable, asked: Sequence[str]) -> frozenset[Break]:
    """Pairs of the waves ``asked`` of which either says that it breaks with the other."""
    return frozenset(
        frozenset((wave, other))
        for wave in asked
        for other in variable.waves[wave].breaks_with
        if other in asked and other != wave
    )


def left_out(pairs: frozenset[Break], order: Sequence[str]) -> tuple[str, ...]:
    """The fewest waves without which none of ``pairs`` is left; of equally few, the earlier ones, in ``order``."""
    if not pairs:
        return ()
    partners = {wave: frozenset().union(*(pair for pair in pairs if wave in pair)) - {wave} for wave in order}
    most = max(order, key=lambda wave: len(partners[wave]))
    # Either this wave goes or all that it breaks with: a break in time (all before, all after) is settled in one step each.
    choices = []
    for gone in [{most}] if len(partners[most]) == 1 else [{most}, set(partners[most])]:
        rest = left_out(frozenset(pair for pair in pairs if not pair & gone), order)
        choices.append(tuple(wave for wave in order if wave in gone or wave in rest))
    return min(choices, key=lambda choice: (len(choice), [order.index(wave) for wave in choice]))


def _view(study: Study, variable: Variable, kept: tuple[str, ...], left: tuple[str, ...]) -> View:
    listed = columns([*study.key, variable.id, variable.why])
    select = f"SELECT {listed} FROM {quoted(study.table)} WHERE wave IN ({', '.join(literal(wave) for wave in kept)})"
    said = {
        language: SAID.get(language, SAID["en"]).format(label=label, kept=", ".join(kept), left=", ".join(left))
        for language, label in variable.label.by_language.items()
    }
    name = f"{study.table}__trend_{variable.id}_without_{'_'.join(left)}"
    return View(name, "trend", select, LocalText(said), kept, study.id, variable.id, left)
