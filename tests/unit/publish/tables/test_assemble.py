"""An edition is made from a protected tier: new ids, new order, only declared columns."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from panelpress.errors import ReleaseRefused
from panelpress.model.release import Edition
from panelpress.model.variable import ItemFacts
from panelpress.paths import Places
from panelpress.publish.tables.assemble import Assembled, assemble
from panelpress.publish.versions.identities import identities_file, write_identities
from panelpress.raw.key import PseudonymKey
from panelpress.schemas.catalogue import catalogue_tables
from worlds import tiny_edition

KEY = PseudonymKey(bytes(range(7, 39)))


def plan(version: str = "0.1.0") -> tuple[Edition, duckdb.DuckDBPyConnection]:
    edition, protected = tiny_edition(version)
    return replace(edition, tables=()), protected


def assembled(version: str = "0.1.0") -> Assembled:
    edition, protected = plan(version)
    return assemble(protected, edition, KEY)


def people(made: Assembled) -> list[str]:
    return [each for (each,) in made.rows.execute("SELECT person_id FROM tiny_persons").fetchall()]


def test_nobody_keeps_the_secure_id() -> None:
    made = assembled()
    assert len(people(made)) == 5
    assert not {"p1", "p2", "p3", "p4", "p5"} & set(people(made))
    assert all(len(each) >= 24 for each in people(made))


def test_the_next_release_gives_everyone_another_id() -> None:
    assert not set(people(assembled("0.1.0"))) & set(people(assembled("0.2.0")))


def test_the_other_tier_gives_everyone_another_id() -> None:
    edition, protected = plan()
    finer = assemble(protected, replace(edition, tier="scientific_use"), KEY)
    assert not set(people(assembled())) & set(people(finer))


def test_the_same_release_made_twice_gives_the_same_ids() -> None:
    assert people(assembled()) == people(assembled())


def test_rows_stand_in_the_order_of_the_new_ids_so_that_their_order_tells_nothing() -> None:
    made = assembled()
    stored = made.rows.execute("SELECT person_id, wave FROM tiny_responses").fetchall()
    assert stored == sorted(stored)


def test_answers_stay_with_their_person() -> None:
    made = assembled()
    ids = made.identities["tiny"]
    rows = made.rows.execute("SELECT wave, trust, trust__why FROM tiny_responses WHERE person_id = ? ORDER BY wave", [ids["p2"]])
    assert rows.fetchall() == [("a", None, "refused"), ("b", 1, None)]


def test_participation_is_computed_from_the_released_rows() -> None:
    made = assembled()
    ids = made.identities["tiny"]
    found = dict(
        made.rows.execute("SELECT person_id, participation || '|' || n_waves || '|' || first_wave FROM tiny_persons").fetchall()
    )
    assert found[ids["p1"]] == "a b|2|a"
    assert found[ids["p5"]] == "b|1|b"


def test_a_wave_that_is_not_part_of_the_release_leaves_no_row_and_no_person() -> None:
    edition, protected = plan()
    (study,) = edition.studies
    only_a = replace(edition, studies=(replace(study, waves=study.waves[:1]),))
    made = assemble(protected, only_a, KEY)
    assert made.rows.execute("SELECT DISTINCT wave FROM tiny_responses").fetchall() == [("a",)]
    assert len(people(made)) == 3
    assert made.rows.execute("SELECT DISTINCT wave FROM availability").fetchall() == [("a",)]


def test_a_column_that_nobody_declared_does_not_come_along() -> None:
    edition, protected = plan()
    protected.execute("ALTER TABLE tiny_responses ADD COLUMN email VARCHAR DEFAULT 'x@example.org'")
    made = assemble(protected, edition, KEY)
    assert "email" not in [name for name, *_ in made.rows.execute("DESCRIBE tiny_responses").fetchall()]


def test_a_declared_column_that_is_absent_is_refused_by_name() -> None:
    edition, protected = plan()
    protected.execute("ALTER TABLE tiny_responses DROP COLUMN trust__why")
    with pytest.raises(ReleaseRefused, match="trust__why"):
        assemble(protected, edition, KEY)


def test_an_absent_table_is_refused_by_name() -> None:
    edition, _ = plan()
    with pytest.raises(ReleaseRefused, match="tiny_responses"):
        assemble(duckdb.connect(":memory:"), edition, KEY)


def test_a_variable_of_the_finer_tier_is_listed_without_data() -> None:
    edition, protected = plan()
    variables = tuple(replace(each, tier="scientific_use") if each.id == "age" else each for each in edition.variables)
    made = assemble(protected, replace(edition, variables=variables), KEY)
    assert "age" not in made.edition.table("tiny_responses").field_names
    assert made.rows.execute("SELECT tier, n_valid FROM variables WHERE variable = 'age'").fetchall() == [
        ("scientific_use", None)
    ]


def test_a_variable_of_no_tier_is_not_even_listed() -> None:
    edition, protected = plan()
    variables = tuple(replace(each, tier="never") if each.id == "age" else each for each in edition.variables)
    made = assemble(protected, replace(edition, variables=variables), KEY)
    assert made.rows.execute("SELECT count(*) FROM variables WHERE variable = 'age'").fetchall() == [(0,)]


def test_counts_of_the_catalogue_are_those_of_the_open_tables() -> None:
    made = assembled()
    found = made.rows.execute(
        "SELECT wave, n_rows, n_valid, n_suppressed FROM availability WHERE variable = 'country' ORDER BY wave"
    ).fetchall()
    assert found == [("a", 3, 3, 0), ("b", 4, 3, 1)]
    assert made.rows.execute("SELECT n_valid, n_missing FROM variables WHERE variable = 'trust'").fetchall() == [(6, 1)]
    assert made.rows.execute("SELECT wave, n_responses FROM waves ORDER BY wave").fetchall() == [("a", 3), ("b", 4)]


def test_the_catalogue_says_how_an_item_was_put_and_which_bases_are_in_use() -> None:
    edition, protected = plan()
    trust = edition.variable("trust")
    put = ItemFacts(n_points=3, direction="ascending", midpoint=True, dk_offered=False)
    waves = {wave: replace(each, item=put if wave == "a" else None) for wave, each in trust.waves.items()}
    trust = replace(trust, waves=waves, denominators=("valid", "all"))
    made = assemble(
        protected, replace(edition, variables=tuple(trust if each.id == "trust" else each for each in edition.variables)), KEY
    )
    question = (
        "SELECT scale_points, scale_direction, scale_midpoint, dont_know_offered FROM availability WHERE variable = 'trust'"
    )
    assert made.rows.execute(question + " ORDER BY wave").fetchall() == [(3, "ascending", "yes", "no"), (None, None, None, None)]
    bases = made.rows.execute("SELECT denominator, other_denominators FROM variables WHERE variable = 'trust'").fetchall()
    assert bases == [("valid", "all")]


def test_code_lists_are_complete_whether_or_not_a_code_occurs() -> None:
    edition, protected = plan()
    protected.execute("DELETE FROM tiny_responses WHERE trust = 2")
    made = assemble(protected, edition, KEY)
    found = made.rows.execute(
        "SELECT code, label_en, label_ru FROM value_labels WHERE variable = 'trust' ORDER BY position"
    ).fetchall()
    assert found == [("1", "Not at all", "Совсем нет"), ("2", "Somewhat", "Отчасти"), ("3", "Fully", "Полностью")]


def test_the_crosswalk_shows_every_raw_code_and_what_becomes_of_it() -> None:
    made = assembled()
    found = made.rows.execute(
        "SELECT source, raw, code, reason FROM crosswalk WHERE variable = 'trust' AND wave = 'b' ORDER BY position"
    ).fetchall()
    assert found == [
        ("v12", "1", "3", None),
        ("v12", "2", "2", None),
        ("v12", "3", "1", None),
        ("v12", "99", None, "refused"),
        ("v12", "(blank)", None, "skipped"),
    ]


def test_the_data_carry_a_stamp_of_their_version_and_say_that_they_are_simulated() -> None:
    made = assembled("0.3.0")
    stamp = dict(made.rows.execute("SELECT item, value FROM release_info").fetchall())
    assert stamp["version"] == "0.3.0"
    assert stamp["simulated"] == "yes"


def test_every_catalogue_table_is_there_with_its_declared_columns() -> None:
    made = assembled()
    for table in catalogue_tables(("en", "ru")):
        assert made.edition.table(table.name) == table
        described = [name for name, *_ in made.rows.execute(f'DESCRIBE SELECT * FROM "{table.name}"').fetchall()]
        assert described == list(table.field_names)


def test_the_private_map_lies_in_the_work_folder_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = assembled()
    places = Places(root=tmp_path / "project", work=tmp_path / "work")
    path = write_identities(places, "0.1.0", "open", made.identities)
    assert path == identities_file(places, "0.1.0")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "study,secure_id,released_id"
    assert f"tiny,p1,{made.identities['tiny']['p1']}" in lines
