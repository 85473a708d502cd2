"""Reads one harmonized variable from one YAML document into one Variable, or one an option for multi-select.

The file format is the crosswalk language (``docs/reference/crosswalk.md``). References to waves, contracts and other variables
are checked in ``crosswalk_checks``, once all variables are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from panelpress.errors import DeclarationError
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, ExternalId, Tier, Variable, WaveRule
from panelpress.schemas.checker import Problem, check
from panelpress.schemas.codelists import read_codelist
from panelpress.schemas.common import local_text, raw_code, texts
from panelpress.schemas.map_lists import with_list
from panelpress.schemas.multi_reader import CHOSEN, option_rule, unknown_options, yes_no_rule
from panelpress.schemas.rule_reader import is_asked, read_rule
from panelpress.schemas.yaml_reader import Document

RESERVED = ("person_id", "record_id", "wave", "study")


def read_variables(document: Document, codelists: Path, languages: tuple[str, ...]) -> tuple[tuple[Variable, ...], list[Problem]]:
    """The variables that one document declares, and everything wrong with it. No variables where its shape is wrong."""
    problems = check(document, "variable")
    if problems:
        return (), problems
    given = document.content
    if given["type"] == "multi":
        return _multi(document, given, languages)
    categories, wrong = _categories(document, given, codelists, languages)
    rules, wrong_rules = _rules(document, given, _single_reader(document, codelists, languages))
    variable = _variable(document, given, languages, given["id"], local_text(given["label"], languages), rules)
    variable = replace(variable, type=given["type"], categories=categories)
    return (variable,), [*wrong, *wrong_rules, *_beyond_schema(document, given, variable)]


def _multi(document: Document, given: Any, languages: tuple[str, ...]) -> tuple[tuple[Variable, ...], list[Problem]]:
    problems: list[Problem] = []
    if not given.get("options"):
        where = document.where(given.lines["type"])
        return (), [
            Problem(where, "a multi-select variable declares no `options`.", "List them: options: [{id: ..., label: ...}].")
        ]
    options = {option["id"] for option in given["options"]}
    for block in given["waves"].values():
        if is_asked(block):
            problems += unknown_options(document, block, options)
    variables = []
    for option in given["options"]:
        rules, wrong = _rules(document, given, _option_reader(document, option["id"], languages))
        problems += [each for each in wrong if each not in problems]
        label = _joined_label(local_text(given["label"], languages), local_text(option["label"], languages))
        variable = _variable(document, given, languages, f"{given['id']}_{option['id']}", label, rules)
        if option.get("disclosure"):
            variable = replace(variable, disclosure=option["disclosure"])
        variables.append(replace(variable, type="nominal", categories=CHOSEN, multi_of=given["id"]))
    problems += _beyond_schema(document, given, variables[0])
    return tuple(variables), problems


def _single_reader(
    document: Document, codelists: Path, languages: tuple[str, ...]
) -> Callable[[str, Any], tuple[WaveRule, list[Problem]]]:
    def read(wave: str, block: Any) -> tuple[WaveRule, list[Problem]]:
        if "options" in block:
            return yes_no_rule(document, wave, block, languages)
        block, wrong = with_list(document, block, codelists)
        rule, problems = read_rule(document, wave, block, languages)
        return rule, wrong + problems

    return read


def _option_reader(
    document: Document, option: str, languages: tuple[str, ...]
) -> Callable[[str, Any], tuple[WaveRule, list[Problem]]]:
    return lambda wave, block: option_rule(document, wave, block, option, languages)


def _joined_label(question: LocalText, option: LocalText) -> LocalText:
    return LocalText({language: f"{text}: {option.in_language(language)}" for language, text in question.by_language.items()})


def _rules(
    document: Document, given: Any, read: Callable[[str, Any], tuple[WaveRule, list[Problem]]]
) -> tuple[dict[str, WaveRule], list[Problem]]:
    rules: dict[str, WaveRule] = {}
    problems: list[Problem] = []
    shared = given.get("expr")
    for wave, block in given["waves"].items():
        rule, wrong = read(str(wave), block)
        if shared is not None and rule.status in ("complete", "partial") and not _has_way(rule):
            rule = replace(rule, expr=shared)
        elif rule.status in ("complete", "partial") and not _has_way(rule) and not wrong:
            wrong = [
                Problem(
                    document.where(block.line),
                    f"wave {wave} does not say how the value is made.",
                    "Add `map`, `copy: true` or `expr`.",
                )
            ]
        rules[str(wave)] = rule
        problems += wrong
    return rules, problems


def _has_way(rule: WaveRule) -> bool:
    return bool(rule.value_map or rule.copy or rule.multi or rule.expr)


def _variable(
    document: Document, given: Any, languages: tuple[str, ...], identifier: str, label: LocalText, rules: dict[str, WaveRule]
) -> Variable:
    disclosure = given.get("disclosure", "none")
    default: Tier = "scientific_use" if disclosure in ("sensitive", "observable_act") else "open"
    denominator = given.get("denominator") or {}
    first = denominator.get("default", "valid")
    return Variable(
        id=identifier,
        label=label,
        concept=given["concept"],
        type="nominal",
        tier=given.get("tier", default),
        waves=rules,
        question=local_text(given.get("question"), languages),
        note=local_text(given.get("note"), languages),
        unit=given.get("unit"),
        minimum=raw_code(given.get("minimum")),
        maximum=raw_code(given.get("maximum")),
        tier_reason=local_text(given.get("tier_reason"), languages),
        disclosure=disclosure,
        denominator=first,
        denominators=tuple(dict.fromkeys((first, *(denominator.get("alternatives") or ())))),
        precedence=texts(given.get("precedence")),
        external=tuple(ExternalId(each["scheme"], str(each["id"])) for each in given.get("external") or ()),
        person_level=bool(given.get("person_level", False)),
        replaced_by=given.get("replaced_by"),
        declared_in=document.file,
        line=given.line,
        top_box={str(name): tuple(codes) for name, codes in (given.get("top_box") or {}).items()},
    )


def _categories(
    document: Document, given: Any, codelists: Path, languages: tuple[str, ...]
) -> tuple[tuple[Category, ...], list[Problem]]:
    where = document.where(given.lines.get("categories", given.line))
    if given.get("categories_from"):
        if given.get("categories"):
            return (), [Problem(where, "both `categories` and `categories_from` are given.", "Keep one of them.")]
        try:
            return read_codelist(codelists / given["categories_from"], f"build/codelists/{given['categories_from']}"), []
        except DeclarationError as error:
            return (), [Problem(error.where, error.what, error.todo)]
    categories = tuple(
        Category(each["code"], local_text(each.get("label"), languages), each.get("group"))
        for each in given.get("categories") or ()
    )
    codes = [category.code for category in categories]
    problems = []
    for code in dict.fromkeys(codes):
        if codes.count(code) > 1:
            problems.append(
                Problem(where, f"the code {code} stands twice in `categories`.", "Give each answer a code of its own.")
            )
    if len({type(code) for code in codes}) > 1:
        problems.append(Problem(where, "`categories` mixes numbers and texts as codes.", "Use one kind."))
    return categories, problems


def _beyond_schema(document: Document, given: Any, variable: Variable) -> list[Problem]:
    where = document.where(given.line)
    problems = []
    if variable.id in RESERVED or variable.id.endswith("__why"):
        problems.append(Problem(where, f"`{variable.id}` is a name that the engine uses itself.", "Choose another id."))
    if given["type"] in ("nominal", "ordinal") and not variable.categories:
        problems.append(
            Problem(where, f"`{variable.id}` is {given['type']} without categories.", "List every answer with its code.")
        )
    if given["type"] in ("integer", "decimal", "date", "text") and variable.categories:
        problems.append(
            Problem(where, f"`{variable.id}` is {given['type']} and lists categories.", "Make it nominal or ordinal.")
        )
    for category in variable.categories:
        if isinstance(category.code, int) and category.code < 0:
            problems.append(
                Problem(where, f"the category {category.code} is below zero.", "Codes below zero are missing reasons.")
            )
    if variable.disclosure in ("sensitive", "observable_act") and variable.tier == "open" and not variable.tier_reason:
        problems.append(
            Problem(
                where,
                f"`{variable.id}` is {variable.disclosure} and open.",
                "Give the reason in `tier_reason`, or leave `tier` out.",
            )
        )
    if variable.type == "text" and variable.tier == "open" and not variable.tier_reason:
        problems.append(Problem(where, f"`{variable.id}` is open text in the open tier.", "Give the reason in `tier_reason`."))
    codes = {category.code for category in variable.categories}
    for name, box in variable.top_box.items():
        if not set(box) <= codes:
            problems.append(Problem(where, f"the top box `{name}` holds a code that is no category.", "Correct the codes."))
    return problems
