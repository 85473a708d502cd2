"""Drafts ``build/waves.yaml``: the study with its waves, and a list of records for every child table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.names import quoted


def waves_file(waves: Sequence[DraftedWave], study: str, title: str, language: str) -> str:
    """The file as text; dates are the first and last day on which responses came in, as far as the deliveries tell."""
    return "\n".join([*_lines(waves, study, title, language), ""])


def _lines(waves: Sequence[DraftedWave], study: str, title: str, language: str) -> Iterator[str]:
    yield "# Studies and their waves. Check the dates: they are the first and last day on which responses came in."
    yield "spec: panel-waves/0.1"
    yield "studies:"
    yield f"- id: {study}"
    yield f"  title: {{{language}: {quoted(title)}}}"
    yield "  kind: panel"
    yield "  waves:"
    dates = {each.wave: _dates(each) for each in waves}
    for each in waves:
        if not each.table:
            yield _wave(each, f"Wave {each.wave.removeprefix('w')} ({each.label})", dates[each.wave], language)
    for each in waves:
        if each.table:
            yield f"- id: {each.study}"
            yield f"  title: {{{language}: {quoted(f'{title}: {each.table}')}}}"
            yield "  kind: records"
            yield "  waves:"
            yield _wave(each, each.label, dates[each.parent], language)


def _wave(wave: DraftedWave, label: str, dates: tuple[str, str, str], language: str) -> str:
    start, end, doubt = dates
    return f'  - {{id: {wave.wave}, label: {{{language}: {quoted(label)}}}, start: "{start}", end: "{end}"}}{doubt}'


def _dates(wave: DraftedWave) -> tuple[str, str, str]:
    if wave.description.period is not None:
        return (*wave.description.period, "")
    year = str(datetime.fromtimestamp(wave.source.stat().st_mtime, tz=UTC).year)
    return year, year, "  # the file does not say when; this is the year of the file"
