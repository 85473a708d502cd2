"""Saved queries of a release: figures, counts by wave, crosstabs with parameters. Built from its tables, so none can miss one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.publish.site.contents import Contents


def queries(contents: Contents, survey_tables: Mapping[str, list[str]]) -> dict[str, Any]:
    """By name, as Datasette's metadata wants them. ``survey_tables``: columns by table."""
    found: dict[str, Any] = {}
    if contents.rows("distributions"):
        found["distribution"] = {
            "title": "Distribution of a variable by wave",
            "sql": "SELECT wave, kind, code, label_en, label_ru, n, share FROM distributions\n"
            "WHERE variable = :variable ORDER BY wave, kind DESC, position",
        }
    if contents.rows("figure_cells"):
        found["figure"] = {
            "title": "Cells of a figure",
            "sql": "SELECT * FROM figure_cells WHERE figure = :figure ORDER BY row, series",
        }
    if contents.rows("availability"):
        found["in_wave"] = {
            "title": "Variables of a wave",
            "sql": "SELECT availability.variable, label_en, label_ru, status, availability.n_valid\n"
            "FROM availability JOIN variables USING (variable) WHERE wave = :wave AND status <> 'impossible' ORDER BY 1",
        }
    for table, columns in survey_tables.items():
        found.update(_crosstabs(table, [each for each in columns if each in contents.variables], contents, "wave" in columns))
    return found


def _crosstabs(table: str, columns: list[str], contents: Contents, waves: bool) -> dict[str, Any]:
    """Each variable with codes by each that respondents are commonly split by; the wave is a parameter."""
    coded = [each for each in columns if contents.of_variable("value_labels", each)]
    splits = [each for each in coded if contents.variables[each].get("disclosure") == "quasi"]
    found = {}
    for split in splits:
        others = [each for each in coded if each != split]
        pairs = " ".join(f"WHEN '{each}' THEN \"{each}\"" for each in others[:60])
        if not others:
            continue
        where = "WHERE wave = :wave" if waves else "WHERE 1"
        found[f"{table}_by_{split}"] = {
            "title": f"{table}: a variable by {split}",
            "description": f"variable: one of {', '.join(others[:60])}",
            "sql": f'WITH chosen AS (SELECT "{split}" AS split, CASE :variable {pairs} END AS answer FROM {table} {where})\n'
            "SELECT split, answer, count(*) AS n,\n"
            "  round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY split), 1) AS percent\n"
            "FROM chosen WHERE split IS NOT NULL AND answer IS NOT NULL GROUP BY split, answer ORDER BY split, answer",
            "params": ["variable", "wave"] if waves else ["variable"],
        }
    return found
