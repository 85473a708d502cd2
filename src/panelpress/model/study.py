"""Studies, waves and named samples of a project. Read from ``build/waves.yaml`` and ``build/samples.yaml``."""

from __future__ import annotations

from dataclasses import dataclass, field

from panelpress.model.text import NO_TEXT, LocalText


@dataclass(frozen=True, slots=True)
class Wave:
    """One round of data collection. ``start`` and ``end`` are ISO days, months (``2022-09``) or years, as precisely as known."""

    id: str
    study: str
    label: LocalText
    start: str
    end: str
    mode: LocalText = NO_TEXT
    note: LocalText = NO_TEXT
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """An independent sample: its waves share persons; two studies never do. ``kind`` ``records`` marks a list without
    person-waves (interviews), kept in an id space of its own. ``read_by`` names variables by which readers cut large files;
    Parquet files are sorted by them first, so that a range read fetches little."""

    id: str
    title: LocalText
    waves: tuple[Wave, ...]
    kind: str = "panel"
    description: LocalText = NO_TEXT
    read_by: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.id if self.kind == "records" else f"{self.id}_responses"

    @property
    def key(self) -> tuple[str, ...]:
        return ("record_id",) if self.kind == "records" else ("person_id", "wave")

    @property
    def persons_table(self) -> str:
        return f"{self.id}_persons"

    @property
    def wave_ids(self) -> tuple[str, ...]:
        return tuple(wave.id for wave in self.waves)


@dataclass(frozen=True, slots=True)
class Sample:
    """A named set of rows of one study with a stated base. ``where`` is an expression over harmonized variables and the panel
    functions of the language (``in_wave('a')``, ``n_waves()``)."""

    id: str
    study: str
    label: LocalText
    where: str | None
    unit: str = "response"
    note: LocalText = NO_TEXT
    line: int = field(default=0, compare=False)
