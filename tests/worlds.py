"""A tiny world for tests: one study, two waves, five persons, seven person-waves, four variables, and its edition.

The rows were written by hand; nothing here is drawn or computed by the engine that the tests judge.
"""

from __future__ import annotations

import duckdb

from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.model.release import Edition
from panelpress.model.study import Sample, Study, Wave
from panelpress.model.table import Field, Table
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule
from panelpress.schemas.tables import english, persons_table, responses_table


def both(en: str, ru: str) -> LocalText:
    return LocalText({"en": en, "ru": ru})


MISSING = MissingReasons(
    (
        MissingReason(-1, ".d", "dont_know", "item", "answered don't know"),
        MissingReason(-2, ".r", "refused", "item", "preferred not to say"),
        MissingReason(-3, ".i", "not_applicable", "design", "outside the universe of the item"),
        MissingReason(-4, ".y", "not_asked", "design", "item not in this wave"),
        MissingReason(-6, ".s", "skipped", "item", "shown and left blank"),
        MissingReason(-9, ".u", "uncodeable", "process", "answered, but in no harmonized code"),
        MissingReason(-10, ".x", "suppressed", "disclosure", "removed from this release"),
        MissingReason(-11, ".w", "wave_nonresponse", "unit", "did not take part in this wave"),
        MissingReason(-12, ".l", "late_entrant", "unit", "joined after this wave"),
    )
)

PROJECT = ProjectFacts(
    id="tiny-panel",
    title=both("Tiny panel (simulated)", "Маленькая панель (симуляция)"),
    description=both("Five invented persons.", "Пять вымышленных людей."),
    simulated=True,
    languages=("en", "ru"),
    licence=Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    contributors=(Contributor("Tiny panel team", "author"),),
    keywords=("panel", "simulated"),
    contact="withdraw@example.org",
    concepts={"trust": both("Trust in others", "Доверие к другим")},
)

STUDY = Study(
    id="tiny",
    title=both("Tiny study", "Маленькое исследование"),
    waves=(
        Wave("a", "tiny", both("First wave", "Первая волна"), "2022-03", "2022-03"),
        Wave("b", "tiny", both("Second wave", "Вторая волна"), "2022-09", "2022-09"),
    ),
)


def rule(wave: str, source: str, codes: dict[str, int]) -> WaveRule:
    return WaveRule(
        wave=wave,
        status="complete",
        source=(source,),
        value_map=tuple(codes.items()),
        missing_map=(("99", "refused"), (None, "skipped")),
    )


VARIABLES = (
    Variable(
        id="gender",
        label=both("Gender", "Пол"),
        question=both("What is your gender?", "Ваш пол?"),
        concept="demography",
        type="nominal",
        tier="open",
        disclosure="quasi",
        person_level=True,
        categories=(Category(1, both("Woman", "Женщина")), Category(2, both("Man", "Мужчина"))),
        waves={"a": rule("a", "sex", {"1": 1, "2": 2}), "b": rule("b", "q1", {"f": 1, "m": 2})},
    ),
    Variable(
        id="trust",
        label=both("Trust in people", "Доверие к людям"),
        question=both("Can most people be trusted?", "Можно ли доверять людям?"),
        concept="trust",
        type="ordinal",
        tier="open",
        categories=(
            Category(1, both("Not at all", "Совсем нет")),
            Category(2, both("Somewhat", "Отчасти")),
            Category(3, both("Fully", "Полностью")),
        ),
        waves={"a": rule("a", "q7", {"1": 1, "2": 2, "3": 3}), "b": rule("b", "v12", {"1": 3, "2": 2, "3": 1})},
    ),
    Variable(
        id="age",
        label=both("Age", "Возраст"),
        question=both("How old are you?", "Сколько вам лет?"),
        concept="demography",
        type="integer",
        unit="years",
        tier="open",
        minimum="18",
        maximum="99",
        waves={
            "a": WaveRule("a", "complete", source=("age",), copy=True, missing_map=((None, "skipped"),)),
            "b": WaveRule("b", "impossible", reason="not_asked"),
        },
    ),
    Variable(
        id="country",
        label=both("Country of residence", "Страна проживания"),
        question=both("Where do you live?", "Где вы живёте?"),
        concept="migration",
        type="nominal",
        tier="open",
        disclosure="quasi",
        categories=(Category("AAA", both("Aland", "Аландия")), Category("BBB", both("Borduria", "Бордурия"))),
        waves={
            "a": WaveRule(
                "a", "complete", source=("land",), value_map=(("A", "AAA"), ("B", "BBB")), missing_map=((None, "skipped"),)
            ),
            "b": WaveRule(
                "b", "complete", source=("cc",), value_map=(("1", "AAA"), ("2", "BBB")), missing_map=((None, "skipped"),)
            ),
        },
    ),
)

ROWS = [
    ("p1", "a", 1, None, 3, None, 30, None, "AAA", None),
    ("p1", "b", 1, None, 2, None, None, "not_asked", "BBB", None),
    ("p2", "a", 2, None, None, "refused", 41, None, "AAA", None),
    ("p2", "b", 2, None, 1, None, None, "not_asked", "AAA", None),
    ("p3", "a", 1, None, 2, None, None, "skipped", "BBB", None),
    ("p4", "b", 2, None, 3, None, None, "not_asked", None, "suppressed"),
    ("p5", "b", None, "refused", 2, None, None, "not_asked", "BBB", None),
]

SAMPLES = (
    Sample("everyone", "tiny", both("Everyone", "Все"), None),
    Sample("both_waves", "tiny", both("Both waves", "Обе волны"), "n_waves() >= 2"),
)


def waves_table() -> Table:
    return Table(
        name="waves",
        kind="catalogue",
        title=english("Waves"),
        description=english("Rounds of data collection."),
        fields=(
            Field("wave", "string", english("Wave"), required=True),
            Field("study", "string", english("Study"), required=True),
            Field("label_en", "string", english("Label, English")),
            Field("label_ru", "string", english("Label, Russian")),
            Field("field_start", "string", english("Field start")),
            Field("field_end", "string", english("Field end")),
        ),
        primary_key=("wave",),
    )


def tiny_edition(version: str = "0.1.0") -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The edition and an in-memory database that holds its tables."""
    responses = responses_table(STUDY, VARIABLES, MISSING)
    persons = persons_table(STUDY)
    rows = duckdb.connect(":memory:")
    rows.execute(
        "CREATE TABLE tiny_responses (person_id VARCHAR, wave VARCHAR, gender INTEGER, gender__why VARCHAR, trust INTEGER, "
        "trust__why VARCHAR, age BIGINT, age__why VARCHAR, country VARCHAR, country__why VARCHAR)"
    )
    rows.executemany("INSERT INTO tiny_responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
    rows.execute(
        "CREATE TABLE tiny_persons AS SELECT person_id, string_agg(wave, ' ' ORDER BY wave) AS participation, "
        "CAST(count(*) AS INTEGER) AS n_waves, min(wave) AS first_wave FROM tiny_responses GROUP BY person_id"
    )
    rows.execute(
        "CREATE TABLE waves AS SELECT * FROM (VALUES ('a', 'tiny', 'First wave', 'Первая волна', '2022-03', '2022-03'), "
        "('b', 'tiny', 'Second wave', 'Вторая волна', '2022-09', '2022-09'))"
        " AS t(wave, study, label_en, label_ru, field_start, field_end)"
    )
    edition = Edition(
        version=version,
        released="2026-01-31",
        tier="open",
        project=PROJECT,
        studies=(STUDY,),
        variables=VARIABLES,
        missing=MISSING,
        samples=SAMPLES,
        tables=(responses, persons, waves_table()),
        disclosure={
            "k": 11,
            "studies": {"tiny": {"k": 11, "keys": ["gender", "country"], "class_query": "SELECT 1 AS class_size"}},
        },
    )
    return edition, rows
