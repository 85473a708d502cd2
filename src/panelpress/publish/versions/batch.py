"""People leave in batches: a version that lacks one person shows, beside the one before, who that was. So a new version waits
until at least k people have left since the last one, and closes their batch when it is put in place.

``withdrawal-batch.json`` in the work folder: ``{"batch": 2}``, absent while the first is open.
"""

from __future__ import annotations

import json

from panelpress.durable import write_whole
from panelpress.errors import ReleaseRefused
from panelpress.paths import Places
from panelpress.raw.suppression import read_suppressed


def pending(places: Places) -> int:
    """People who left since the last release was made without them."""
    listed = read_suppressed(places)
    return sum(each.batch == open_batch(places) for each in listed)


def refuse_small_batch(places: Places, k: int) -> None:
    """Raises ReleaseRefused while people have left, but fewer than ``k``: the next version would show who they are."""
    n = pending(places)
    if 0 < n < k:
        what = f"fewer than {k} people have withdrawn since the last release, and a version without them would show who."
        raise ReleaseRefused("withdrawal", what, "Wait for the batch; until then the versions that held them stay offline.")


def close_batch(places: Places) -> None:
    """The release that is put in place lacks everybody on the list: whoever leaves from now on belongs to the next batch."""
    if pending(places):
        write_whole(places.withdrawal_batch, json.dumps({"batch": open_batch(places) + 1}) + "\n", mode=0o600)


def open_batch(places: Places) -> int:
    """The number of the batch to which whoever leaves now belongs, from 1."""
    if not places.withdrawal_batch.is_file():
        return 1
    return int(json.loads(places.withdrawal_batch.read_text(encoding="utf-8"))["batch"])
