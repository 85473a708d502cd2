"""Publishes the tiny world in processes of their own, so that a test can kill them at any moment.

    python crash_worker.py PROJECT_FOLDER WORK_FOLDER < versions, one a line

Each version is published by a process forked from this one, which has imported everything already: imports take three seconds, a
release half of one. The process says ``ready PID`` before it begins to publish, or why it was refused; this one says
``ended CODE`` (negative: the signal that killed it).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from panelpress.errors import PanelpressError
from panelpress.paths import Places
from panelpress.publish.versions.release import publish
from releasing import ORIGIN, made, says_yes


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work(places: Places, version: str) -> int:
    coming = made(version)
    say("ready", os.getpid())
    try:
        publish(places, coming, ORIGIN, says_yes)
    except PanelpressError as refusal:
        say(f"{refusal.where}: {refusal.what}")
        return 1
    return 0


def main(root: str, work_folder: str) -> None:
    places = Places(root=Path(root), work=Path(work_folder))
    for line in sys.stdin:
        forked = os.fork()
        if forked == 0:
            code = 99
            try:
                code = work(places, line.strip())
            finally:
                os._exit(code)
        say("ended", os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
