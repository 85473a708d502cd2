"""A whole little project on disk: one panel of two waves, forty people who do not exist, four questions, every declaration.

Small enough to run from delivery to release in a test, and large enough that groups of eleven exist. Used by tests of commands; those that bring declarations of their own ``begin`` with its first one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app

FILES = {
    "panelpress.yaml": """
spec: panel-project/0.1
id: little-panel
title: {en: Little panel (simulated)}
description: {en: Forty people who do not exist.}
simulated: true
languages: [en]
licence: {name: CC-BY-4.0, title: CC BY 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}
contributors: [{title: Somebody, role: author}]
demo_key: raw/demo-key.txt
""",
    "build/waves.yaml": """
spec: panel-waves/0.1
studies:
- id: little
  title: {en: Little panel}
  kind: panel
  waves:
  - {id: a, label: {en: First}, start: 2022-03, end: 2022-03, expected: 40}
  - {id: b, label: {en: Second}, start: 2022-09, end: 2022-09}
""",
    "schemas/missing.csv": """code,stata,reason,class,meaning
-1,.d,dont_know,item,don't know
-3,.i,not_applicable,design,outside the universe of the item
-4,.y,not_asked,design,item not in this wave
-6,.s,skipped,item,shown and left blank
-9,.u,uncodeable,process,answered but in no harmonized code
-10,.x,suppressed,disclosure,removed from this release
-11,.w,wave_nonresponse,unit,did not take part in this wave
-12,.l,late_entrant,unit,joined after this wave
""",
    "schemas/raw/little_a.yaml": """
spec: panel-contract/0.1
study: little
wave: a
platform: plain_csv
columns:
- {name: token, role: id}
- {name: sex, role: quasi, values: {f: {en: Woman}, m: {en: Man}}}
- {name: mood, role: plain, type: integer, minimum: 1, maximum: 5, values: {9: {en: don't know}}}
- {name: works, role: plain, type: integer, values: {0: {en: "No"}, 1: {en: "Yes"}}}
- {name: boss, role: plain, type: integer, minimum: 1, maximum: 3}
""",
    "build/variables/gender.yaml": """
spec: panel-crosswalk/0.1
id: gender
label: {en: Gender}
concept: person
type: nominal
disclosure: quasi
tier: open
person_level: true
categories: [{code: 1, label: {en: Woman}}, {code: 2, label: {en: Man}}]
waves:
  a: {status: complete, source: [sex], map: {f: 1, m: 2}, missing: {null: skipped}}
  b: {status: complete, source: [sex], map: {f: 1, m: 2}, missing: {null: skipped}}
""",
    "build/variables/mood.yaml": """
spec: panel-crosswalk/0.1
id: mood
label: {en: Mood}
concept: mood
type: ordinal
tier: open
categories: [{code: 1, label: {en: bad}}, {code: 2}, {code: 3}, {code: 4}, {code: 5, label: {en: good}}]
waves:
  a: {status: complete, source: [mood], map: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, missing: {9: dont_know, null: skipped}}
  b: {status: complete, source: [mood], map: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, missing: {9: dont_know, null: skipped}}
""",
    "build/variables/works.yaml": """
spec: panel-crosswalk/0.1
id: works
label: {en: Works}
concept: work
type: nominal
tier: open
categories: [{code: 0, label: {en: "No"}}, {code: 1, label: {en: "Yes"}}]
waves:
  a: {status: complete, source: [works], map: {0: 0, 1: 1}, missing: {null: skipped}}
  b: {status: complete, source: [works], map: {0: 0, 1: 1}, missing: {null: skipped}}
""",
    "build/variables/boss.yaml": """
spec: panel-crosswalk/0.1
id: boss
label: {en: Gets on with the boss}
concept: work
type: ordinal
tier: open
categories: [{code: 1, label: {en: badly}}, {code: 2, label: {en: so-so}}, {code: 3, label: {en: well}}]
waves:
  a: {status: complete, source: [boss, works], map_on: boss, universe: "works = 1", map: {1: 1, 2: 2, 3: 3}, missing: {null: skipped}}
  b: {status: complete, source: [boss, works], map_on: boss, universe: "works = 1", map: {1: 1, 2: 2, 3: 3}, missing: {null: skipped}}
""",
    "build/disclosure.yaml": """
spec: panel-disclosure/0.1
studies:
  little:
    keys:
      gender: {kind: static}
tiers:
  open: {k: 11, max_risk: 0.0909}
""",
    "publish/releases.yaml": """
spec: panel-releases/0.1
releases:
- {version: 0.1.0, date: 2026-01-31, notes: {en: The first one.}}
""",
    "validation/rules.yaml": """
spec: panel-rules/0.1
panel:
  routing: [{variable: boss, study: little, asked_when: "works = 1"}]
""",
}
HEADER = ("token", "sex", "mood", "works", "boss")


def answers(wave: str) -> list[list[str]]:
    """Forty people in wave a, the same without the last eight in wave b. Everybody's token is unlike any other text."""
    people = range(40 if wave == "a" else 32)
    return [
        [f"token-{person:03d}-zq", "fm"[person % 2], str(1 + person % 5), str(person % 4 % 2), "2" if person % 4 % 2 else ""]
        for person in people
    ]


def beside(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on the work folder and the settings lie in ``folder``, and there is no key of whoever runs the tests."""
    patch.setenv("PANELPRESS_WORK", str(folder / "work"))
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    patch.delenv("PANELPRESS_KEY", raising=False)


def begin(root: Path, files: Mapping[str, str]) -> Path:
    """A project with the first declaration of this one, ``files`` (path: text) of its own, and a demo key."""
    for name, text in {"panelpress.yaml": FILES["panelpress.yaml"], **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip("\n"), encoding="utf-8")
    must(root, "key", "init", "--demo")
    return root


def create(root: Path) -> Path:
    """Writes the project with its deliveries registered, a demo key made."""
    contract = FILES["schemas/raw/little_a.yaml"]
    begin(root, {**FILES, "schemas/raw/little_b.yaml": contract.replace("wave: a", "wave: b")})
    for wave in ("a", "b"):
        deliver(root, wave, answers(wave))
    return root


def deliver(root: Path, wave: str, rows: list[list[str]], *more: str) -> None:
    """Registers ``rows`` as the delivery of ``wave``."""
    path = root / "raw" / "deliveries" / f"wave_{wave}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    must(root, "register", str(path), "--study", "little", "--wave", wave, "--received", "2024-01-31", *more)


def command(root: Path, *words: str, given: str | None = None) -> Result:
    """A command of panelpress on the project in ``root``, ``given`` on its standard input."""
    return CliRunner().invoke(app, [*words, "--project", str(root)], input=given)


def must(root: Path, *words: str) -> Result:
    """A command that has to succeed."""
    done = command(root, *words)
    assert done.exit_code == 0, done.output
    return done
