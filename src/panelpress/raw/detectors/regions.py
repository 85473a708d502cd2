"""Turns a country column into ISO 3166 regions, so that telephone numbers can be read by the respondent's own numbering plan.

Countries may be written as ISO codes, as names in any language that ``phonenumbers`` knows, or as codes that the contract or the
file labels with such names. What is not understood has no region; nothing is guessed.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from panelpress.model.delivery import Contract, RawTable


@cache
def region_of_name() -> dict[str, str]:
    """Region by small-letter country name in every language, and by its own two letters."""
    # Imported here: it costs half a second of every command that never asks for a country.
    from phonenumbers.geodata.locale import LOCALE_DATA

    found: dict[str, str] = {}
    for region, names in LOCALE_DATA.items():
        found[region.casefold()] = region
        for name in names.values():
            if not name.startswith("*"):
                found.setdefault(name.casefold(), region)
    return found


def row_regions(raw: RawTable, contract: Contract | None) -> pl.Series | None:
    """The region of every row of ``raw.data`` (null where unknown), None where the contract names no country column."""
    if contract is None or contract.country_column is None:
        return None
    name = contract.country_column
    labels = dict(raw.column(name).values)
    declared = next((each for each in contract.columns if each.name == name), None)
    regions: dict[str, str] = {}
    for code in raw.data.get_column(name).cast(pl.String).drop_nulls().unique().to_list():
        texts = [code, labels.get(code, "")]
        if declared is not None and code in declared.values:
            texts.extend(declared.values[code].by_language.values())
        region = next((known for text in texts if (known := region_of_name().get(text.strip().casefold()))), None)
        if region is not None:
            regions[code] = region
    return raw.data.get_column(name).cast(pl.String).replace_strict(regions, default=None, return_dtype=pl.String)
