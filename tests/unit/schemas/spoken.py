"""Finds in the source every text that a reader of declarations can say of what is wrong, so that no list of rules is kept by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[3] / "src" / "panelpress" / "schemas"


def _reports() -> dict[str, int]:
    """What reports a mistake, and which argument says what is wrong: the two classes, and functions that hand on their ``what``."""
    found = {"Problem": 1, "DeclarationError": 1}
    for path in SCHEMAS.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            arguments = [each.arg for each in node.args.args] if isinstance(node, ast.FunctionDef) else []
            if "what" in arguments:
                found[node.name] = arguments.index("what")
    return found


REPORTS = _reports()


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """Place and form (a regular expression) of every text that ``path`` says. A text that is handed over by name is followed to
    where it is written; what passes on a message of another reader (``error.what``) is said there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REPORTS:
            for said in _written(node.args[REPORTS[node.func.id]], node, tree, parents):
                yield f"{path.name}:{said.lineno}", _form(said)


def _written(said: ast.expr, at: ast.AST, tree: ast.Module, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.expr]:
    """The texts that the expression ``said`` can be where it stands below ``at``."""
    if isinstance(said, ast.Constant | ast.JoinedStr):
        yield said
    elif isinstance(said, ast.IfExp):
        yield from _written(said.body, at, tree, parents)
        yield from _written(said.orelse, at, tree, parents)
    elif isinstance(said, ast.Attribute):
        assert said.attr == "what", f"line {said.lineno}: {ast.unparse(said)} is no message"
    else:
        assert isinstance(said, ast.Name), f"line {said.lineno}: write {ast.unparse(said)} as a text that can be found"
        function = at
        while not isinstance(function, ast.FunctionDef):
            function = parents[function]
        if function.name in REPORTS:
            return  # its callers say it
        named = list(_named(said.id, function, tree))
        assert named, f"line {said.lineno}: nobody writes what `{said.id}` says"
        for value, place in named:
            yield from _written(value, place, tree, parents)


def _named(name: str, function: ast.FunctionDef, tree: ast.Module) -> Iterator[tuple[ast.expr, ast.AST]]:
    """What ``name`` stands for in ``function``: an assignment, or the first of pairs that another function of
    the module makes (``for what, todo in pairs``)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == [name]:
            yield node.value, node
    if any(isinstance(node, ast.Tuple) and node.elts and ast.unparse(node.elts[0]) == name for node in ast.walk(function)):
        called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
        for maker in tree.body:
            if (
                isinstance(maker, ast.FunctionDef)
                and maker.name in called
                and "tuple[str, str]" in ast.unparse(maker.returns or maker)
            ):
                for node in ast.walk(maker):
                    # a pair of what is wrong, a sentence, and what to do; other pairs hold words alone
                    if (
                        isinstance(node, ast.Tuple)
                        and len(node.elts) == 2
                        and ast.unparse(node.elts[0]).rstrip("'\"").endswith(".")
                    ):
                        yield node.elts[0], node


def _form(said: ast.expr) -> str:
    if isinstance(said, ast.Constant):
        return re.escape(str(said.value))
    assert isinstance(said, ast.JoinedStr)
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in said.values)
