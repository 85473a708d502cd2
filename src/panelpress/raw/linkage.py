"""Which responses are one person's: ids of several waves joined through crosswalks, closed transitively.

An id is a node: ``(wave, place, id)``, with an empty wave where ids are stable over waves, and an empty place where they are
unique everywhere. Each crosswalk row joins the nodes it names. All joined nodes are one person, who is called by the node of
the earliest wave, so that nobody's pseudonym changes when a wave is added. Ids are text throughout: ``007`` is not ``7``.

Method: disjoint sets with path halving (Tarjan and van Leeuwen 1984).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.linkage import Crosswalk, StudyLinkage

Node = tuple[str, str, str]
Person = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrosswalkCounts:
    """Rows of a crosswalk: ``links`` that name two ids or more, ``blank`` ones that name fewer, and ``dangling`` ids that no
    response of the wave has (a person who was deleted, or a slip); dangling ids still join the others of their row."""

    label: str
    links: int
    blank: int
    dangling: int


@dataclass(frozen=True, slots=True)
class Linked:
    """``persons``: by wave, the parts of the person's id for each row, in the order of the rows. ``padded``: ids that would be
    an id of an earlier wave without leading zeros, blanks around them or capital letters."""

    persons: Mapping[str, list[Person]]
    crosswalks: tuple[CrosswalkCounts, ...]
    padded: int


class _Sets:
    def __init__(self) -> None:
        self.parent: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        self.parent.setdefault(node, node)
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, one: Node, other: Node) -> None:
        self.parent[self.find(one)] = self.find(other)


def link(
    linkage: StudyLinkage,
    order: Sequence[str],
    waves: Mapping[str, pl.DataFrame],
    ids: Mapping[str, pl.Series],
    files: Mapping[str, pl.DataFrame],
) -> Linked:
    """Tell persons apart. ``order``: the waves of the study, earliest first; ``waves``: the raw rows by wave and ``ids`` their
    id columns; ``files``: crosswalk files by name.

    Raises IntakeRefused where a crosswalk makes one person of two ids of the same wave, or names a column that is not there.
    """
    linker = _Linker(linkage, list(order), waves, files)
    for wave in order:
        if wave in waves:
            linker.add_wave(wave, ids[wave])
    counts = tuple(linker.join(crosswalk) for crosswalk in linkage.crosswalks)
    linker.refuse_merged()
    return Linked(linker.persons(), counts, _padded(order, ids))


class _Linker:
    """The nodes of all waves of one study while crosswalks join them. ``rank`` is the earliest wave that knows a node."""

    def __init__(
        self, linkage: StudyLinkage, order: list[str], waves: Mapping[str, pl.DataFrame], files: Mapping[str, pl.DataFrame]
    ) -> None:
        self.linkage, self.order, self.waves, self.files = linkage, order, waves, files
        self.rows: dict[str, list[Node]] = {}
        self.present: dict[str, set[Node]] = {}
        self.rank: dict[Node, int] = {}
        self.sets = _Sets()

    def add_wave(self, wave: str, ids: pl.Series) -> None:
        """Make a node of every id of a wave; waves come in their order."""
        nodes = self._nodes(wave, ids, self._places(self.waves[wave], self.linkage.within.get(wave)))
        self.rows[wave], self.present[wave] = nodes, set(nodes)
        for node in nodes:
            self.rank.setdefault(node, self.order.index(wave))

    def join(self, crosswalk: Crosswalk) -> CrosswalkCounts:
        """Join what each row of ``crosswalk`` names, and count."""
        frame = self.files[crosswalk.file] if crosswalk.file else self.waves.get(str(crosswalk.wave))
        if frame is None:
            return CrosswalkCounts(crosswalk.label, 0, 0, 0)
        columns: list[Sequence[Node | None]] = [self._named(crosswalk, wave, frame) for wave in crosswalk.columns]
        named = list(crosswalk.columns)
        if crosswalk.wave:
            columns.append(self.rows[crosswalk.wave])
            named.append(crosswalk.wave)
        links = dangling = 0
        for row in zip(*columns, strict=True):
            nodes = [(wave, node) for wave, node in zip(named, row, strict=True) if node is not None]
            if len(nodes) < 2:
                continue
            links += 1
            dangling += sum(node not in self.present.get(wave, ()) for wave, node in nodes)
            for wave, node in nodes:
                self.rank[node] = min(self.rank.get(node, len(self.order)), self.order.index(wave))
                self.sets.join(node, nodes[0][1])
        return CrosswalkCounts(crosswalk.label, links, frame.height - links, dangling)

    def refuse_merged(self) -> None:
        """Raises IntakeRefused where two ids of one wave have become one person."""
        for wave, different in self.present.items():
            merged = len(different) - len({self.sets.find(node) for node in different})
            if merged:
                todo = "Look for ids that were given twice, or for a row that names the wrong person."
                what = f"crosswalks of {self.linkage.study} make one person of two ids of wave {wave}, {merged} times."
                raise IntakeRefused("raw/linkage.yaml", what, todo)

    def persons(self) -> dict[str, list[Person]]:
        """By wave, the parts of the id that stands for the person of each row: that of the earliest wave."""
        first: dict[Node, Node] = {}
        for node in list(self.sets.parent):
            root = self.sets.find(node)
            if root not in first or (self.rank[node], node) < (self.rank[first[root]], first[root]):
                first[root] = node
        return {wave: [self._parts(first.get(self.sets.find(node), node)) for node in nodes] for wave, nodes in self.rows.items()}

    def _parts(self, node: Node) -> Person:
        wave, place, each = node
        return (*((wave,) if self.linkage.ids == "per_wave" else ()), *((place,) if self.linkage.within else ()), each)

    def _nodes(self, wave: str, ids: pl.Series, places: Sequence[str]) -> list[Node]:
        own = "" if self.linkage.ids == "stable" else wave
        return [(own, place, each) for place, each in zip(places, ids.to_list(), strict=True)]

    def _named(self, crosswalk: Crosswalk, wave: str, frame: pl.DataFrame) -> list[Node | None]:
        """The node of ``wave`` that each row of ``frame`` names, None where the cell is blank."""
        ids = self._column(frame, crosswalk.columns[wave])
        here = self.linkage.within.get(crosswalk.wave or "") if wave in self.linkage.within else None
        nodes = self._nodes(wave, ids, self._places(frame, crosswalk.within.get(wave, here)))
        blank = (ids.is_null() | (ids.str.strip_chars() == "")).to_list()
        return [None if empty else node for node, empty in zip(nodes, blank, strict=True)]

    def _places(self, frame: pl.DataFrame, name: str | None) -> Sequence[str]:
        places: list[str] = self._column(frame, name).fill_null("").to_list() if name else [""] * frame.height
        return places

    def _column(self, frame: pl.DataFrame, name: str) -> pl.Series:
        if name not in frame.columns:
            raise IntakeRefused("raw/linkage.yaml", f"names the column `{name}`, which is not delivered.", "Correct it.")
        return frame.get_column(name).cast(pl.String)


def _padded(order: Sequence[str], ids: Mapping[str, pl.Series]) -> int:
    """Ids of a later wave that differ from one of an earlier only in padding or case: often a spreadsheet's work."""
    bare = pl.col("raw_id").str.strip_chars().str.to_lowercase().str.strip_chars_start("0").alias("bare")
    earlier = pl.DataFrame({"raw_id": [], "bare": []}, schema={"raw_id": pl.String, "bare": pl.String})
    n = 0
    for wave in order:
        if wave not in ids:
            continue
        own = pl.DataFrame({"raw_id": ids[wave]}).unique().with_columns(bare)
        unknown = own.join(earlier, on="raw_id", how="anti")
        n += unknown.join(earlier.unique("bare"), on="bare", how="semi").height
        earlier = pl.concat([earlier, own]).unique()
    return n
