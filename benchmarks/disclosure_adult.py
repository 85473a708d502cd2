"""Protecting UCI Adult (k = 5, the given hierarchies): quality figures that do not depend on the machine, scored from the
published cells by a script that knows nothing of the engine (``disclosure_score.py``).

``full_domain``: proven optimum with at most 5 % of rows suppressed. ``diverse``: the same with two different occupations in every
class, seven keys. ``starred`` and ``local``: nobody suppressed, cells starred or recoded further. ``diverse_starred``: two
occupations in every class by recoding and stars. ``arx_node``: the recoding that ARX chooses by default, starred so that exact
classes hold 5. ``arx_node_wildcard``: the same as sdcMicro reads it, a star matching anything.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb

from disclosure_score import Row, recode, score, suppress, wildcard_matches
from disclosure_wildcard import star_rows
from disclosure_world import ADULT, DATA, MISSING, adult, adult_key, study
from measure import begin, contenders
from panelpress.build.disclosure.classes import Counter
from panelpress.build.disclosure.crowd import gather
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import note_earlier
from panelpress.build.disclosure.encode import by_key, encode
from panelpress.build.disclosure.history import link
from panelpress.build.disclosure.losses import CellLoss
from panelpress.build.disclosure.protect import protect
from panelpress.build.disclosure.search import Found, search
from panelpress.build.disclosure.sensitive import read_outcomes
from panelpress.build.disclosure.vocabulary import read_vocabulary
from panelpress.model.disclosure import DisclosureDeclaration, Hierarchy, StudyKeys, StudyRules, TierRules

K = 5
FILES = DATA / "adult"
ARX = (0, 3, 0, 0, 1, 1, 1, 2)  # 1,458 rows suppressed, 399 classes, loss 0.2795: the only node with these figures
SEVEN = tuple(each for each in ADULT if each != "occupation")


def cells(rows: duckdb.DuckDBPyConnection, table: str, attributes: tuple[str, ...]) -> list[Row]:
    """What a table shows, a suppressed cell as a star, an attribute that is not in it as stars."""
    there = {column for column, *_ in rows.execute(f"DESCRIBE {table}").fetchall()}
    listed = ", ".join(f"coalesce(\"{each}\", '*')" if each in there else "'*'" for each in attributes)
    return rows.execute(f"SELECT {listed} FROM {table} ORDER BY person_id").fetchall()


def _search(attributes: tuple[str, ...], demand: Demand, sensitive: tuple[str, ...] = ()) -> dict[str, object]:
    rows, of = duckdb.connect(), study("adult", 1)
    adult(rows)
    keys = [adult_key(each) for each in attributes]
    begin()
    vocabularies = [read_vocabulary(rows, "adult_responses", key, variable, MISSING, K) for key, variable in keys]
    outcomes = [read_outcomes(rows, of, "adult_responses", adult_key(each)[1]) for each in sensitive]
    note_earlier(rows, of, "adult_responses", (), K)
    histories = link(rows, of, "adult_responses", vocabularies, outcomes)
    crowd = gather(histories, demand, 1, (), attributes, outcomes)
    tuples = by_key(*encode(vocabularies, crowd, [range(each.key.top + 1) for each in vocabularies]))[0]
    found = search(Counter(tuples, demand), CellLoss(tuples), limit=0.05)
    assert found is not None
    return _scored(rows, attributes, found, sensitive)


def _scored(
    rows: duckdb.DuckDBPyConnection, attributes: tuple[str, ...], found: Found, sensitive: tuple[str, ...]
) -> dict[str, object]:
    recoded = recode(FILES, attributes, cells(rows, "adult_responses", attributes), found.levels)
    answers = cells(rows, "adult_responses", sensitive) if sensitive else [()] * len(recoded)
    given: dict[Row, set[Row]] = {}
    for row, answer in zip(recoded, answers, strict=True):
        given.setdefault(row, set()).add(answer)
    alone = {row for row, seen in given.items() if sensitive and len(seen) < 2}
    published, _ = suppress(recoded, K)
    published = [("*",) * len(row) if row in alone else row for row in published]
    told = {"levels": found.levels, "suppressed": sum(set(row) == {"*"} for row in published)}
    return told | {"proven": found.optimal, "nodes": found.counted} | score(FILES, attributes, published, K)


def full_domain() -> dict[str, object]:
    return _search(ADULT, Demand(K))


def diverse() -> dict[str, object]:
    return _search(SEVEN, Demand(K, 2), ("occupation",))


def _protected(
    local: bool = False, levels: tuple[int, ...] | None = None, attributes: tuple[str, ...] = ADULT, diversity: int = 1
) -> dict[str, object]:
    rows = duckdb.connect()
    adult(rows)
    given = [adult_key(each) for each in ADULT]
    keys = [replace(key, local=local) for key, _ in given if key.variable in attributes]
    if levels:  # one level a key and nothing finer: the recoding is given
        keys = [
            replace(key, hierarchy=Hierarchy(key.variable, key.levels[level - 1 : level] if level else ()))
            for key, level in zip(keys, levels, strict=True)
        ]
    sensitive = tuple(each for each in ADULT if each not in attributes)
    finest = {key.variable: key.level_id(1) for key, level in zip(keys, levels or (), strict=False) if level}
    rules = {"adult": StudyRules("adult", finest=finest)}
    declared = DisclosureDeclaration(
        {"adult": StudyKeys("adult", tuple(keys), sensitive=sensitive)},
        {"open": TierRules("open", K, 1.0, diversity, studies=rules)},
    )
    begin()
    result = protect(rows, study("adult", 1), [variable for _, variable in given], declared, "open", MISSING)
    scored = score(FILES, attributes, cells(rows, result.table, attributes), K)
    gone = result.persons * sum(key not in result.levels for key in attributes)
    told: dict[str, object] = {"levels": result.levels, "least answers": [each.least for each in result.spread]}
    return told | scored | {"stars in keys kept": int(str(scored["stars"])) - gone}


def starred() -> dict[str, object]:
    return _protected()


def local() -> dict[str, object]:
    return _protected(local=True)


def diverse_starred() -> dict[str, object]:
    return _protected(attributes=SEVEN, diversity=2)


def arx_node() -> dict[str, object]:
    return _protected(levels=ARX)


def arx_node_wildcard() -> dict[str, object]:
    rows = duckdb.connect()
    adult(rows)
    recoded = recode(FILES, ADULT, cells(rows, "adult_responses", ADULT), ARX)
    begin()
    published = star_rows(recoded, K)
    before, after = score(FILES, ADULT, recoded, K), score(FILES, ADULT, published, K)
    return {
        "stars": int(str(after["stars"])) - int(str(before["stars"])),
        "fewest matches": min(wildcard_matches(published).values()),
        "below k, exact": after["below k"],
        "ncp": after["ncp"],
    }


if __name__ == "__main__":
    contenders(
        __file__,
        rounds=1,
        full_domain=full_domain,
        diverse=diverse,
        starred=starred,
        local=local,
        diverse_starred=diverse_starred,
        arx_node=arx_node,
        arx_node_wildcard=arx_node_wildcard,
    )
