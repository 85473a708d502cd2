"""Writes the reference of a declaration from its JSON Schema, so that what people read and what editors check is one text.

``python -m panelpress.schemas.reference`` rewrites ``docs/reference``; a test asserts that the pages are fresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpress.schemas.checker import schema

KINDS = {
    "object": "block",
    "array": "list",
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the schema it is made from, its heading, what stands before the table, and an example that a test reads."""

    schema: str
    title: str
    text: str
    example: str


PAGES: Mapping[str, Page] = {
    "crosswalk.md": Page(
        "variable",
        "The crosswalk language",
        "One YAML file in `build/variables/<group>/` declares one harmonized variable: what it means, which answers it knows, and"
        " how each wave yields it. Every wave of a study stands under `waves`, also one that never asked. `map` and `missing`"
        " together are total: a raw code that occurs and stands in neither stops the build. `universe` says who was asked (others"
        " are `not_applicable`); `filter` is a routing that implies a value. Words such as `no` and `on` stay text.",
        """spec: panel-crosswalk/0.1
id: boss
label: {en: Gets on with the boss}
concept: work
type: ordinal
tier: open
categories: [{code: 1, label: {en: badly}}, {code: 2, label: {en: well}}]
waves:
  a:
    status: complete
    source: [boss, works]
    map_on: boss
    universe: works = 1
    map: {"[0,5)": 1, "[5,10]": 2}
    missing: {99: dont_know, null: skipped}
  b: {status: impossible, reason: not_asked}
""",
    ),
    "cleaning.md": Page(
        "cleaning",
        "Cleaning",
        "`build/cleaning.yaml` declares which rows are excluded before the crosswalk, in the order in which the rules apply. Each"
        " has a reason; how many rows it took is published rounded. A condition that is unknown for a row excludes nobody.",
        """spec: panel-cleaning/0.1
rules:
- {id: previews, study: little, waves: [a], kind: drop, columns: [news], where: "news = 'test'", reason: {en: Made in a test.}}
- {id: again, study: little, waves: [a], kind: duplicates, order_by: [pay], keep: last, reason: {en: Answered twice.}}
""",
    ),
    "corrections.md": Page(
        "corrections",
        "Corrections",
        "`corrections/*.yaml` of the work folder change single cells that are known to be wrong. They name a person's record, so"
        " they are never published: rule, reason and a rounded count are. Where `expect` no longer holds, the build stops.",
        """spec: panel-corrections/0.1
corrections:
- {id: typo, study: little, wave: a, record: 0123456789ab, column: age, expect: 300, set: 30, reason: {en: A typing error.},
   source: a letter of May 2022}
""",
    ),
    "disclosure.md": Page(
        "disclosure",
        "Disclosure control",
        "`build/disclosure.yaml` declares, before any search, what identifies people, how it may be coarsened, and what each tier"
        " must keep. Everything declared is applied or refused; a table that meets k only by passing a floor or a budget is not"
        " released.",
        """spec: panel-disclosure/0.1
hierarchies:
  ages:
    cuts: [{id: decades, at: [30, 40, 50]}, {id: halves, at: [40]}]
studies:
  little:
    keys:
      gender: {kind: static, importance: 2}
      age: {kind: varying, hierarchy: ages, reasons: merged}
    sensitive: [vote]
    patterns: [news]
tiers:
  open:
    k: 11
    max_risk: 0.09
    diversity: 2
    studies:
      little:
        keep: [{sample: everyone, key: gender, level: as_is, starred: 0.05}]
        budgets: [{sample: everyone, ncp: 0.4}]
""",
    ),
    "samples.md": Page(
        "samples",
        "Named samples",
        "`build/samples.yaml` names the samples over which numbers are computed; each becomes a view of the release.",
        """spec: panel-samples/0.1
samples:
- {id: everyone, study: little, label: {en: Everyone}, where: null}
- {id: twice, study: little, label: {en: Both waves}, where: "in_wave('a') AND in_wave('b')"}
""",
    ),
    "contracts.md": Page(
        "contract",
        "Contracts of deliveries",
        "`schemas/raw/<study>_<wave>.yaml` says what one delivery must look like and what each column may become. A column"
        " without a role is refused; `panelpress describe FILE --study S --wave W` drafts the contract.",
        """spec: panel-contract/0.1
study: little
wave: a
platform: plain_csv
columns:
- {name: token, role: id}
- {name: mood, role: plain, type: integer, values: {1: {en: bad}, 2: {en: good}}}
""",
    ),
}


def page(file: str) -> str:
    """The text of one page of the reference. Raises KeyError where ``file`` is none."""
    made = PAGES[file]
    lines = [f"# {made.title}", "", made.text, "", "```yaml", made.example.rstrip("\n"), "```", ""]
    lines += ["| key | what stands there | must | meaning |", "|---|---|---|---|", *_rows(_whole(schema(made.schema)), ())]
    return "\n".join(lines) + f"\n\nWritten from `schemas/spec/{made.schema}.schema.json`; edit there.\n"


def _whole(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with every reference to one of its own definitions replaced by what it stands for."""
    definitions = given.get("$defs", {})

    def expanded(node: Any) -> Any:
        if isinstance(node, list):
            return [expanded(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return expanded(definitions[node["$ref"].rpartition("/")[2]])
        return {key: expanded(value) for key, value in node.items() if key != "$defs"}

    return dict(expanded(given))


def _rows(block: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in block.get("properties", {}).items():
        here = (*path, key)
        must = "yes" if key in block.get("required", ()) else ""
        about = value.get("description", "").replace("|", "\\|")
        yield f"| `{'.'.join(here)}` | {_kind(value)} | {must} | {about} |"
        yield from _inside(value, here)


def _inside(value: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    items = value.get("items")
    entries = value.get("additionalProperties")
    if isinstance(items, dict) and "properties" in items:
        yield from _rows(items, (*path[:-1], f"{path[-1]}[]"))
    if isinstance(entries, dict) and "properties" in entries:
        yield from _rows(entries, (*path, "<name>"))
    if "properties" in value:
        yield from _rows(value, path)


def _kind(value: Mapping[str, Any]) -> str:
    if "const" in value:
        return f"`{str(value['const']).lower() if isinstance(value['const'], bool) else value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_kind(each) for each in value["anyOf"]))
    given = value.get("type", "text")
    return " or ".join(KINDS[str(each)] for each in (given if isinstance(given, list) else [given]))


def write(folder: Path) -> None:
    """Writes every page into ``folder``."""
    for file in PAGES:
        (folder / file).write_text(page(file), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs/reference"))
