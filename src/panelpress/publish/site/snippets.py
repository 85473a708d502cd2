"""Lines that read a variable in R, Stata, Python and SQL, for the codebook page of the variable."""

from __future__ import annotations

from collections.abc import Sequence


def snippets(table: str, variable: str) -> Sequence[tuple[str, str]]:
    """Name of the language and code. File names are relative to the unpacked release."""
    parquet = f"data/parquet/{table}.parquet"
    columns = f'"wave", "{variable}", "{variable}__why"'
    return (
        (
            "SQL",
            f'SELECT wave, "{variable}", count(*) AS n FROM {table}\nWHERE "{variable}" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;',
        ),
        (
            "R",
            f'library(arrow)\nd <- read_parquet("{parquet}",\n  col_select = c({columns}))\n'
            f'table(d$wave, d${variable}, useNA = "no")',
        ),
        ("Stata", f'use wave {variable} using "data/stata/{table}.en.dta", clear\ntabulate {variable} wave, missing'),
        (
            "Python",
            f'import polars as pl\nd = pl.read_parquet("{parquet}",\n    columns=[{columns}])\n'
            f'd.drop_nulls("{variable}").group_by("wave", "{variable}").len().sort("wave", "{variable}")',
        ),
        ("DuckDB", f"SELECT wave, \"{variable}\", count(*)\nFROM '{parquet}'\nGROUP BY ALL ORDER BY ALL;"),
    )
