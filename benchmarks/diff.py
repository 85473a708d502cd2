"""How long the diff of two releases takes, beside one hand-written SQL join that only counts which cells differ.

    python benchmarks/diff.py [persons] [variables]

Two releases of persons x 2 waves x variables: the newer one lost 500 persons, corrects 5 variables and stars a tenth of the cells
of 10. The diff does more than the join: structure, labels, people, what became what, margins. CPU seconds of each part in
a process of its own, reading Parquet included; writing the two releases is not measured.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import duckdb

from measure import contenders
from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule
from panelpress.paths import Places
from panelpress.publish.compare.diff import diff_releases
from panelpress.publish.formats import parquet
from panelpress.publish.tables.assemble import assemble
from panelpress.publish.versions.identities import identities_file
from panelpress.publish.versions.manifest import Origin
from panelpress.publish.versions.release import Verdict, publish
from panelpress.raw.key import new_key

CODES = 7


def text(words: str) -> LocalText:
    return LocalText({"en": words})


def plan(version: str, variables: int) -> Edition:
    """A study of two waves with ``variables`` variables of seven codes each."""
    waves = (Wave("a", "big", text("First"), "2022", "2022"), Wave("b", "big", text("Second"), "2023", "2023"))
    rules = {wave.id: WaveRule(wave.id, "complete", source=("q",), value_map=(("1", 1),)) for wave in waves}
    codes = tuple(Category(code, text(f"Answer {code}")) for code in range(1, CODES + 1))
    return Edition(
        version=version,
        released="2026-01-31",
        tier="open",
        project=ProjectFacts(
            "big",
            text("Big"),
            text("Drawn."),
            True,
            ("en",),
            Licence("CC0-1.0", "CC0", "https://example.org"),
            (Contributor("x", "author"),),
        ),
        studies=(Study("big", text("Big"), waves),),
        variables=tuple(
            Variable(f"v{n:03d}", text(f"Item {n}"), "items", "nominal", "open", rules, categories=codes)
            for n in range(variables)
        ),
        missing=MissingReasons(
            (MissingReason(-2, ".r", "refused", "item", "refused"), MissingReason(-10, ".x", "suppressed", "disclosure", ""))
        ),
        samples=(),
        tables=(),
        disclosure={"k": 11},
    )


def protected(persons: int, variables: int, newer: bool) -> duckdb.DuckDBPyConnection:
    """Answers by hash, one in ten refused; the newer table with its losses, corrections and stars."""
    rows = duckdb.connect(":memory:")
    columns = []
    for n in range(variables):
        answer = f"CAST(hash(person, wave, {n}) % {CODES} + 1 AS INTEGER)"
        refused = f"hash(person, wave, {n}, 'r') % 10 = 0"
        if newer and n < 5:
            answer = f"CASE WHEN wave = 'b' AND {answer} = 1 THEN 2 ELSE {answer} END"
        starred = f"hash(person, wave, {n}, 's') % 10 = 0" if newer and 5 <= n < 15 else "false"
        columns.append(f"CASE WHEN {starred} OR {refused} THEN NULL ELSE {answer} END AS v{n:03d}")
        columns.append(f"CASE WHEN {starred} THEN 'suppressed' WHEN {refused} THEN 'refused' END AS v{n:03d}__why")
    rows.execute(
        f"CREATE TABLE big_responses AS SELECT format('{{:08d}}', person) AS person_id, wave, {', '.join(columns)} "
        f"FROM range({500 if newer else 0}, {persons}) AS p(person), (VALUES ('a'), ('b')) AS w(wave)"
    )
    return rows


def write_chain(places: Places, persons: int, variables: int) -> None:
    key = new_key()
    places.root.mkdir(parents=True)
    for version, newer in (("0.1.0", False), ("0.2.0", True)):
        rows = protected(persons, variables, newer)
        made = assemble(rows, plan(version, variables), key)
        rows.close()
        publish(places, made, Origin(key.fingerprint), lambda *_: Verdict(), (parquet.write,))
        made.rows.close()


def here() -> Places:
    folder = Path(os.environ["PANELPRESS_BENCHMARK"])
    return Places(root=folder / "project", work=folder / "work")


def whole_diff() -> dict[str, object]:
    diff = diff_releases(here(), "0.1.0", "0.2.0")
    return {
        "differ": sum(each.n for each in diff.cells),
        "corrected": sum(each.n for each in diff.corrected),
        "gone": sum(each.gone for each in diff.people if each.wave is None),
        "margins": len(diff.margins),
    }


def by_hand() -> dict[str, object]:
    """The two wide tables joined over the maps, 25 variables at a time (all at once takes minutes), differing cells counted."""
    rows, places = duckdb.connect(":memory:"), here()
    old_ids, new_ids = (f"read_csv('{identities_file(places, version)}')" for version in ("0.1.0", "0.2.0"))
    rows.execute(
        f"CREATE TEMP TABLE pairs AS SELECT o.released_id AS old_id, n.released_id AS new_id "
        f"FROM {old_ids} o JOIN {new_ids} n USING (secure_id)"
    )
    tables = [f"'{places.release(version)}/data/parquet/big_responses.parquet'" for version in ("0.1.0", "0.2.0")]
    described = rows.execute(f"DESCRIBE FROM {tables[0]}").fetchall()
    names = [name for name, *_ in described[2:] if not name.endswith("__why")]
    differ = 0
    for part in (names[start : start + 25] for start in range(0, len(names), 25)):
        counts = ", ".join(
            f"count(*) FILTER (WHERE o.{name} IS DISTINCT FROM n.{name} OR o.{name}__why IS DISTINCT FROM n.{name}__why)"
            for name in part
        )
        # one comparison of person and wave together: of two, DuckDB takes the wave alone to join by, which takes minutes
        found = rows.execute(
            f"SELECT {counts} FROM {tables[0]} o JOIN pairs ON pairs.old_id = o.person_id "
            f"JOIN {tables[1]} n ON n.person_id || n.wave = pairs.new_id || o.wave"
        ).fetchall()
        differ += sum(found[0])
    return {"differ": differ}


def main() -> None:
    """Write the two releases once, then let ``measure`` run both ways on them."""
    if len(sys.argv) > 1 and sys.argv[1] in ("panelpress", "by_hand"):
        contenders(__file__, rounds=1, panelpress=whole_diff, by_hand=by_hand)
        return
    persons, variables = (int(each) for each in [*sys.argv[1:], *("25000", "300")[len(sys.argv) - 1 :]])
    del sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PANELPRESS_BENCHMARK"] = folder
        write_chain(here(), persons, variables)
        print(f"{persons * 2} person-waves x {variables} variables = {persons * 2 * variables / 1e6:.1f} M cells")
        contenders(__file__, rounds=1, panelpress=whole_diff, by_hand=by_hand)


if __name__ == "__main__":
    main()
