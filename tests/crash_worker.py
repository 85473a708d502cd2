"""Publishes the tiny world in a process of its own, so that a test can kill it at any moment.

    python crash_worker.py PROJECT_FOLDER WORK_FOLDER VERSION

Prints ``ready`` before it begins to publish; exits 0 when the release is in place, 1 when it was refused (and says why).
"""

from __future__ import annotations

import sys
from pathlib import Path

from panelpress.errors import PanelpressError
from panelpress.paths import Places
from panelpress.publish.versions.release import publish
from releasing import ORIGIN, made, says_yes


def main(root: str, work: str, version: str) -> int:
    coming = made(version)
    print("ready", flush=True)
    try:
        publish(Places(root=Path(root), work=Path(work)), coming, ORIGIN, says_yes)
    except PanelpressError as refusal:
        print(f"{refusal.where}: {refusal.what}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
