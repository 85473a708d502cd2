"""What the little project of ``language_world`` declares beside its crosswalk: protection, linkage, rules, releases, pictures."""

from __future__ import annotations

DISCLOSURE = """spec: panel-disclosure/0.1
hierarchies:
  lands: {file: lands.csv}
  moods:
    levels:
    - {id: told, groups: [{code: 1, label: Bad, of: [1]}, {code: 2, label: Good, of: [2]}]}
    - {id: any, groups: [{code: 1, label: Any, of: [1, 2]}]}
  pays:
    cuts:
    - {id: tens, at: [10, 20], codes: [1, 2, 3]}
    - {id: halves, at: [20], codes: [1, 2]}
studies:
  little:
    keys:
      land: {kind: static, hierarchy: lands}
      pay: {kind: varying, hierarchy: pays}
      mood: {kind: varying, hierarchy: moods}
    sensitive: [boss]
    patterns: [news]
tiers:
  open:
    k: 11
    max_risk: 0.09
    diversity: 2
    studies:
      little:
        keep: [{sample: everyone, key: land, level: side}]
        finest: {pay: tens}
        before:
        - {wave: b, withhold: [mood]}
  scientific_use: {k: 5, max_risk: 0.20}
"""

LINKAGE = """spec: panel-linkage/0.1
studies:
- study: little
  ids: per_wave
  crosswalks:
  - {wave: b, columns: {a: before}}
  - {file: pairs.csv, columns: {a: token, b: token}}
"""

RULES = """spec: panel-rules/0.1
empty: [{variable: land, wave: a, reason: "nobody told it"}]
panel:
  constant: [land]
  participation: {little: [a, b, "a b"]}
  retention: [{wave: b, minimum: 0.1, maximum: 1}]
rules:
- {id: paid, study: little, holds: "pay > 0", text: {en: Paid at all.}, waves: [a]}
- {id: moody, study: little, holds: "mood IS NOT NULL", text: {en: In some mood.}}
"""

WAIVERS = """spec: panel-waivers/0.1
waivers:
- {id: late, rule: table.codes, reason: "a late list of codes", owner: data manager, expires: "2026-12-31"}
- {id: later, rule: table.type, reason: "a later list of codes", owner: data manager, expires: "2026-12-30"}
"""

RELEASES = """spec: panel-releases/0.1
releases:
- {version: 0.1.0, date: 2026-01-31, waves: [a]}
- {version: 0.2.0, date: 2026-03-31}
"""

ERRATA = """spec: panel-errata/0.1
errata:
- {id: turned, version: 0.2.0, study: little, variable: mood, waves: {a: 12}, reason: Read from the wrong end.}
- {id: lost, version: 0.2.0, study: little, variable: boss, waves: {a: few}, reason: Lost.}
"""

AGGREGATES = """spec: panel-aggregates/0.1
minimum_cell: 30
margins:
- {variables: [rich], answers: all, samples: [everyone], waves: [a]}
- {variables: [rich], answers: [1], samples: [twice]}
"""

FIGURE = """spec: panel-figure/0.1
number: 1
title: {en: In a good mood}
chart: bars
sample: {en: Everyone}
of: {variable: mood, answer: 2}
rows:
- {sample: everyone}
- {sample: twice, wave: a}
"""

OTHERS = {
    "build/disclosure.yaml": DISCLOSURE,
    "build/hierarchies/lands.csv": "code,side,sea\nAA,north,salt\nBB,south,salt\nCC,south,salt\nDD,west,sweet\n",
    "raw/linkage.yaml": LINKAGE,
    "validation/rules.yaml": RULES,
    "validation/waivers.yaml": WAIVERS,
    "publish/releases.yaml": RELEASES,
    "publish/errata.yaml": ERRATA,
    "publish/aggregates.yaml": AGGREGATES,
    "publish/figures/mood.yaml": FIGURE,
    "publish/methodology.yaml": "spec: panel-methodology/0.1\nsections:\n- {title: {en: How}, text: {en: By letter.}}\n",
    "publish/data-protection.yaml": "spec: panel-data-protection/0.1\nlegal_basis: {en: consent}\n",
}
