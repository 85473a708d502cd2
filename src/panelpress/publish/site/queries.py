"""Saved queries of a release: one for each figure, crosstabs and lists with parameters. Built from its tables, so none can miss
one, and with a column for each of its languages. The parameters are chosen from lists; an unknown value finds no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from panelpress.publish.site.contents import Contents, text
from panelpress.publish.site.words import languages, words

DISTRIBUTION = "distribution"
MOST_ANSWERS = 60  # variables that one crosstab can be asked for: SQLite's CASE stays under the limits of `harden`


@dataclass(frozen=True, slots=True)
class Saved:
    """A query under a name. ``table`` is the survey table that it counts, else empty; ``choices`` are values by parameter."""

    name: str
    title: Mapping[str, str]
    sql: str
    table: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def described(self) -> dict[str, Any]:
        """As Datasette's metadata wants it."""
        found: dict[str, Any] = {"title": self.title["en"], "sql": self.sql}
        return {**found, "params": list(self.choices)} if self.choices else found


def saved_queries(contents: Contents, survey_tables: Mapping[str, Sequence[str]]) -> Mapping[str, Saved]:
    """All by name. ``survey_tables``: columns by table."""
    found = [*_lists(contents), *_figures(contents)]
    for table, columns in survey_tables.items():
        found += _crosstabs(table, columns, contents)
    return {each.name: each for each in found}


def _said(word: str, **facts: Mapping[str, str]) -> dict[str, str]:
    return {each: words(each)[word].format(**{name: texts[each] for name, texts in facts.items()}) for each in languages()}


def _labels(contents: Contents, called: str = "label") -> str:
    """Labels in every language of the release, as columns of a SELECT."""
    return "".join(f"label_{each} AS {called}_{each}, " for each in contents.languages)


def _lists(contents: Contents) -> Iterator[Saved]:
    if contents.rows("distributions"):
        yield Saved(
            DISTRIBUTION,
            _said("query_distribution"),
            f"SELECT wave, kind, code, {_labels(contents)}n, share FROM distributions\n"
            "WHERE variable = :variable ORDER BY wave, kind DESC, position",
            choices={"variable": list(dict.fromkeys(str(row["variable"]) for row in contents.rows("distributions")))},
        )
    if contents.rows("availability"):
        yield Saved(
            "in_wave",
            _said("query_in_wave"),
            f"SELECT availability.variable, {_labels(contents)}status, availability.n_valid\n"
            "FROM availability JOIN variables USING (variable) WHERE wave = :wave AND status <> 'impossible' ORDER BY 1",
            choices={"wave": list(contents.waves)},
        )


def _figures(contents: Contents) -> Iterator[Saved]:
    for row in sorted(contents.rows("figures"), key=lambda each: int(each["number"])):
        title = {each: f"{row['number']}. {text(row, 'title', each)}" for each in languages()}
        name = str(row["figure"])
        sql = f"SELECT * FROM figure_cells WHERE figure = '{name}' ORDER BY \"row\", series"
        yield Saved(f"figure_{name}", title, sql)


def _crosstabs(table: str, columns: Sequence[str], contents: Contents) -> Iterator[Saved]:
    """Each variable with codes by each that respondents are commonly split by; the wave is a parameter, empty for all."""
    coded = [each for each in columns if each in contents.variables and contents.of_variable("value_labels", each)]
    for split in (each for each in coded if contents.variables[each].get("disclosure") == "quasi"):
        others = [each for each in coded if each != split][:MOST_ANSWERS]
        if not others:
            continue
        pairs = " ".join(f"WHEN '{each}' THEN \"{each}\"" for each in others)
        waves = [str(row["wave"]) for row in contents.waves.values() if table == f"{row['study']}_responses"]
        where = "WHERE :wave IN ('', wave)" if "wave" in columns else "WHERE 1"
        sql = (
            f'WITH chosen AS (\n  SELECT "{split}" AS split, CASE :variable {pairs} END AS answer\n  FROM {table} {where}\n),\n'
            "counted AS (\n  SELECT split, answer, count(*) AS n FROM chosen\n"
            "  WHERE split IS NOT NULL AND answer IS NOT NULL GROUP BY split, answer\n)\n"
            f'SELECT split AS "{split}", answer, {_labels(contents, "answer")}n,\n'
            "  round(100.0 * n / sum(n) OVER (PARTITION BY split), 1) AS percent\n"
            "FROM counted LEFT JOIN value_labels ON variable = :variable AND code = CAST(answer AS TEXT)\n"
            "ORDER BY split, position"
        )
        choices = {"variable": others, **({"wave": ["", *waves]} if "wave" in columns else {})}
        label = {each: text(contents.variables[split], "label", each) or split for each in languages()}
        yield Saved(f"{table}_by_{split}", _said("query_crosstab", split=label), sql, table, choices)
