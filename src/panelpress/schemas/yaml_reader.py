"""Reads YAML declarations so that every refusal can name file and line, and no word is silently turned into a boolean.

YAML 1.2: ``no``, ``yes``, ``on`` stay text. Every scalar arrives as text except ``null``/``~``/empty (None),
the words ``true``/``false`` (bool) and plain whole numbers without leading zero (int); decimals stay text, because ``0.10`` as a
code must not become ``0.1``. Duplicate keys are refused. This module knows nothing of what the declarations mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from panelpress.errors import DeclarationError

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


class Mapping(dict[Any, Any]):
    """A YAML mapping that remembers the line of itself and of each key (1-based)."""

    line: int = 0
    lines: dict[Any, int]


class Sequence(list[Any]):
    """A YAML sequence that remembers the line of itself and of each item (1-based)."""

    line: int = 0
    lines: list[int]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its content and the file it came from, for messages relative to the project."""

    content: Any
    file: str

    def where(self, line: int | None = None) -> str:
        return f"{self.file}:{line}" if line else self.file


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    if node.style == ">":
        return text.replace("\a", "")  # ruamel marks the places where it folded lines
    if node.style in ("'", '"', "|"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return text


def _build(node: Node, file: str) -> Any:
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        items = Sequence(_build(child, file) for child in node.value)
        items.line = node.start_mark.line + 1
        items.lines = [child.start_mark.line + 1 for child in node.value]
        return items
    assert isinstance(node, MappingNode), "YAML knows no other kind of node"
    mapping = Mapping()
    mapping.line = node.start_mark.line + 1
    mapping.lines = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise DeclarationError(f"{file}:{line}", "a key is a list or a mapping.", "Write a single word or code as the key.")
        key = _scalar(key_node)
        if key in mapping:
            raise DeclarationError(
                f"{file}:{line}",
                f"the key {key_node.value!r} stands twice in the same block.",
                "Keep one of them; the other would win unseen.",
            )
        mapping[key] = _build(value_node, file)
        mapping.lines[key] = line
    return mapping


def read_documents(path: Path, relative_to: Path | None = None) -> Iterator[Document]:
    """Every document of a YAML file in order. Raises DeclarationError for unreadable or ill-formed YAML."""
    file = str(path.relative_to(relative_to)) if relative_to and path.is_relative_to(relative_to) else path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
        # libyaml only takes the text apart; what a scalar means is decided above, by the core schema of YAML 1.2.
        nodes = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except FileNotFoundError:
        raise DeclarationError(file, "is missing.", "Create it; `panelpress init` writes a draft.") from None
    except UnicodeDecodeError as error:
        raise DeclarationError(file, f"is not UTF-8 (byte {error.start}).", "Save the file as UTF-8.") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(
            f"{file}:{line}", f"is not valid YAML: {error.problem}.", "Check indentation and quotes."
        ) from None
    except YAMLError:
        raise DeclarationError(file, "is not valid YAML.", "Check it for control characters and tabs.") from None
    for node in nodes:
        yield Document(content=_build(node, file) if node is not None else None, file=file)


def read_document(path: Path, relative_to: Path | None = None) -> Document:
    """The only document of a YAML file. Raises DeclarationError where there is none or more than one."""
    documents = list(read_documents(path, relative_to))
    if len(documents) != 1 or documents[0].content is None:
        file = str(path.relative_to(relative_to)) if relative_to and path.is_relative_to(relative_to) else path.name
        raise DeclarationError(file, f"holds {len(documents)} documents.", "Write exactly one declaration into the file.")
    return documents[0]
