"""Tables of change, records and printed numbers, each rebuilt from the open tables of a tiny release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.study import Study
from panelpress.model.variable import Category, Variable
from panelpress.paths import Places
from panelpress.publish.tables.panel_change import comparable, contribute_change
from panelpress.publish.tables.printed_numbers import contribute_printed_numbers
from panelpress.publish.tables.records import contribute_records
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from printed_numbers import printed
from worlds import MISSING, PROJECT, SAMPLES, STUDY, VARIABLES, both, tiny_edition

NUMBER = printed(samples=("both_waves",), answer="2|3", waves=("b",))


def declarations(*more: Variable, studies: tuple[Study, ...] = (STUDY,)) -> Declarations:
    here = Places(root=Path("nowhere"), work=Path("nowhere"))
    return Declarations(here, PROJECT, Crosswalk((*VARIABLES, *more), studies, MISSING, ()), SAMPLES, ())


def test_transitions_count_persons_with_both_answers() -> None:
    edition, rows = tiny_edition()
    contribute_change(edition, rows)
    found = rows.execute("SELECT variable, from_code, to_code, n, n_from, share FROM transitions ORDER BY ALL").fetchall()
    # p1 moves from 3 to 2; p2 refused in wave a and is in no pair.
    assert ("trust", "3", "2", 1, 1, 100.0) in found
    assert sum(n for name, *_, n, _, _ in found if name == "trust") == 1
    assert not any(name == "gender" for name, *_ in found), "gender does not change by declaration"


def test_response_rates_have_the_earlier_wave_as_their_base() -> None:
    edition, rows = tiny_edition()
    contribute_change(edition, rows)
    assert rows.execute("SELECT from_wave, to_wave, base, again, rate FROM response_rates").fetchall() == [("a", "b", 3, 2, 66.7)]
    patterns = rows.execute("SELECT participation, n FROM retention ORDER BY 1").fetchall()
    assert patterns == [("a", 1), ("a b", 2), ("b", 2)]


def test_a_declared_break_takes_a_pair_of_waves_out() -> None:
    trust = next(variable for variable in VARIABLES if variable.id == "trust")
    broken = replace(trust, waves={**trust.waves, "a": replace(trust.waves["a"], breaks_with=("b",))})
    assert comparable(trust, "a", "b") and not comparable(broken, "a", "b")


def test_printed_numbers_stand_beside_values_of_this_release() -> None:
    edition, rows = tiny_edition()
    absent = replace(NUMBER, id="two", variable="fear", answer="1")
    fear = replace(VARIABLES[1], id="fear", tier="scientific_use")
    contribute_printed_numbers([NUMBER, absent], declarations(fear))(edition, rows)
    found = rows.execute("SELECT estimate, recomputed, n, verdict, why FROM estimates ORDER BY 1").fetchall()
    assert found == [("one", 50.0, 2, "reproduced", None), ("two", None, None, "not carried by the open tier", "lacks fear")]


def test_a_release_without_all_waves_of_a_study_carries_none_of_its_printed_numbers() -> None:
    edition, rows = tiny_edition()
    longer = replace(STUDY, waves=(*STUDY.waves, replace(STUDY.waves[1], id="c")))
    contribute_printed_numbers([NUMBER], declarations(studies=(longer,)))(edition, rows)
    assert rows.execute("SELECT recomputed, why FROM estimates").fetchall() == [
        (None, "not all waves of the study are in this release")
    ]


def test_a_condition_on_codes_that_were_made_coarser_finds_nothing_and_says_so() -> None:
    edition, rows = tiny_edition()
    country = next(variable for variable in VARIABLES if variable.id == "country")
    finer = replace(country, categories=(*country.categories, Category("CCC", both("C", "В"))))
    declared = declarations()
    crosswalk = replace(declared.crosswalk, variables=tuple(finer if each.id == "country" else each for each in VARIABLES))
    number = replace(NUMBER, where="country = 'CCC'")
    contribute_printed_numbers([number], replace(declared, crosswalk=crosswalk))(edition, rows)
    assert rows.execute("SELECT recomputed, why FROM estimates").fetchall() == [(None, "lacks country")]


def _records(folder: Path, rows: str) -> Places:
    places = Places(root=folder, work=folder)
    places.records.mkdir(parents=True)
    (places.records / "bodies.schema.json").write_text(
        '{"title": "Bodies", "description": "D", "fields": [{"name": "id", "type": "integer", "title": "Id",'
        ' "constraints": {"required": true}}, {"name": "name", "type": "string", "title": "Name"}], "primaryKey": ["id"]}',
        encoding="utf-8",
    )
    (places.records / "bodies.csv").write_text("id,name\n" + rows, encoding="utf-8")
    return places


def test_a_table_written_by_hand_is_published_in_order_of_its_key(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    (table,) = contribute_records(_records(tmp_path, "2,\n1,First\n"))(edition, rows)
    assert table.primary_key == ("id",)
    assert rows.execute("SELECT * FROM bodies").fetchall() == [(1, "First"), (2, None)]


@pytest.mark.parametrize(("text", "said"), [("x,A\n", "is no integer"), (",A\n", "is blank"), ("1,A\n1,B\n", "stands twice")])
def test_a_wrong_row_written_by_hand_is_refused(tmp_path: Path, text: str, said: str) -> None:
    edition, rows = tiny_edition()
    with pytest.raises(DeclarationError) as refused:
        contribute_records(_records(tmp_path, text))(edition, rows)
    assert said in refused.value.what
