"""A project without data whose declarations use every rule of the language, and are right. Tests break it at one place."""

from __future__ import annotations

from pathlib import Path

from language_others import OTHERS
from panelpress.paths import Places
from panelpress.schemas.checker import Problem
from panelpress.schemas.lint import lint

REASONS = """code,stata,reason,class,meaning
-1,.d,dont_know,item,answered don't know
-3,.i,not_applicable,design,outside the universe of the item
-4,.y,not_asked,design,item not in this wave
-6,.s,skipped,item,shown and left blank
-9,.u,uncodeable,process,answered but in no harmonized code
-10,.x,suppressed,disclosure,removed from this release
"""

CONTRACT = """spec: panel-contract/0.1
study: little
wave: a
platform: plain_csv
consent: {column: agrees, given: ["yes"]}
columns:
- {name: token, role: id}
- {name: agrees, role: plain}
- {name: mail, role: direct}
- {name: mood, role: plain, type: integer, values: {1: {en: bad}, 2: {en: good}, 9: {en: don't know}}}
- {name: works, role: plain, type: integer}
- {name: boss, role: plain, type: integer}
- {name: pay, role: plain, type: number}
- {name: coin, role: plain}
- {name: news, role: plain}
- {name: tv, role: plain}
- {name: land, role: plain}
"""

VARIABLES = """spec: panel-crosswalk/0.1
id: mood
label: {en: Mood}
concept: mood
type: ordinal
categories: [{code: 1, label: {en: bad}}, {code: 2, label: {en: good}}]
top_box: {good: [2]}
precedence: [dont_know, skipped]
waves:
  a: {status: complete, source: [mood], map: {1: 1, 2: 2}, missing: {9: dont_know, null: skipped}}
  b: {status: partial, source: [mood], map: {1: 1}, missing: {9: dont_know, null: skipped}, coverage: [1], note: {en: One answer.}}
---
spec: panel-crosswalk/0.1
id: boss
label: {en: Gets on with the boss}
concept: work
type: nominal
categories: [{code: 0, label: {en: "no"}}, {code: 1, label: {en: "yes"}}]
waves:
  a:
    status: complete
    source: [boss, works]
    map_on: boss
    universe: works = 1
    filter: {expr: works = 2, value: 0}
    map: {"[0,4]": 0, "(4,10]": 1}
    missing: {null: skipped}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: pay
label: {en: Pay}
concept: work
type: decimal
waves:
  a: {status: complete, source: [pay], copy: true, units: {source: RUB, target: EUR, table: rates.csv, key: coin}, missing: {null: skipped}}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: news
label: {en: Reads news}
concept: media
type: multi
options: [{id: web, label: {en: Web}}, {id: tv, label: {en: Television}}]
waves:
  a: {status: complete, source: [news], separator: ", ", options: {The web: web, Television: tv}, missing: {null: skipped}}
  b: {status: complete, columns: {web: news, tv: tv}, map: {1: 1, 0: 0}, missing: {null: skipped}}
---
spec: panel-crosswalk/0.1
id: content
label: {en: Content at work}
concept: work
type: nominal
categories: [{code: 0, label: {en: "no"}}, {code: 1, label: {en: "yes"}}]
expr: mood = 2 AND boss = 1
waves:
  a: {status: complete}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: land
label: {en: Land}
concept: place
type: nominal
categories_from: countries.csv
waves:
  a: {status: complete, source: [land], map_from: {list: countries.csv, column: iso3}, missing: {null: skipped}}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: reads_web
label: {en: Reads news on the web}
concept: media
type: nominal
categories: [{code: 0, label: {en: "no"}}, {code: 1, label: {en: "yes"}}]
waves:
  a: {status: complete, source: [news], separator: ", ", options: {The web: 1, Television: 0, Paper: 0}, missing: {null: skipped}}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: rich
label: {en: Well paid}
concept: work
type: nominal
tier: scientific_use
categories: [{code: 0, label: {en: "no"}}, {code: 1, label: {en: "yes"}}]
expr: pay > 1000
waves:
  a: {status: complete}
  b: {status: impossible, reason: not_asked}
---
spec: panel-crosswalk/0.1
id: wealth
label: {en: Pay and more}
concept: work
type: decimal
tier: scientific_use
expr: pay * 12
waves:
  a: {status: complete}
  b: {status: impossible, reason: not_asked}
"""

FILES = {
    "panelpress.yaml": """spec: panel-project/0.1
id: little-panel
title: {en: Little panel (simulated)}
description: {en: People who do not exist.}
simulated: true
languages: [en]
licence: {name: CC-BY-4.0, title: CC BY 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}
contributors: [{title: Somebody, role: author}]
""",
    "build/waves.yaml": """spec: panel-waves/0.1
studies:
- id: little
  title: {en: Little panel}
  waves:
  - {id: a, label: {en: First}, start: 2022-03, end: 2022-03}
  - {id: b, label: {en: Second}, start: 2022-09, end: 2022-09}
- id: list
  title: {en: A list}
  kind: records
  waves:
  - {id: c, label: {en: Once}, start: 2022, end: 2022}
""",
    "build/samples.yaml": """spec: panel-samples/0.1
samples:
- {id: everyone, study: little, label: {en: Everyone}, where: null}
- {id: twice, study: little, label: {en: Both waves}, where: "in_wave('a') AND in_wave('b')"}
- {id: listed, study: list, label: {en: On the list}, where: null}
""",
    "build/cleaning.yaml": """spec: panel-cleaning/0.1
rules:
- {id: tests, study: little, waves: [a], kind: drop, columns: [news], where: "news = 'test'", reason: {en: Made while testing.}}
- {id: again, study: little, waves: [a], kind: duplicates, order_by: [pay], keep: last, reason: {en: Answered twice.}}
- {id: fast, study: little, waves: [a], kind: speeders, columns: [pay], below: 60, reason: {en: Too fast.}}
""",
    "build/codelists/countries.csv": "code,label_en,iso3\nAA,Aland,AAA\nBB,Borduria,BBB\n",
    "build/units/rates.csv": "key,start,end,factor\nRUB,2022-01-01,2022-12-31,0.012\n",
    "schemas/missing.csv": REASONS,
    "schemas/raw/little_a.yaml": CONTRACT,
    "schemas/raw/little_b.yaml": CONTRACT.replace("wave: a", "wave: b").replace("2: {en: good}, ", ""),
    "build/variables/all.yaml": VARIABLES,
    **OTHERS,
}


def write(root: Path, file: str | None = None, old: str = "", new: str = "") -> Places:
    """The project in ``root``, with the first ``old`` in ``file`` replaced by ``new``; ``file`` is left out where both are empty."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == file:
            if not old and not new:
                continue
            assert old in text, f"{old!r} does not stand in {name}"
            text = text.replace(old, new, 1)
        # A lone surrogate stands for a byte that is no UTF-8.
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return Places(root, root / "work")


def problems(root: Path, file: str | None = None, old: str = "", new: str = "") -> list[Problem]:
    return lint(write(root, file, old, new))
