"""The mutation matrix goes on: one error for every panel rule and every judgement on summaries, and exactly that check fails.

All stages that see tables run on every mutation: structure, panel rules, summaries with an earlier release. A new check of these
stages without an entry here fails, and so does a check of any other stage that no test breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from panelpress.model.release import Edition
from panelpress.model.rules import Bounds, ProjectRule, Routing, Rules, Thresholds, Weight
from panelpress.model.study import Study, Wave
from panelpress.model.table import Field, Table
from panelpress.model.text import NO_TEXT
from panelpress.model.variable import Variable, WaveRule
from panelpress.schemas.tables import responses_table
from panelpress.validation.checks import CHECKS
from panelpress.validation.panel_rules import check_panel
from panelpress.validation.structure import check_tables
from summaries import check_summary
from worlds import MISSING, STUDY, VARIABLES, tiny_edition

TESTS = Path(__file__).resolve().parents[2]
T = "tiny_responses"
OTHER = Study("other", NO_TEXT, (Wave("o", "other", NO_TEXT, "2022", "2022"),))
ASKED = {wave: WaveRule(wave, "complete", source=("x",), copy=True) for wave in STUDY.wave_ids}
MORE = tuple(
    Variable(id=each, label=NO_TEXT, question=NO_TEXT, concept="x", type=kind, tier="open", waves=ASKED)  # type: ignore[arg-type]
    for each, kind in (("day", "date"), ("weight", "decimal"), ("birth_year", "integer"))
)
COUNTS = Table("counts", "aggregate", NO_TEXT, NO_TEXT, (Field("what", "string", NO_TEXT), Field("n", "integer", NO_TEXT)), ())
RULES = Rules(
    thresholds=Thresholds(missing=0.7, missing_change=0.34, suppressed=0.3, tvd=0.4, psi=99, rows_change=0.3, expected=0.02),
    retention=(Bounds("b", 0.5, 1),),
    participation={"tiny": ("b", "a b")},
    constant=("birth_year",),
    field_dates=("day",),
    weights=(Weight("weight", "tiny"),),
    routing=(Routing("trust", "tiny", "gender = 1", ("a",)),),
    minimum_cells={"counts": 30},
    rules=(ProjectRule("not_ninety", "tiny", "age < 90"),),
)
SOUND = (
    f"INSERT INTO {T} SELECT 'p3', * EXCLUDE (person_id) FROM {T} WHERE person_id = 'p5'",
    f"UPDATE {T} SET trust__why = 'not_applicable' WHERE person_id = 'p2' AND wave = 'a'",
    *(
        f"ALTER TABLE {T} ADD COLUMN {name} {kind}; ALTER TABLE {T} ADD COLUMN {name}__why VARCHAR"
        for name, kind in (("day", "DATE"), ("weight", "DOUBLE"), ("birth_year", "BIGINT"))
    ),
    f"UPDATE {T} SET weight = 1, birth_year = 1980, day = CASE wave WHEN 'a' THEN DATE '2022-03-05' ELSE DATE '2022-09-05' END",
    "CREATE TABLE counts AS SELECT 'x' AS what, 30::BIGINT AS n",
    "CREATE TABLE other_responses AS SELECT 'q1' AS person_id, 'o' AS wave",
)


@dataclass(frozen=True)
class Mutation:
    """``change`` is SQL; ``with_it`` are checks that cannot hold where this one does not; ``thresholds`` replace the sound ones."""

    change: str
    thresholds: Thresholds = RULES.thresholds
    with_it: frozenset[str] = frozenset()


def other(**values: float) -> Thresholds:
    return replace(RULES.thresholds, **values)


MUTATIONS = {
    "panel.studies_disjoint": Mutation("UPDATE other_responses SET person_id = 'p1'"),
    "panel.constant": Mutation(f"UPDATE {T} SET birth_year = 1981 WHERE person_id = 'p1' AND wave = 'b'"),
    "panel.linkage_conflict": Mutation(
        f"UPDATE {T} SET birth_year = 1981, gender = 2 WHERE person_id = 'p1' AND wave = 'b'",
        with_it=frozenset({"panel.constant"}),
    ),
    "panel.participation": Mutation(
        f"INSERT INTO tiny_persons VALUES ('p6', 'b', 1, 'b'); UPDATE {T} SET person_id = 'p6' WHERE wave = 'b' AND person_id = 'p3'"
    ),
    "panel.field_dates": Mutation(f"UPDATE {T} SET day = '2022-04-01' WHERE person_id = 'p3'"),
    "panel.weight_positive": Mutation(f"UPDATE {T} SET weight = CASE person_id WHEN 'p1' THEN 0 WHEN 'p2' THEN 2 ELSE 1 END"),
    "panel.weight_sum": Mutation(f"UPDATE {T} SET weight = 2 WHERE person_id = 'p3'"),
    "panel.routing": Mutation(
        f"UPDATE {T} SET trust = NULL, trust__why = 'not_applicable' WHERE wave = 'a' AND person_id = 'p3'", other(tvd=1)
    ),
    "project.not_ninety": Mutation(f"UPDATE {T} SET age = 95 WHERE person_id = 'p1' AND wave = 'a'", other(tvd=1)),
    "summary.empty_column": Mutation(
        f"UPDATE {T} SET trust = NULL, trust__why = 'refused' WHERE wave = 'b'", other(missing=1, missing_change=1)
    ),
    "summary.missing_share": Mutation(
        f"UPDATE {T} SET trust = NULL, trust__why = 'refused' WHERE wave = 'b' AND person_id <> 'p1'",
        other(missing_change=1, tvd=1),
    ),
    "summary.suppressed_share": Mutation(
        f"UPDATE {T} SET country = NULL, country__why = 'suppressed' WHERE wave = 'b' AND person_id = 'p2'"
    ),
    "summary.missing_drift": Mutation(
        f"UPDATE {T} SET gender = NULL, gender__why = 'refused' WHERE wave = 'b' AND person_id IN ('p2', 'p4')",
        other(tvd=1, missing=1),
    ),
    "summary.distribution_drift": Mutation(f"UPDATE {T} SET trust = 3 WHERE wave = 'b'"),
    "summary.stability_index": Mutation(f"UPDATE {T} SET trust = 3 WHERE wave = 'b'", other(tvd=1, psi=0.2)),
    "summary.wave_present": Mutation(
        f"DELETE FROM {T} WHERE wave = 'a'", other(rows_change=1), with_it=frozenset({"summary.empty_column"})
    ),
    "summary.expected_rows": Mutation(
        f"INSERT INTO tiny_persons VALUES ('p6', 'b', 1, 'b'); "
        f"INSERT INTO {T} SELECT 'p6', * EXCLUDE (person_id) FROM {T} WHERE person_id = 'p5'"
    ),
    "summary.rows_drift": Mutation(f"DELETE FROM {T} WHERE wave = 'a' AND person_id = 'p3'", other(tvd=1)),
    "summary.retention": Mutation(
        f"INSERT INTO tiny_persons VALUES ('p6', 'b', 1, 'b'), ('p7', 'b', 1, 'b'); "
        f"UPDATE {T} SET person_id = CASE person_id WHEN 'p2' THEN 'p6' ELSE 'p7' END WHERE wave = 'b' AND person_id IN ('p2', 'p3')",
        with_it=frozenset({"panel.participation"}),
    ),
    "summary.minimum_cell": Mutation("UPDATE counts SET n = 29"),
}


def world() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny edition with a column for every panel rule, all of them kept."""
    edition, rows = tiny_edition()
    for sql in SOUND:
        rows.execute(sql)
    variables = (*VARIABLES, *MORE)
    study = replace(STUDY, waves=(STUDY.waves[0], replace(STUDY.waves[1], expected=5)))
    tables = (responses_table(study, variables, MISSING), *edition.tables[1:], COUNTS)
    return replace(edition, studies=(study,), variables=variables, tables=tables), rows


def broken(last: Path, changes: Iterable[str] = (), thresholds: Thresholds = RULES.thresholds) -> set[tuple[str, str]]:
    """Check and owner of everything that fails at the three stages."""
    edition, rows = world()
    for sql in changes:
        rows.execute(sql)
    rules = replace(RULES, thresholds=thresholds)
    found = check_tables(rows, edition.tables)
    found += check_panel(rows, [*edition.studies, OTHER], edition.variables, rules)
    found += check_summary(rows, edition, rules, last)
    return {(each.rule, each.tool) for each in found if each.failed}


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound world as the last release."""
    folder = tmp_path_factory.mktemp("last")
    (folder / "data" / "parquet").mkdir(parents=True)
    world()[1].execute(f"COPY {T} TO '{folder}/data/parquet/{T}.parquet'")
    return folder


def test_the_sound_world_breaks_nothing(last: Path) -> None:
    assert broken(last) == set()


@pytest.mark.parametrize("check", MUTATIONS)
def test_an_error_is_reported_by_its_own_check_alone(check: str, last: Path) -> None:
    mutation = MUTATIONS[check]
    owners = {each: CHECKS[each].owner if each in CHECKS else "duckdb" for each in (check, *mutation.with_it)}
    assert broken(last, [mutation.change], mutation.thresholds) == set(owners.items())


def test_every_panel_rule_and_every_judgement_on_summaries_has_a_mutation() -> None:
    listed = {id for id, check in CHECKS.items() if check.stage == "panel" or check.owner == "great_expectations"}
    assert listed == {id for id in MUTATIONS if id in CHECKS}


def test_every_other_check_is_named_by_a_test() -> None:
    compiled = ("wave.", "table.", "package.")  # the mutations of structure, beside this file, hold these
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    rest = [id for id in CHECKS if id not in MUTATIONS and not id.startswith(compiled)]
    assert [id for id in rest if f'"{id}"' not in written and f'"{id.partition(".")[2]}"' not in written] == []
