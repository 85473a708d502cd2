"""Holds a declaration against its JSON Schema and says what is wrong in a data manager's words, with file and line.

The schemas in ``spec/`` are the same ones that editors use for completion. What JSON Schema cannot say (references between
files, totality, cycles) is checked by the loader of each declaration and reported through the same ``Problem``.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from panelpress.errors import DeclarationError
from panelpress.schemas.yaml_reader import Document

# Declarations already found well, by schema and content: one run loads them up to six times, a second of CPU each.
_WELL: set[tuple[str, bytes]] = set()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a declaration: where (``file:line``), what, and what to do next."""

    where: str
    what: str
    todo: str


class Refused(DeclarationError):
    """A declaration with ``problems``, of which the message tells the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first, *others = problems
        more = f" ({len(others)} more: `panelpress lint` lists them all.)" if others else ""
        super().__init__(first.where, first.what, first.todo + more)
        self.problems = tuple(problems)


def refuse(problems: Sequence[Problem]) -> None:
    """Raises Refused if there is any of ``problems``."""
    if problems:
        raise Refused(problems)


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of declaration, as a dict."""
    loaded: dict[str, Any] = json.loads(
        (files("panelpress.schemas") / "spec" / f"{name}.schema.json").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def line_of(content: Any, path: Iterable[Any]) -> int | None:
    """The line of the innermost part of ``path`` that can be found in ``content``."""
    line = getattr(content, "line", None)
    for part in path:
        lines = getattr(content, "lines", None)
        if lines is None:
            break
        try:
            line = lines[part]
            content = content[part]
        except (KeyError, IndexError, TypeError):
            break
    return line


def check(document: Document, name: str) -> list[Problem]:
    """Every way in which ``document`` breaks the JSON Schema called ``name``, in the order of the file."""
    plain = _plain(document.content)
    seen = (name, sha256(json.dumps(plain, default=repr).encode()).digest())
    if seen in _WELL:
        return []
    found = []
    # A mistyped key is both unknown and lacking: what is unknown comes first, because it says which key was meant.
    for error in sorted(_leaves(_validator(name).iter_errors(plain)), key=lambda each: each.validator != "additionalProperties"):
        path = [_original_key(document.content, error.absolute_path, depth) for depth in range(len(error.absolute_path))]
        what, todo = _words(error, _named(document.content, path))
        if error.validator == "additionalProperties":
            path = [*path, *(key for key in _unknown(error)[:1])]
        found.append(Problem(document.where(line_of(document.content, path)), what, todo))
    if not found:
        _WELL.add(seen)
    return sorted(dict.fromkeys(found), key=lambda problem: _order(problem.where))


def _named(content: Any, path: Sequence[Any]) -> list[Any]:
    """``path`` with the name of each list item in place of its number, because nobody counts the rows of a long list."""
    named: list[Any] = []
    for part in path:
        is_item = isinstance(content, list)
        content = _step(content, part if is_item else _key(part))
        name = (
            next((content[key] for key in ("id", "name", "code") if key in content), None) if isinstance(content, dict) else None
        )
        named.append(part if not is_item else f"item {part + 1}" if name is None else name)
    return named


def _order(where: str) -> tuple[str, int]:
    file, _, line = where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (where, 0)


def _plain(content: Any) -> Any:
    """``content`` with text keys only, because JSON knows no others; a None key (a blank cell) becomes ``null``."""
    if isinstance(content, dict):
        return {_key(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(item) for item in content]
    return content


def _key(key: Any) -> str:
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)


def _original_key(content: Any, path: Sequence[Any], depth: int) -> Any:
    for part in list(path)[:depth]:
        content = _step(content, part)
    wanted = list(path)[depth]
    if isinstance(content, dict):
        return next((key for key in content if _key(key) == wanted), wanted)
    return wanted


def _step(content: Any, part: Any) -> Any:
    if isinstance(content, dict):
        return next((value for key, value in content.items() if _key(key) == part), None)
    if isinstance(content, list) and isinstance(part, int) and part < len(content):
        return content[part]
    return None


def _leaves(errors: Iterable[ValidationError]) -> Iterable[ValidationError]:
    """The most telling error below each ``anyOf``/``oneOf``: the one that got deepest into the declaration."""
    for error in errors:
        if error.context:
            yield from _leaves([max(error.context, key=lambda each: len(each.absolute_path))])
        else:
            yield error


def _unknown(error: ValidationError) -> list[str]:
    known = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties", {})
    return [key for key in error.instance if key not in known and not patterns]


def _words(error: ValidationError, path: Sequence[Any]) -> tuple[str, str]:
    place = " › ".join(_key(part) for part in path) or "the declaration"
    kind, given, wanted = error.validator, error.instance, error.validator_value
    if kind == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        key = (_unknown(error) or ["?"])[0]
        near = difflib.get_close_matches(key, known, n=1)
        todo = f"Did you mean `{near[0]}`?" if near else f"Keys that it knows: {', '.join(sorted(known))}."
        return f"{place} has the key `{key}`, which the language does not know.", todo
    if kind == "required":
        key = next((name for name in wanted if name not in given), "?")
        about = error.schema.get("properties", {}).get(key, {}).get("description", "")
        return f"{place} lacks `{key}`.", f"Add it{': ' + about if about else '.'}"
    if kind in ("enum", "const"):
        allowed = wanted if isinstance(wanted, list) else [wanted]
        near = difflib.get_close_matches(str(given), [str(each) for each in allowed], n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        return f"{place} is {given!r}.", f"Write one of: {', '.join(map(str, allowed))}.{hint}"
    if kind == "type":
        names = {
            "object": "a block of keys",
            "array": "a list",
            "string": "text",
            "integer": "a whole number",
            "boolean": "true or false",
        }
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"{place} is {_describe(given)}.", f"Write {' or '.join(names.get(str(each), str(each)) for each in kinds)}."
    if kind == "pattern":
        about = error.schema.get("description", f"something that fits {wanted}")
        return f"{place} is {given!r}, which is not of the right form.", f"Write {about}."
    if kind in ("minItems", "minProperties", "minLength"):
        return f"{place} is empty.", "Leave it out or fill it; an empty one would silently mean nothing or everything."
    return f"{place}: {error.message}.", "See the language reference for what may stand here."


def _describe(given: Any) -> str:
    if given is None:
        return "empty"
    if isinstance(given, dict):
        return "a block of keys"
    if isinstance(given, list):
        return "a list"
    return repr(given)
