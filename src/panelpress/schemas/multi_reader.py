"""Reads multi-select variables (``type: multi``): one declared list of options becomes one 0/1 variable an option.

    type: multi
    options: [{id: war, label: {en: War}}, {id: other, label: {en: Other}}]
    waves:
      w1: {status: complete, source: [q7], separator: ", ", options: {"The war, of course": war}, missing: {null: skipped}}
      w2: {status: complete, columns: {war: q7_1, other: q7_2}, map: {1: 1, 0: 0}, missing: {null: skipped}}

In a joined cell, an option text of ``~`` (``"~": other``) takes whatever no listed text explains, and the target ``none``
(``"Nothing of this": none``) is an answer that means none of the options.

A variable of its own may also stand for one option of a joined cell; it lists all texts and says which means yes:

    type: nominal
    waves:
      w1: {status: complete, source: [q7], separator: ", ", options: {"War, of course": 1, Other: 0}, missing: {null: skipped}}
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from panelpress.model.text import LocalText
from panelpress.model.variable import Category, MultiSource, WaveRule
from panelpress.schemas.checker import Problem
from panelpress.schemas.common import texts
from panelpress.schemas.rule_reader import is_asked, read_rule
from panelpress.schemas.yaml_reader import Document, Mapping

REST = "~"
NOTHING = "none"
CHOSEN = (
    Category(0, LocalText({"en": "Not chosen", "ru": "Не выбрано"})),
    Category(1, LocalText({"en": "Chosen", "ru": "Выбрано"})),
)


def option_rule(
    document: Document, wave: str, given: Any, option: str, languages: tuple[str, ...]
) -> tuple[WaveRule, list[Problem]]:
    """The rule of one option in one wave, and everything wrong with it."""
    if not is_asked(given):
        return read_rule(document, wave, given, languages)
    where = document.where(given.line)
    if "options" in given:
        return _joined(document, wave, given, option, languages)
    if "columns" in given:
        column = given["columns"].get(option)
        if column is None:
            block = _part(given, status="impossible", reason="not_asked")
            return read_rule(document, wave, block, languages)
        others = [name for name in texts(given.get("source")) if name != column]
        block = _part(given, without=("columns",), source=[column, *others], **({"map_on": column} if others else {}))
        rule, problems = read_rule(document, wave, block, languages)
        if not rule.value_map:
            problems.append(
                Problem(where, f"wave {wave} lists columns but no `map`.", "Say which raw code means chosen: map: {1: 1, 0: 0}.")
            )
        return rule, problems
    if "expr" in given:
        return read_rule(document, wave, given, languages)
    return read_rule(document, wave, given, languages)[0], [
        Problem(where, f"wave {wave} of a multi-select says neither `options` nor `columns`.", "Add one of them.")
    ]


def _joined(document: Document, wave: str, given: Any, option: str, languages: tuple[str, ...]) -> tuple[WaveRule, list[Problem]]:
    where = document.where(given.line)
    block = _part(given, without=("options", "separator"))
    rule, problems = read_rule(document, wave, block, languages)
    if "separator" not in given:
        problems.append(
            Problem(where, f"wave {wave} joins options, but no `separator` is given.", 'Add it, e.g. separator: ", ".')
        )
    if not rule.source:
        problems.append(Problem(where, f"wave {wave} joins options of no column.", "Name it in `source`."))
        return rule, problems
    table: dict[str, str] = {str(text): target for text, target in given["options"].items()}
    if option not in table.values():
        return read_rule(document, wave, _part(given, status="impossible", reason="not_asked"), languages)
    multi = MultiSource(
        column=rule.map_on or rule.source[0],
        separator=str(given.get("separator", ", ")),
        chosen=tuple(text for text, target in table.items() if target == option and text != REST),
        options=tuple(text for text in table if text != REST),
        rest=table.get(REST) == option,
        rest_allowed=REST in table,
    )
    return replace(rule, multi=multi), problems


def yes_no_rule(document: Document, wave: str, given: Any, languages: tuple[str, ...]) -> tuple[WaveRule, list[Problem]]:
    """The rule of a yes-or-no variable that is one option of a joined cell, and everything wrong with it."""
    where = document.where(given.lines["options"])
    if not set(given["options"].values()) <= {0, 1}:
        wrong = Problem(
            where, f"wave {wave} joins options, and not each is 1 or 0.", "Write 1 for the texts that mean yes, else 0."
        )
        return read_rule(document, wave, _part(given, without=("options", "separator")), languages)[0], [wrong]
    names = {text: "yes" if meaning == 1 else NOTHING for text, meaning in given["options"].items()}
    if "yes" not in names.values():
        wrong = Problem(where, f"no option of wave {wave} means yes.", "Write 1 for at least one text.")
        return read_rule(document, wave, _part(given, without=("options", "separator")), languages)[0], [wrong]
    return _joined(document, wave, _part(given, options=names), "yes", languages)


def _part(given: Any, without: tuple[str, ...] = (), **changes: Any) -> Mapping:
    if changes.get("status") == "impossible":
        block = Mapping({"status": "impossible", "reason": changes["reason"]})
    else:
        block = Mapping({key: value for key, value in given.items() if key not in without} | changes)
    block.line = given.line
    block.lines = {key: given.lines.get(key, given.line) for key in block}
    return block


def unknown_options(document: Document, given: Any, options: set[str]) -> list[Problem]:
    """Option ids that a wave uses and the variable does not declare."""
    problems = []
    for key, name in (("options", "values"), ("columns", "keys")):
        block = given.get(key)
        if not block:
            continue
        used = block.values() if name == "values" else block.keys()
        for option in dict.fromkeys(used):
            if option not in options and not (key == "options" and option == NOTHING):
                problems.append(
                    Problem(
                        document.where(given.lines[key]),
                        f"no option is called `{option}`.",
                        f"Declared: {', '.join(sorted(options))}.",
                    )
                )
    return problems
