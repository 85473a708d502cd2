"""Errors that a person can act on: where it happened, what is wrong, what to do next.

Every refusal of panelpress is one of these classes, carries its facts as attributes, and never carries a cell value or a
person id. The command line prints ``where: what`` and ``todo`` and exits with ``exit_code``; nothing else prints them.
"""

from __future__ import annotations

from typing import Any


class PanelpressError(Exception):
    """Base of all refusals. ``exit_code`` is 1 (the data or the gate said no) unless a subclass says 2 (the call or a
    declaration is wrong)."""

    exit_code = 1

    def __init__(self, where: str, what: str, todo: str) -> None:
        super().__init__(f"{where}: {what} {todo}")
        self.where = where
        self.what = what
        self.todo = todo

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors of another process arrive whole, whatever their subclass asks for when it is made."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[PanelpressError], arguments: tuple[Any, ...], facts: dict[str, Any]) -> PanelpressError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(facts)
    return error


class UsageError(PanelpressError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class DeclarationError(PanelpressError):
    """A declaration (YAML, JSON, CSV) is wrong; ``where`` is ``file:line``."""

    exit_code = 2


class DeliveryError(PanelpressError):
    """A delivered file cannot be read as what it claims to be."""


class IntakeRefused(PanelpressError):
    """A delivery was read, but may not enter the work folder."""


class KeyRefused(PanelpressError):
    """The pseudonym key is missing, unfit, or not the one that earlier releases used."""


class BuildRefused(PanelpressError):
    """Harmonization stopped: a code without a rule, a person twice in a wave, a correction that no longer holds."""


class DisclosureRefused(PanelpressError):
    """No table can be made that keeps the declared keys and protects everyone."""


class GateRefused(PanelpressError):
    """The release gate said no; the findings say why."""


class ReleaseRefused(PanelpressError):
    """A version exists already, is too low for what changed, or cannot be written whole."""
