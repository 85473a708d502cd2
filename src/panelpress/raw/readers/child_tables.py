"""Child tables of a delivery (repeat groups, repeating instruments): finding one by its name, which stands after the platform.

kobo_xlsx:members      redcap_csv:children      redcap_csv:wave_1_arm_1:children
"""

from __future__ import annotations

import re

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawTable

BETWEEN = re.compile(r"^[\s._-]+")


def child_table(file: str, table: RawTable, wanted: str) -> RawTable:
    """The child table of ``table`` called ``wanted``. Raises DeliveryError, naming those that there are."""
    if wanted not in table.children:
        todo = f"Its child tables are: {', '.join(table.children) or 'none'}."
        raise DeliveryError(file, f"has no child table {wanted!r}.", todo)
    return table.children[wanted]


def child_name(main: str, stem: str) -> str:
    """The name of a repeat group from the name of its file, which often begins with that of the main one."""
    return BETWEEN.sub("", stem.removeprefix(main)) or stem
