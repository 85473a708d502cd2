"""Respondents' answers lie outside the checkout and only their keeper can read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.errors import UsageError
from panelpress.paths import Places
from panelpress.raw.work_folder import prepare_work


def test_the_work_folder_is_made_for_its_owner_only(places: Places) -> None:
    prepare_work(places)
    assert places.work.stat().st_mode & 0o777 == 0o700
    prepare_work(places)


def test_an_empty_folder_is_closed_to_others(places: Places) -> None:
    places.work.mkdir(mode=0o755)
    prepare_work(places)
    assert places.work.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_read_and_that_holds_something_is_left_alone(places: Places) -> None:
    places.work.mkdir()
    places.work.chmod(0o755)
    (places.work / "theirs").touch()
    with pytest.raises(UsageError, match="mode 755"):
        prepare_work(places)
    assert places.work.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("inside", ["work", "a/b", "."])
def test_a_work_folder_in_the_checkout_is_refused(places: Places, inside: str) -> None:
    with pytest.raises(UsageError, match="lies in the checkout"):
        prepare_work(Places(places.root, places.root / inside))


def test_a_link_into_the_checkout_is_refused(places: Places, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(places.root)
    with pytest.raises(UsageError, match="lies in the checkout"):
        prepare_work(Places(places.root, tmp_path / "link" / "work"))


def test_a_work_folder_around_the_checkout_or_a_file_is_refused(places: Places, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds the checkout"):
        prepare_work(Places(places.root, places.root.parent))
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file"):
        prepare_work(Places(places.root, tmp_path / "file"))
