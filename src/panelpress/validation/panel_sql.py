"""Renders a checked expression over harmonized variables to SQL over one study's table of responses.

Written apart from the crosswalk's compiler on purpose: a rule that checks what the compiler made must not share its mistakes.
Panel functions are windows, which no aggregate may hold, so a rendered condition belongs into the SELECT list of a sub-query.
"""

from __future__ import annotations

from collections.abc import Collection

from panelpress.errors import DeclarationError
from panelpress.model.study import Study
from panelpress.schemas.expressions import Expression, parse, render
from panelpress.validation.quote import literal, name


def condition(text: str, study: Study, where: str, known: Collection[str] | None = None) -> str:
    """SQL of ``text``. ``where`` (``file:line``) and ``known`` (names that it may read) serve the DeclarationError that is
    raised for an expression which cannot be read or reads an unknown name."""
    parsed = parse(text, "harmonized", where, known)
    if not isinstance(parsed, Expression):
        raise DeclarationError(parsed.where, parsed.what, parsed.todo)
    return render(parsed, name, lambda function, arguments: _call(study, function, arguments))


def position(study: Study) -> str:
    """SQL of the place of a row's wave in its study, from 0."""
    arms = " ".join(f"WHEN {literal(wave)} THEN {at}" for at, wave in enumerate(study.wave_ids))
    return f"CASE wave {arms} END"


def _call(study: Study, function: str, arguments: tuple[str, ...]) -> str:
    person = "PARTITION BY person_id"
    if function == "n_waves":
        return f"count(*) OVER ({person})"
    if function == "in_wave":
        return f"coalesce(bool_or(wave = {literal(arguments[0])}) OVER ({person}), FALSE)"
    if function == "first_wave":
        return f"arg_min(wave, {position(study)}) OVER ({person})"
    if function == "previous":
        return f"lag({name(arguments[0])}) OVER ({person} ORDER BY {position(study)})"
    return f"max({name(arguments[0])}) FILTER (WHERE wave = {literal(arguments[1])}) OVER ({person})"
