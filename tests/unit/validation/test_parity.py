"""Engines that can check the same kind of rule count the same failures; what frictionless cannot check is listed, and stays so.

If a later frictionless learns one of the kinds listed as ignored, the test that lists it fails, and the division of labour can
be thought over.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import duckdb
import polars as pl

from panelpress.model.constraint import Constraint
from panelpress.model.findings import Finding
from panelpress.model.table import Field, Table
from panelpress.model.text import NO_TEXT
from panelpress.model.variable import Category
from panelpress.schemas.constraints import of_table
from panelpress.schemas.table_schema import table_schema
from panelpress.validation.duckdb_checks import count
from panelpress.validation.frictionless_checks import check_resource
from panelpress.validation.pandera_checks import check_table

TABLE = Table(
    name="t",
    kind="responses",
    title=NO_TEXT,
    description=NO_TEXT,
    primary_key=("person_id", "wave"),
    unique_keys=(("form",),),
    fields=(
        Field("person_id", "string", NO_TEXT, required=True),
        Field("wave", "string", NO_TEXT, required=True),
        Field("form", "integer", NO_TEXT),
        Field("mood", "integer", NO_TEXT, categories=tuple(Category(n, NO_TEXT) for n in range(1, 6))),
        Field("mood__why", "string", NO_TEXT, categories=(Category("refused", NO_TEXT),), why_of="mood"),
        Field("age", "integer", NO_TEXT, minimum="18", maximum="99"),
        Field("town", "string", NO_TEXT, required=True, pattern="[A-Z][a-z]*"),
    ),
)
IGNORED_BY_FRICTIONLESS = {"key_complete", "unique", "one_channel"}


def dirty(tmp_path: Path) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """A thousand rows with errors of every kind at known places, as a table and as the CSV that it would be published as."""
    dice = random.Random(7)
    rows = [
        [f"p{at // 2}", f"w{at % 2}", at, dice.randint(1, 5), None, dice.randint(18, 99), dice.choice(("Oslo", "Riga"))]
        for at in range(1000)
    ]
    for at in dice.sample(range(1, 1000), 400):
        which = dice.randrange(8)
        row = rows[at]
        if which == 0:
            row[3] = 6
        elif which == 1:
            row[5] = dice.choice((17, 100))
        elif which == 2:
            row[6] = "riga"
        elif which == 3:
            row[6] = None
        elif which == 4 and rows[at - 1][1] is not None:
            row[0], row[1] = rows[at - 1][0], rows[at - 1][1]
        elif which == 5:
            row[2] = rows[at - 1][2]
        elif which == 6:
            row[4] = "refused"
        else:  # of a person who has no other row: frictionless would count two rows with the same part of a key as repeated
            row[0], row[1] = f"x{at}", None
    frame = pl.DataFrame(rows, schema=list(TABLE.field_names), orient="row", infer_schema_length=None).with_columns(
        pl.col("mood__why").cast(pl.String)
    )
    made = duckdb.connect(":memory:")
    made.register("frame", frame.to_arrow())
    made.execute("CREATE TABLE t AS FROM frame")
    path = tmp_path / "t.csv"
    made.execute(f"COPY t TO '{path}' (HEADER)")
    return made, path


def by_kind(findings: list[Finding]) -> Counter[tuple[str, str | None]]:
    return Counter({(each.rule.partition(".")[2], each.field): each.n_failed for each in findings if each.failed})


def test_engines_that_check_the_same_kind_count_the_same(tmp_path: Path) -> None:
    made, path = dirty(tmp_path)
    constraints = of_table(TABLE)
    frictionless = by_kind(check_resource(path, table_schema(TABLE), "package", "t"))
    duck, pandera = by_kind(count(made, "t", constraints)), by_kind(check_table(made, constraints))
    for kind, field in (("codes", "mood"), ("range", "age")):
        assert frictionless[(kind, field)] == duck[(kind, field)] > 10
    for kind, field in (("required", "town"), ("pattern", "town")):
        assert frictionless[(kind, field)] == pandera[(kind, field)] > 10
    assert frictionless[("key_unique", None)] == duck[("key_unique", "person_id, wave")] > 10


def test_the_kinds_that_frictionless_ignores_are_these(tmp_path: Path) -> None:
    made, path = dirty(tmp_path)
    schema = table_schema(TABLE)
    for field in schema["fields"]:  # a required key would be reported as required, which hides whether the key itself is checked
        if field["name"] in TABLE.primary_key:
            field["constraints"].pop("required")
    seen = {kind for kind, _ in by_kind(check_resource(path, schema, "package", "t"))}
    broken = {kind for kind, _ in by_kind([*count(made, "t", of_table(TABLE)), *check_table(made, of_table(TABLE))])}
    assert broken - seen == IGNORED_BY_FRICTIONLESS


def test_every_engine_owns_something_and_nothing_is_owned_twice() -> None:
    owned: dict[tuple[str, str | None], set[str]] = {}
    for each in of_table(TABLE):
        owned.setdefault((each.rule, each.field), set()).add(each.owner)
    assert {len(owners) for owners in owned.values()} == {1}
    assert {owner for owners in owned.values() for owner in owners} == {"duckdb", "pandera"}
    assert isinstance(of_table(TABLE)[0], Constraint)
