"""No reader of the language can say anything that no broken declaration shows: messages are found in the source, not listed by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from broken_declarations import MUTATIONS as DECLARATIONS
from broken_variables import MUTATIONS as VARIABLES

SCHEMAS = Path(__file__).resolve().parents[3] / "src" / "panelpress" / "schemas"
# What reads a variable, its waves, maps, expressions and code lists, and the declarations that the build reads beside them.
READERS = (
    "checker",
    "cleaning",
    "codelists",
    "contracts",
    "crosswalk",
    "crosswalk_checks",
    "declarations",
    "expressions",
    "map_lists",
    "missing",
    "multi_reader",
    "project",
    "rule_reader",
    "variable_reader",
    "waves",
    "yaml_reader",
)
SAID = [mutation[5] for mutation in (*VARIABLES, *DECLARATIONS)]


def messages(module: str) -> Iterator[tuple[str, str]]:
    """Place and form (a regular expression) of every text that a Problem or DeclarationError of ``module`` says of what is wrong."""
    path = SCHEMAS / f"{module}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Problem", "DeclarationError"):
            for form in _forms(node.args[1]):
                yield f"{module}.py:{node.lineno}", form
        # The checker words what JSON Schema found as pairs (what is wrong, what to do).
        if module == "checker" and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            for form in _forms(node.value.elts[0]):
                yield f"{module}.py:{node.lineno}", form


def _forms(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _forms(node.body)
        yield from _forms(node.orelse)


def test_every_message_of_the_readers_is_shown_by_a_broken_declaration() -> None:
    known = [(place, form) for module in READERS for place, form in messages(module)]
    assert len(known) > 100
    silent = [f"{place}: {form}" for place, form in known if not any(re.fullmatch(form, said, re.S) for said in SAID)]
    assert silent == []


def test_no_broken_declaration_waits_for_a_message_that_nobody_says() -> None:
    forms = [form for module in READERS for _, form in messages(module)]
    assert [said for said in SAID if not any(re.fullmatch(form, said, re.S) for form in forms)] == []
