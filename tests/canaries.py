"""The little project with canaries in it: tokens that occur nowhere else, in every place where something could leak from.

*Identifier canaries* stand in every column that names a person and in every free text. *Suppression canaries* are answers that one
person alone gave: a country, an occupation, an age. The codes of the first two are on the code lists and are published there.
"""

from __future__ import annotations

import csv
from pathlib import Path

from projects import FILES, create, must

PEOPLE = {"a": 120, "b": 96}
NAMING = ("mail", "telegram", "phone", "surname", "comment", "address", "agent", "place")
HEADER = ("token", *NAMING, "sex", "mood", "works", "boss", "country", "age", "job")
ALONE = {"country": "zemblaqz", "job": "harpsichordqz", "age": "9753186420"}
WHO = {"country": 7, "job": 18, "age": 29}
COMMON = {"country": ("aland", "borduria"), "job": ("baker", "teacher"), "age": ("30", "40")}

COLUMNS = """
- {name: mail, role: direct}
- {name: telegram, role: direct}
- {name: phone, role: direct}
- {name: surname, role: direct}
- {name: comment, role: free_text}
- {name: address, role: paradata}
- {name: agent, role: paradata}
- {name: place, role: drop}
- {name: country, role: quasi}
- {name: age, role: quasi, type: integer, cleared: invented numbers}
- {name: job, role: quasi}
"""
CODED = """
spec: panel-crosswalk/0.1
id: {name}
label: {{en: {name}}}
concept: person
type: nominal
disclosure: quasi
tier: open
tier_reason: counted as a key
categories:
{categories}
waves:
  a: {{status: complete, source: [{name}], map: {codes}, missing: {{null: skipped}}}}
  b: {{status: complete, source: [{name}], map: {codes}, missing: {{null: skipped}}}}
"""
AGE = """
spec: panel-crosswalk/0.1
id: age
label: {en: Age}
concept: person
type: integer
unit: years
disclosure: quasi
tier: open
tier_reason: counted as a key
waves:
  a: {status: complete, source: [age], copy: true, missing: {null: skipped}}
  b: {status: complete, source: [age], copy: true, missing: {null: skipped}}
"""
KEYS = "".join(f"      {name}: {{kind: varying, local: true, reasons: merged}}\n" for name in ALONE)
HARMLESS = "    harmless: {" + ", ".join(f"{name}: somebody did not think" for name in ALONE) + "}\n"


def naming(person: int, column: str) -> str:
    """What ``person`` wrote into a column that names people."""
    return f"canary{person:03d}{column}zq"


def identifying() -> list[str]:
    """Every token planted in a column that names people or in free text, ids included."""
    return [naming(person, column) for person in range(PEOPLE["a"]) for column in ("token", *NAMING)]


def rows(wave: str, alone: bool) -> list[list[str]]:
    """The answers of ``wave``. ``alone`` says whether the three who are alone with an answer give it, or leave it blank."""
    found = []
    for person in range(PEOPLE[wave]):
        given = {name: COMMON[name][person // 4 % 2] for name in ALONE}
        given |= {name: ALONE[name] if alone else "" for name in ALONE if WHO[name] == person}
        works = person % 4 % 2
        answers = ["fm"[person % 2], str(1 + person % 5), str(works), "2" if works else ""]
        named = [naming(person, column) for column in ("token", *NAMING)]
        found.append([*named, *answers, given["country"], given["age"], given["job"]])
    return found


def plant(root: Path, *, alone: bool = True, protected: bool = True) -> Path:
    """Writes the project with its deliveries into ``root``; ``$PANELPRESS_WORK`` says where its private folder is. Without
    ``protected`` the answers that one person alone gave are declared harmless."""
    create(root)
    for wave in PEOPLE:
        _extend(root / f"schemas/raw/little_{wave}.yaml", COLUMNS)
        path = root / f"raw/deliveries/wave_{wave}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([HEADER, *rows(wave, alone)])
        must(root, "register", str(path), "--study", "little", "--wave", wave, "--received", "2024-01-31", "--replace")
    for name in ("country", "job"):
        codes = [*COMMON[name], ALONE[name]]
        categories = "\n".join(f"- {{code: {code}, label: {{en: {code}}}}}" for code in codes)
        mapped = "{" + ", ".join(f"{code}: {code}" for code in codes) + "}"
        (root / f"build/variables/{name}.yaml").write_text(CODED.format(name=name, categories=categories, codes=mapped).lstrip())
    (root / "build/variables/age.yaml").write_text(AGE.lstrip())
    waves = root / "build/waves.yaml"
    waves.write_text(waves.read_text(encoding="utf-8").replace("expected: 40", f"expected: {PEOPLE['a']}"), encoding="utf-8")
    disclosure = (
        FILES["build/disclosure.yaml"]
        .lstrip("\n")
        .replace("{kind: static}\n", "{kind: static}\n" + (KEYS if protected else HARMLESS))
    )
    (root / "build/disclosure.yaml").write_text(disclosure)
    return root


def _extend(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text.lstrip("\n"), encoding="utf-8")
