"""From delivered to kept rows: the table ``cleaning_flow``, a step a line, with every count rounded.

The first step of a wave is what was delivered for it; then what intake left out (people who did not agree, rows that could not
be read), then the rules of ``build/cleaning.yaml`` in their order. Rows of people who withdrew are counted nowhere: they are no
part of what was delivered. Reads the private database and the record of intake; publishes counts to the nearest ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.text import LocalText
from panelpress.publish.tables.catalogue import Row, texts
from panelpress.publish.tables.sql import literal, quoted
from panelpress.raw.deidentify import NO_CONSENT, OTHER_WAVE
from panelpress.raw.intake import WITHDRAWN
from panelpress.raw.wave_store import stored_record
from panelpress.schemas.catalogue import catalogue, column, per_language
from panelpress.schemas.declarations import Declarations

FEW = 10  # rows are told to the nearest ten, below that as "< 10"
FLOW = "cleaning_flow"
DELIVERED = LocalText({"en": "Rows delivered", "ru": "Получено строк"})
AGREED = LocalText({"en": "Did not agree to take part.", "ru": "Не согласились участвовать."})
NO_ANSWERS = LocalText(
    {
        "en": "Test rows of the platform, or rows that cannot be read.",
        "ru": "Пробные строки платформы или строки, которые нельзя прочесть.",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one wave with its exact counts, which are private."""

    rule: str
    kind: str
    reason: LocalText
    before: int
    excluded: int


def flow_table(languages: Sequence[str]) -> Table:
    """The table ``cleaning_flow`` for a project in ``languages``."""
    fields = [
        column("study", "Study", required=True),
        column("wave", "Wave", required=True),
        column("position", "Step", "integer", required=True),
        column("rule", "Rule", required=True),
        column("kind", "Kind", required=True, about="delivered, intake, or the kind of cleaning rule"),
        column("before", "Rows before", required=True, about="to the nearest ten"),
        column("excluded", "Rows excluded", required=True, about="to the nearest ten; 0 is none"),
        *per_language("reason", "Reason", languages),
    ]
    about = "Steps that led from the delivered rows to those that were harmonized, in the order in which they apply."
    return catalogue(FLOW, "From delivered to kept rows", about, fields, ["study", "wave", "position"])


def told(n: int) -> str:
    """A count of rows as it may be printed."""
    if n == 0:
        return "0"
    return f"< {FEW}" if n < FEW else str(round(n, -1))


def flow_rows(edition: Edition, declared: Declarations, secure: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """The rows of the table for all waves of the edition."""
    arrived = _arrived(declared)
    for study in edition.studies:
        for wave in study.wave_ids:
            for position, step in enumerate(steps(declared, secure, study, wave, arrived.get((study.id, wave)))):
                yield {
                    "study": study.id,
                    "wave": wave,
                    "position": position,
                    "rule": step.rule,
                    "kind": step.kind,
                    "before": told(step.before),
                    "excluded": told(step.excluded),
                    **texts("reason", step.reason, edition),
                }


def steps(
    declared: Declarations, secure: duckdb.DuckDBPyConnection, study: Study, wave: str, refused: Mapping[str, int] | None
) -> list[Step]:
    """All steps of one wave. ``refused`` is what intake left out by reason, None where it kept no record."""
    cleaned = secure.execute(
        "SELECT rule, kind, n_in, n_excluded FROM build.cleaning_flow WHERE study = ? AND wave = ? ORDER BY position",
        [study.id, wave],
    ).fetchall()
    left_out = {reason: n for reason, n in (refused or {}).items() if reason not in (OTHER_WAVE, WITHDRAWN)}
    entered = cleaned[0][2] if cleaned else _responses(secure, study, wave)
    before = entered + sum(left_out.values())
    found = [Step("delivered", "delivered", DELIVERED, before, 0)]
    for reason, n in left_out.items():
        found.append(Step(reason, "intake", AGREED if reason == NO_CONSENT else NO_ANSWERS, before, n))
        before -= n
    reasons = {rule.id: rule.reason for rule in declared.cleaning}
    return found + [Step(rule, kind, reasons[rule], n_in, n) for rule, kind, n_in, n in cleaned]


def _responses(secure: duckdb.DuckDBPyConnection, study: Study, wave: str) -> int:
    only = "" if study.kind == "records" else f" WHERE wave = {literal(wave)}"
    return int(secure.execute(f"SELECT count(*) FROM {quoted(study.table)}{only}").fetchall()[0][0])


def _arrived(declared: Declarations) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """What intake left out of each wave by reason, over all files of the wave."""
    record = stored_record(declared.places)
    found: dict[tuple[str, str], Counter[str]] = {}
    for each in record["result"]["waves"] if record else []:
        found.setdefault((each["study"], each["wave"]), Counter()).update(each["refused"])
    return found
