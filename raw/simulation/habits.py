"""How each platform codes answers when nobody tells it otherwise: the differences that a crosswalk exists for.

| delivery | choice | yes/no | don't know, refused | left blank | several answers |
|---|---|---|---|---|---|
| w1 Qualtrics CSV | 1..n | 1 yes, 2 no | 98, 99 | blank | `1,3` in one column, 99 refused |
| w2 SPSS | 1..n | 0/1 | 97, 98 (user-missing) | 99 (user-missing) | a 0/1 column an option |
| w3 LimeSurvey | A1..An | Y/N | A98, A99 | blank | `code[SQ001]` Y/N, blank when the question was skipped |
| okr Google Forms | answer text | Да/Нет | answer text | blank | answer texts joined by ", " |
| gmf Stata | 1..n | 1 yes, 2 no | .a, .b (tagged missing) | system missing | a 0/1 column an option |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DONT_KNOW_RU = "Затрудняюсь ответить"
REFUSED_RU = "Предпочитаю не отвечать"
REASON_CODES = {
    "w1": {"dont_know": "98", "refused": "99", "skipped": ""},
    "w2": {"dont_know": "97", "refused": "98", "skipped": "99"},
    "w3": {"dont_know": "A98", "refused": "A99", "skipped": ""},
    "okr": {"dont_know": DONT_KNOW_RU, "refused": REFUSED_RU, "skipped": ""},
    "gmf": {"dont_know": ".a", "refused": ".b", "skipped": ""},
}


def columns(delivery: str, given: Mapping[str, Any], options: tuple[str, ...]) -> dict[str, str]:
    """Raw columns of an item: one, or one an option (keyed by option) where the export spreads it."""
    if "columns" in given:
        return {option: str(given["columns"][option]) for option in options}
    if "prefix" in given:
        pattern = "{0}[SQ{1:03d}]" if delivery == "w3" else "{0}_{1}"
        return {option: pattern.format(given["prefix"], at) for at, option in enumerate(options, start=1)}
    return {"": str(given["column"])}


def codes(delivery: str, given: Mapping[str, Any], labels: Mapping[int, Any], missing: tuple[float, ...]) -> dict[int | str, str]:
    """Raw codes of a one-answer item by harmonized code, and by reason for those who give no answer."""
    if "codes" in given:
        found: dict[int | str, str] = {code: str(raw) for code, raw in given["codes"].items()}
        return found | {"skipped": ""} if "skipped" not in found else found
    values = sorted(labels)
    binary = values == [0, 1]
    found = {}
    for at, code in enumerate(values):
        turned = values[-1 - at] if given.get("reversed") else code
        found[code] = _one(delivery, code, turned, binary, labels)
    for reason, share in zip(("dont_know", "refused", "skipped"), missing, strict=True):
        if share or reason == "skipped":
            blank = delivery == "w3" and binary
            found[reason] = "" if blank else REASON_CODES[delivery][reason]
    return found


def _one(delivery: str, code: int, turned: int, binary: bool, labels: Mapping[int, Any]) -> str:
    if delivery == "okr":
        return str(labels[code].ru)
    if delivery == "w3":
        return ("N", "Y")[code] if binary else f"A{turned}"
    if binary and delivery in ("w1", "gmf"):
        return ("2", "1")[code]
    return str(turned)


def option_codes(delivery: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> dict[int | str, str]:
    """Raw codes of a several-answers item: by option where one column holds all, else the codes of chosen and not chosen."""
    if "separator" in given:
        raw = (lambda at, option: options[option].ru) if delivery == "okr" else (lambda at, option: str(at))
        found: dict[int | str, str] = {option: raw(at, option) for at, option in enumerate(options, start=1)}
    else:
        found = {1: "Y", 0: "N"} if delivery == "w3" else {1: "1", 0: "0"}
    for reason in ("dont_know", "refused", "skipped"):
        blank = reason != "refused" and delivery == "w1"
        found[reason] = "" if blank or delivery in ("w3", "okr") else REASON_CODES[delivery][reason]
    return found
