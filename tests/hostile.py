"""The hostile queries of ``unit/publish/site/hostile.toml`` with their long parts written out, as addresses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

LIST = Path(__file__).with_name("unit") / "publish/site/hostile.toml"
LONG = {
    "{parentheses}": "select " + "(" * 900 + "1" + ")" * 900,
    "{columns}": "select " + ", ".join(f"{number} as c{number}" for number in range(1999)),
    "{list}": "select 1 where 1 in (" + ", ".join(str(number) for number in range(8000)) + ")",
    "{doubling}": "with t0 as (select 1 x), "
    + ", ".join(f"t{n} as (select a.x from t{n - 1} a union all select b.x from t{n - 1} b)" for n in range(1, 40))
    + " select count(*) from t39",
    "{needles}": "with recursive s(x) as (select 'aaaaaaaaaaaaaaaa' union all select x || x from s where length(x) < 400000), "
    "l(h, n) as (select max(x), substr(max(x), 1, 250000) || 'b' from s) select "
    + ", ".join(f"instr(h, n || {number})" for number in range(600))
    + " from l",
    "{cells}": "with recursive s(x) as (select 'aaaaaaaaaaaaaaaa' union all select x || x from s where length(x) < 400000), "
    "l(x) as (select max(x) from s) select " + ", ".join(f"x || {number}" for number in range(1000)) + " from l",
    "{wide}": "select "
    + ", ".join(f"a.label_en c{number}" for number in range(900))
    + " from value_labels a, value_labels b, value_labels c",
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """One query: its name, its address after the name of the release, whether an answer is fine as well."""

    name: str
    address: str
    harmless: bool


def hostile_queries() -> list[Hostile]:
    """All of them, in the order of the file."""
    found = tomllib.loads(LIST.read_text(encoding="utf-8"))["query"]
    return [Hostile(each["name"], _address(each), each.get("harmless", False)) for each in found]


def _address(each: dict[str, str]) -> str:
    if "sql" in each:
        return ".json?sql=" + quote_plus(LONG.get(each["sql"], each["sql"]))
    address = each["address"]
    for name, sql in LONG.items():
        address = address.replace(name, quote_plus(sql))
    return address
