"""Who withdraws is gone from everything that is kept and served, does not come back, and is not shown by her absence."""

from __future__ import annotations

import csv
import errno
import json
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app
from panelpress.errors import ReleaseRefused, UsageError
from panelpress.paths import Places, places
from panelpress.publish.access.kept import keep
from panelpress.publish.access.offline import remove_folder, take_offline
from panelpress.publish.access.withdraw import withdraw
from panelpress.publish.pipeline import run
from panelpress.publish.versions import ledger, release
from panelpress.publish.versions.batch import pending, refuse_small_batch
from panelpress.publish.versions.identities import identities_file
from panelpress.publish.versions.shelf import folder_of, release_before
from panelpress.raw.registry import read_registry
from panelpress.raw.suppression import read_suppressed
from projects import answers, beside, command, create, deliver, must

GONE = [f"token-{person:03d}-zq" for person in range(12)]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside(monkeypatch, tmp_path)
    return create(tmp_path / "project")


def leave(root: Path, *tokens: str) -> Result:
    return CliRunner().invoke(app, ["withdraw", "--project", str(root)], input="\n".join(tokens) + "\n")


def plan(root: Path, *versions: str) -> None:
    lines = "".join(f"- {{version: {each}, date: 2026-02-01, notes: {{en: Next.}}}}\n" for each in versions)
    path = root / "publish/releases.yaml"
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")


def holding(folder: Path, token: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and token in path.read_bytes()]


def test_every_version_that_holds_the_person_goes_offline_at_once(root: Path) -> None:
    must(root, "run")
    here = places(root)
    assert here.release("0.1.0").is_dir()
    done = leave(root, GONE[0])
    assert done.exit_code == 0, done.output
    assert not here.release("0.1.0").exists()
    stone = json.loads(here.tombstone("0.1.0").read_text(encoding="utf-8"))
    assert stone == {"reason": "consent_withdrawn", "version": "0.1.0", "withdrawn": stone["withdrawn"]}
    last = ledger.read(here)[-1]
    assert (last.kind, last.version) == ("withdrawal", "0.1.0")
    assert command(root, "run", "--release", "0.1.0").exit_code == 1


def test_nothing_that_is_kept_holds_the_person_afterwards(root: Path) -> None:
    must(root, "run")
    here = places(root)
    assert holding(here.deliveries, GONE[0].encode())
    leave(root, GONE[0])
    for folder in (here.root, here.work):
        assert not holding(folder, GONE[0].encode())
    assert not here.secure_database.exists()
    must(root, "intake")
    rows = [path.read_text(encoding="utf-8").count("\n") - 1 for path in sorted(here.waves_work.glob("*.csv"))]
    assert rows == [39, 31]


def test_a_later_delivery_does_not_bring_her_back(root: Path) -> None:
    must(root, "intake")
    leave(root, GONE[0])
    deliver(root, "a", answers("a"), "--replace")
    must(root, "intake")
    here = places(root)
    counts = json.loads((here.waves_work / "intake.json").read_text(encoding="utf-8"))["result"]["waves"]
    assert [each["refused"].get("withdrawn", 0) for each in counts] == [1, 0]
    assert (here.waves_work / "little_a.csv").read_text(encoding="utf-8").count("\n") - 1 == 39


def test_a_new_version_waits_until_k_people_have_left(root: Path) -> None:
    must(root, "run")
    here = places(root)
    leave(root, *GONE[:2])
    plan(root, "0.2.0")
    declared = root / "build/waves.yaml"  # the fieldwork expected forty; twelve of them will be gone
    declared.write_text(declared.read_text(encoding="utf-8").replace(", expected: 40", ""), encoding="utf-8")
    refused = command(root, "run")
    assert refused.exit_code == 1
    assert "fewer than 11 people" in " ".join(refused.output.split())
    assert not here.release("0.2.0").exists()
    leave(root, *GONE[2:])
    assert pending(here) == 12
    done = must(root, "run")
    assert here.release("0.2.0").is_dir(), done.output
    assert pending(here) == 0
    text = (here.release("0.2.0") / "data/csv/little_persons.csv").read_text(encoding="utf-8")
    assert text.count("\n") - 1 == 28
    gone = "SELECT kind, wave, n FROM read_csv(?) WHERE kind LIKE '%gone' OR kind LIKE 'hidden%' ORDER BY kind, wave"
    told = duckdb.execute(gone, [str(here.release("0.2.0") / "data/csv/changes.csv")]).fetchall()
    assert told[-3:] == [("persons_gone", None, 12), ("responses_gone", "a", 12), ("responses_gone", "b", 12)]
    assert told[:-3] and all(kind == "hidden_after_withdrawal" and n >= 11 for kind, _, n in told[:-3])


def test_what_a_version_said_of_those_who_stay_is_kept_and_nothing_of_her(root: Path) -> None:
    must(root, "run")
    here = places(root)
    with identities_file(here, "0.1.0").open(encoding="utf-8") as stream:
        before = {row["released_id"] for row in csv.DictReader(stream)}
    leave(root, GONE[0])
    with identities_file(here, "0.1.0").open(encoding="utf-8") as stream:
        [her] = before - {row["released_id"] for row in csv.DictReader(stream)}
    kept = here.earlier_release("0.1.0")
    assert folder_of(here, "0.1.0") == kept
    counts = json.loads((kept / "withdrawn.json").read_text(encoding="utf-8"))["little"]
    assert (counts[""], counts["a"]) == (1, 1)
    assert not holding(here.work, her.encode())
    query = "SELECT count(DISTINCT person_id) FROM read_parquet(?)"
    assert duckdb.execute(query, [str(kept / "data/parquet/little_responses.parquet")]).fetchall() == [(39,)]


def test_a_release_after_a_withdrawal_needs_what_was_kept(root: Path) -> None:
    must(root, "run")
    here = places(root)
    leave(root, *GONE)
    plan(root, "0.2.0")
    shutil.rmtree(here.earlier_release("0.1.0"))
    refused = command(root, "run")
    assert refused.exit_code == 1
    assert "earlier/0.1.0" in "".join(refused.output.split())


def test_versions_go_offline_at_once_without_a_delivery_a_key_or_a_new_release(root: Path) -> None:
    must(root, "run")
    here = places(root)
    away = here.deliveries.rename(root / "away")
    (root / "raw/demo-key.txt").rename(root / "demo-key.txt")
    refused = command(root, "withdraw", "--release", "0.1.0", "--release", "0.9.0")
    assert refused.exit_code == 2
    assert here.release("0.1.0").is_dir()
    assert "offline: release 0.1.0" in must(root, "withdraw", "--release", "all").output
    assert not here.release("0.1.0").exists()
    assert json.loads(here.tombstone("0.1.0").read_text(encoding="utf-8"))["reason"] == "precaution"
    assert "nothing to do" in must(root, "withdraw", "--release", "all").output
    must(root, "ledger", "verify")
    away.rename(here.deliveries)
    (root / "demo-key.txt").rename(root / "raw/demo-key.txt")
    plan(root, "0.1.1")
    must(root, "run")
    assert here.release("0.1.1").is_dir()


@pytest.mark.slow
def test_in_a_fresh_checkout_too_the_next_release_is_held_against_what_went_offline(root: Path) -> None:
    must(root, "run")
    here = places(root)
    for folder in (here.releases, here.work):
        remove_folder(folder)
    done = leave(root, *GONE)
    assert done.exit_code == 0, done.output
    assert not here.releases.joinpath("0.1.0").exists()
    assert json.loads((here.earlier_release("0.1.0") / "withdrawn.json").read_text(encoding="utf-8"))["little"][""] == 12
    plan(root, "0.2.0")
    declared = root / "build/waves.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace(", expected: 40", ""), encoding="utf-8")
    must(root, "run")
    assert here.release("0.2.0").is_dir()


def test_what_cannot_be_computed_again_keeps_nobody_from_leaving(root: Path) -> None:
    must(root, "run")
    here = places(root)
    for folder in (here.releases, here.work):
        remove_folder(folder)
    variable = root / "build/variables/mood.yaml"
    variable.write_text(variable.read_text(encoding="utf-8").replace("{1: 1, 2: 2,", "{1: 2, 2: 1,", 1), encoding="utf-8")
    done = withdraw(here, GONE)
    assert (done.persons, done.versions, done.lost) == (12, ("0.1.0",), ("0.1.0",))


def test_a_withdrawal_that_was_cut_off_is_finished_by_the_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    must(root, "run")
    here = places(root)
    for step in ("bring_leaving", "remove_withdrawn", "purge", "write_registry"):
        with monkeypatch.context() as patched:
            patched.setattr(f"panelpress.publish.access.withdraw.{step}", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                withdraw(here, GONE[:1])
        assert here.tombstone("0.1.0").is_file(), step
    withdraw(here, GONE[:1])
    for folder in (here.root, here.work):
        assert not holding(folder, GONE[0].encode())
    assert folder_of(here, "0.1.0") == here.earlier_release("0.1.0")
    assert [entry.kind for entry in ledger.read(here)].count("withdrawal") == 1


def killed_before_its_line(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies when the release is in place and its line in the ledger is not."""
    with monkeypatch.context() as patched:
        patched.setattr(release, "_record", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit):
            run(here)


def test_who_leaves_after_a_killed_run_is_not_published_by_the_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = places(root)
    killed_before_its_line(here, monkeypatch)
    assert here.release("0.1.0").is_dir()
    assert withdraw(here, GONE[:1]).versions == ("0.1.0",)
    assert command(root, "run").exit_code == 1
    assert not here.release("0.1.0").exists()
    assert here.tombstone("0.1.0").is_file()
    assert [entry.kind for entry in ledger.read(here)][-2:] == ["release", "withdrawal"]


def test_a_release_that_a_killed_run_left_can_be_taken_offline(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = places(root)
    killed_before_its_line(here, monkeypatch)
    assert take_offline(here, ["0.1.0"]) == ("0.1.0",)
    assert not here.release("0.1.0").exists()


def test_a_killed_run_too_closes_the_batch_that_its_release_lacks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = places(root)
    declared = root / "build/waves.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace(", expected: 40", ""), encoding="utf-8")
    leave(root, *GONE[:11])
    killed_before_its_line(here, monkeypatch)
    must(root, "run")
    assert here.release("0.1.0").is_dir()
    assert pending(here) == 0
    leave(root, GONE[11])
    with pytest.raises(ReleaseRefused, match="fewer than 11"):
        refuse_small_batch(here, 11)


@pytest.mark.slow
def test_a_withdrawal_cut_off_in_a_fresh_checkout_computes_again_what_it_had_announced(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    must(root, "run")
    here = places(root)
    for folder in (here.releases, here.work):
        remove_folder(folder)
    with monkeypatch.context() as patched:
        patched.setattr("panelpress.publish.access.withdraw.bring_leaving", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            withdraw(here, GONE[:1])
    done = withdraw(here, GONE[:1])
    assert (done.versions, done.lost) == ((), ())
    assert folder_of(here, "0.1.0") == here.earlier_release("0.1.0")
    assert not holding(here.work, GONE[0].encode())


@pytest.mark.parametrize(
    ("step", "fault"), [("intake_project", OSError(errno.ENOSPC, "full")), ("_compute_apart", duckdb.Error("full"))]
)
def test_no_fault_of_a_machine_keeps_anybody_from_leaving(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str, fault: Exception
) -> None:
    must(root, "run")
    here = places(root)
    for folder in (here.releases, here.work):
        remove_folder(folder)

    def fails(*_: object) -> None:
        raise fault

    told: list[str] = []
    monkeypatch.setattr(f"panelpress.publish.protection.earlier_releases.{step}", fails)
    done = withdraw(here, GONE[:1], progress=told.append)
    assert (done.persons, done.versions, done.lost) == (1, ("0.1.0",), ("0.1.0",))
    assert not holding(here.deliveries, GONE[0].encode())
    assert type(fault).__name__ in told[-1]


def test_a_kept_copy_outlives_being_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    must(root, "run")
    here = places(root)
    leave(root, GONE[0])
    [entry] = ledger.release_entries(ledger.read(here))
    rename = Path.rename

    def dies(self: Path, target: Path) -> Path:
        return sys.exit("killed") if self.name == ".0.1.0" else rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dies)
        with pytest.raises(SystemExit):
            keep(here, entry, {})
    left = folder_of(here, "0.1.0")
    assert left is not None and (left / "withdrawn.json").is_file()
    assert release_before(here, "0.2.0") == left
    keep(here, entry, {})
    kept = here.earlier_release("0.1.0")
    assert folder_of(here, "0.1.0") == kept
    assert json.loads((kept / "withdrawn.json").read_text(encoding="utf-8"))["little"][""] == 1
    assert not here.earlier_aside("0.1.0").exists()
    assert [each.name for each in kept.parent.iterdir()] == ["0.1.0"]


def test_a_full_disk_does_not_pass_for_taken_offline(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    must(root, "run")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("panelpress.publish.access.offline.write_whole", full)
    with pytest.raises(ReleaseRefused) as refused:
        take_offline(places(root), ["all"])
    assert refused.value.what == "the disk is full."
    assert "still public; stop the site" in refused.value.todo and "nothing was published" not in refused.value.todo


def test_the_list_holds_keyed_digests_and_nothing_else(root: Path) -> None:
    leave(root, *GONE[:3])
    leave(root, GONE[0])
    here = places(root)
    listed = read_suppressed(here)
    assert len(listed) == 3
    assert all(len(each.digest) == 64 for each in listed)
    assert here.suppression_list.stat().st_mode & 0o077 == 0
    assert "token" not in here.suppression_list.read_text(encoding="utf-8")


def test_who_is_in_no_delivery_stops_everything_and_is_not_repeated(root: Path) -> None:
    must(root, "run")
    done = leave(root, "nobody@example.org")
    assert done.exit_code == 2
    assert "nobody@example.org" not in done.output
    assert places(root).release("0.1.0").is_dir()
    assert leave(root).exit_code == 2


def test_lines_that_name_nobody_are_counted_beside_those_that_do(root: Path) -> None:
    here: Places = places(root)
    done = withdraw(here, [GONE[0], "  ", "stranger", GONE[0]])
    assert (done.persons, done.unknown, done.deliveries) == (1, 1, 2)


def test_a_run_twice_changes_nothing_more(root: Path) -> None:
    must(root, "run")
    here = places(root)
    leave(root, GONE[0])
    before = (here.ledger.read_text(encoding="utf-8"), read_registry(here), read_suppressed(here))
    with pytest.raises(UsageError, match="names a person"):
        withdraw(here, [GONE[0]])
    assert (here.ledger.read_text(encoding="utf-8"), read_registry(here), read_suppressed(here)) == before


def test_a_version_whose_private_map_is_lost_goes_offline_too(root: Path) -> None:
    must(root, "run")
    here = places(root)
    for path in here.identities.iterdir():
        path.unlink()
    assert withdraw(here, [GONE[0]]).versions == ("0.1.0",)


def test_a_batch_of_none_or_k_may_be_released(root: Path) -> None:
    here = places(root)
    refuse_small_batch(here, 11)
    withdraw(here, GONE[:3])
    refuse_small_batch(here, 3)
    with pytest.raises(ReleaseRefused, match="fewer than 4"):
        refuse_small_batch(here, 4)


def rotated(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the project exchanged for a new one."""
    must(root, "key", "init", "--to", str(folder / "new.key"))
    must(root, "key", "rotate", str(folder / "new.key"), "--reason", "a laptop was lost")
    monkeypatch.setenv("PANELPRESS_KEY", str(folder / "new.key"))


def test_a_later_delivery_does_not_bring_her_back_under_a_new_key(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    must(root, "intake")
    leave(root, GONE[0])
    rotated(root, tmp_path, monkeypatch)
    leave(root, GONE[1])
    here = places(root)
    assert len({each.key for each in read_suppressed(here)}) == 2
    deliver(root, "a", answers("a"), "--replace")
    must(root, "intake")
    counts = json.loads((here.waves_work / "intake.json").read_text(encoding="utf-8"))["result"]["waves"]
    assert counts[0]["refused"]["withdrawn"] == 2
    sealed = here.former_keys.read_text(encoding="utf-8")
    assert (root / "raw/demo-key.txt").read_text(encoding="ascii").split()[-1] not in sealed


def test_a_lost_former_key_stops_the_intake(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    must(root, "intake")
    leave(root, GONE[0])
    rotated(root, tmp_path, monkeypatch)
    places(root).former_keys.unlink()
    refused = command(root, "intake")
    assert refused.exit_code != 0
    assert "former-keys.jsonl" in refused.output


def test_a_lost_map_of_a_release_made_with_another_key_stops_the_next(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    must(root, "run")
    here = places(root)
    rotated(root, tmp_path, monkeypatch)
    plan(root, "0.2.0")
    identities_file(here, "0.1.0").unlink()
    refused = command(root, "run")
    assert refused.exit_code != 0
    assert "identities/0.1.0-open.csv" in "".join(refused.output.split())
