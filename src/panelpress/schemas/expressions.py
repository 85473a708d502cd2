"""The expressions of the crosswalk language: parsed with sqlglot, held against an allow-list, rendered to the portable core.

Two scopes share one grammar. *Raw* expressions (``universe``, ``filter``, cleaning) are over raw columns, which are text;
*harmonized* ones (``expr``, samples, panel rules) are over variables. There are no sub-queries, no casts to anything but what
the engine adds itself, no file or system functions, no other SQL.

Panel functions (harmonized only): ``n_waves()``, ``in_wave('w1')``, ``first_wave()``, ``previous(x)``, ``at_wave(x, 'w1')``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from panelpress.schemas.checker import Problem

PANEL_FUNCTIONS: dict[str, int] = {"n_waves": 0, "in_wave": 1, "first_wave": 0, "previous": 1, "at_wave": 2}
Scope = Literal["raw", "harmonized"]

_LOGICAL = (exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Is)
_ALLOWED: tuple[type[exp.Expression], ...] = (
    *_LOGICAL,
    exp.Paren,
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Neg,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Abs,
    exp.Least,
    exp.Greatest,
    exp.Round,
    exp.Year,
    exp.Month,
    exp.Tuple,
)
PANEL_FORMS = "n_waves() in_wave('wave') first_wave() previous(variable) at_wave(variable, 'wave')"
ALLOWED_WORDS = (
    "AND OR NOT = <> < <= > >= IN BETWEEN IS NULL + - * / CASE WHEN THEN ELSE END COALESCE ABS LEAST GREATEST ROUND YEAR MONTH "
    + PANEL_FORMS
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. ``names`` are the columns or variables it reads, ``panel`` those it reads in other waves of the
    person; ``uses_panel`` says that it looks at more than its own row."""

    text: str
    scope: Scope
    names: tuple[str, ...]
    panel_names: tuple[str, ...]
    waves: tuple[str, ...]
    uses_panel: bool
    is_logical: bool
    tree: exp.Expression


def parse(text: str, scope: Scope, where: str, known: Collection[str] | None = None) -> Expression | Problem:
    """The checked expression, or the Problem that stops it. ``known`` are the names that it may read (None: any)."""
    parsed = _parsed(text, scope)
    if isinstance(parsed, Problem):
        return Problem(where, parsed.what, parsed.todo)
    if known is not None:
        unknown = [name for name in (*parsed.names, *parsed.panel_names) if name not in known]
        if unknown:
            what = "raw column listed beside it" if scope == "raw" else "variable of this study"
            todo = "Correct the name, or list it in `source` (cleaning: `columns`)." if scope == "raw" else "Correct the name."
            return Problem(where, f"`{text}` reads `{unknown[0]}`, which is no {what}.", todo)
    return parsed


@lru_cache(maxsize=4096)
def _parsed(text: str, scope: Scope) -> Expression | Problem:
    """The same few hundred texts are asked for again at every step of a build; sqlglot takes some 3 ms for each."""
    where = ""
    try:
        tree = sqlglot.parse_one(f"SELECT {text}", dialect="duckdb")
    except SqlglotError:
        return Problem(where, f"the expression `{text}` cannot be read.", "Check brackets, quotes and commas.")
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or set(_given(tree)) - {"expressions", "kind"}:
        return Problem(
            where, f"`{text}` is more than one expression.", "Write a single condition or value; no SELECT, FROM or WHERE."
        )
    root = tree.expressions[0]
    return _walk(text, root, scope, where)


def _given(tree: exp.Expression) -> list[str]:
    return [name for name, value in tree.args.items() if value not in (None, [], False)]


def _walk(text: str, root: exp.Expression, scope: Scope, where: str) -> Expression | Problem:
    names: dict[str, None] = {}
    panel: dict[str, None] = {}
    waves: dict[str, None] = {}
    uses_panel = False
    for node in root.walk():
        if isinstance(node, exp.Anonymous):
            problem = _panel_call(node, scope, where, text)
            if problem:
                return problem
            uses_panel = True
            for argument in node.expressions:
                if isinstance(argument, exp.Column):
                    panel[argument.name] = None
                elif isinstance(argument, exp.Literal):
                    waves[argument.name] = None
            continue
        if not isinstance(node, _ALLOWED) or (isinstance(node, exp.In) and node.args.get("query")):
            word = "a sub-query" if isinstance(node, exp.In | exp.Query) else node.key.upper()
            return Problem(where, f"`{text}` uses {word}, which the language does not allow.", f"Write it with: {ALLOWED_WORDS}.")
        if isinstance(node, exp.Column):
            if node.table:
                return Problem(where, f"`{text}` names a table.", "Write the bare name; every name is a column of the same row.")
            names[node.name] = None
    own = tuple(name for name in names if name not in panel or _outside_panel(root, name))
    return Expression(text, scope, own, tuple(panel), tuple(waves), uses_panel, _is_logical(root), root)


def _panel_call(node: exp.Anonymous, scope: Scope, where: str, text: str) -> Problem | None:
    name = str(node.this).lower()
    if name not in PANEL_FUNCTIONS:
        return Problem(where, f"`{text}` calls {name}(), which the language does not know.", f"Write it with: {ALLOWED_WORDS}.")
    if scope == "raw":
        return Problem(where, f"`{text}` looks at other waves.", "Raw columns know their own row only; use it in `expr`.")
    arguments = node.expressions
    if len(arguments) != PANEL_FUNCTIONS[name]:
        return Problem(
            where,
            f"{name}() takes {PANEL_FUNCTIONS[name]} argument(s), not {len(arguments)}.",
            f"Write it as one of: {PANEL_FORMS}.",
        )
    wants_column = name in ("previous", "at_wave")
    wants_wave = name in ("in_wave", "at_wave")
    if wants_column and not isinstance(arguments[0], exp.Column):
        return Problem(
            where,
            f"{name}() wants a variable first.",
            f"Write {name}(variable{', ' + chr(39) + 'w1' + chr(39) if wants_wave else ''}).",
        )
    if wants_wave and not (isinstance(arguments[-1], exp.Literal) and arguments[-1].is_string):
        return Problem(where, f"{name}() wants the wave in quotes.", f"Write {name}({'variable, ' if wants_column else ''}'w1').")
    return None


def _outside_panel(root: exp.Expression, name: str) -> bool:
    return any(column.name == name and not isinstance(column.parent, exp.Anonymous) for column in root.find_all(exp.Column))


def _is_logical(node: exp.Expression) -> bool:
    if isinstance(node, exp.Paren):
        return _is_logical(node.this)
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() == "in_wave"
    return isinstance(node, (*_LOGICAL, exp.Boolean))


def render(
    expression: Expression,
    column: Callable[[str], str],
    panel: Callable[[str, tuple[str, ...]], str] | None = None,
    dialect: str = "duckdb",
) -> str:
    """SQL of ``expression``, each name replaced by ``column(name)`` and each panel call by ``panel(function, arguments)``.

    In raw scope numbers compared for equality become text (``abroad = 1`` reads the code ``1``), and order comparisons read the
    column as DECIMAL, which every engine casts alike; casting text straight to integers does not travel (Spark truncates).
    Division by zero is NULL.
    """
    tree = expression.tree.copy()
    holder = exp.Paren(this=tree)
    for node in list(holder.walk()):
        if isinstance(node, exp.Div):
            node.set("expression", exp.Nullif(this=node.expression, expression=exp.Literal.number(0)))
    if expression.scope == "raw":
        _as_text(holder)
    for node in list(holder.find_all(exp.Anonymous)):
        assert panel is not None, "the caller must render panel functions"
        arguments = tuple(argument.name for argument in node.expressions)
        node.replace(sqlglot.parse_one(panel(str(node.this).lower(), arguments), dialect=dialect))
    for node in list(holder.find_all(exp.Column)):
        if not node.meta.get("done") and not node.find_ancestor(exp.Window):
            replacement = sqlglot.parse_one(column(node.name), dialect=dialect)
            for inner in replacement.find_all(exp.Column):
                inner.meta["done"] = True
            node.replace(replacement)
    return str(holder.this.sql(dialect=dialect))


def _as_text(holder: exp.Expression) -> None:
    for node in list(holder.walk()):
        if isinstance(node, exp.EQ | exp.NEQ | exp.In):
            for literal in list(node.find_all(exp.Literal)):
                if not literal.is_string and literal.parent in (node, *(node.find_all(exp.Tuple)), *(node.find_all(exp.Neg))):
                    parent = literal.parent
                    if isinstance(parent, exp.Neg):
                        parent.replace(exp.Literal.string("-" + literal.name))
                    else:
                        literal.replace(exp.Literal.string(literal.name))
        elif isinstance(node, exp.GT | exp.GTE | exp.LT | exp.LTE | exp.Between | exp.Add | exp.Sub | exp.Mul | exp.Div):
            for column in list(node.find_all(exp.Column)):
                if not isinstance(column.parent, exp.TryCast):
                    column.replace(exp.TryCast(this=column.copy(), to=exp.DataType.build("DECIMAL(38, 6)")))
