"""Files given beside a delivery: which of them is the dictionary, the form, the structure file, or another table of it."""

from __future__ import annotations

from panelpress.errors import DeliveryError
from panelpress.raw.readers.peek import Peek, peek_at
from panelpress.raw.readers.source import Source, open_source


def open_companions(source: Source) -> tuple[Peek, ...]:
    """A first look into every companion of ``source``. Raises DeliveryError for those that cannot be read at all."""
    return tuple(peek_at(open_source(path)) for path in source.companions)


def refuse_unused(source: Source, companions: tuple[Peek, ...], used: tuple[Peek, ...], wanted: str) -> None:
    """Raise DeliveryError for a companion that nothing was done with: ignoring it would hide a mistake."""
    for each in companions:
        if not any(each is other for other in used):
            raise DeliveryError(
                each.source.name, f"was given beside {source.name}, but is not {wanted}.", "Leave it out, or give the right file."
            )
