"""A key is 32 random bytes outside the checkout, and a public one serves simulated respondents only."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from panelpress.errors import KeyRefused
from panelpress.model.project import Licence, ProjectFacts
from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.raw.key import PseudonymKey, decode_key, new_key, read_key, write_key
from panelpress.raw.project_key import ledger_fingerprint, project_key, read_demo_key

PASSPHRASE = "correct horse battery staple 123"  # 32 characters, as a key has bytes


def facts(simulated: bool = False, demo_key: str | None = None) -> ProjectFacts:
    text = LocalText({"en": "Tiny"})
    licence = Licence("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    return ProjectFacts("tiny", text, text, simulated, ("en",), licence, (), demo_key=demo_key)


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_new_key_reads_back_and_only_its_owner_may_read_it(places: Places, tmp_path: Path) -> None:
    key = new_key()
    write_key(key, tmp_path / "config" / "k", places.root)
    assert (tmp_path / "config" / "k").stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path / "config" / "k", places.root) == key


def test_a_key_may_be_written_in_base64() -> None:
    key = new_key()
    assert decode_key(base64.b64encode(key.secret).decode() + "\n", "k") == key


def test_a_key_is_never_overwritten(places: Places, tmp_path: Path) -> None:
    write_key(new_key(), tmp_path / "k", places.root)
    with pytest.raises(KeyRefused, match="already"):
        write_key(new_key(), tmp_path / "k", places.root)


@pytest.mark.parametrize(
    "text",
    [
        PASSPHRASE,
        base64.b64encode(PASSPHRASE.encode()).decode(),
        PASSPHRASE.encode().hex(),
        "00" * 32,
        bytes(range(32)).hex(),
        "deadbeef" * 8,
        "ab" * 31,
        base64.b64encode(os.urandom(16)).decode(),
        "",
        "ключ",
    ],
)
def test_a_passphrase_a_pattern_or_another_length_is_no_key(text: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        decode_key(text, "k")
    assert text == "" or text not in str(refused.value)


def test_random_keys_are_never_taken_for_chosen_ones() -> None:
    for _ in range(2000):
        assert decode_key(new_key().secret.hex(), "k")
        assert decode_key(new_key(demo=True).secret.hex(), "k").is_demo


def test_a_private_key_inside_the_checkout_is_refused(places: Places) -> None:
    path = private(places.root / "k", new_key().secret.hex())
    with pytest.raises(KeyRefused, match="inside the checkout"):
        read_key(path, places.root)
    with pytest.raises(KeyRefused, match="inside the checkout"):
        write_key(new_key(), places.root / "k2", places.root)


def test_a_link_that_leads_into_the_checkout_is_refused(places: Places, tmp_path: Path) -> None:
    private(places.root / "k", new_key().secret.hex())
    (tmp_path / "link").symlink_to(places.root / "k")
    with pytest.raises(KeyRefused, match="inside the checkout"):
        read_key(tmp_path / "link", places.root)


def test_a_key_that_others_may_read_is_refused(places: Places, tmp_path: Path) -> None:
    path = private(tmp_path / "k", new_key().secret.hex())
    path.chmod(0o640)
    with pytest.raises(KeyRefused, match="mode 640"):
        read_key(path, places.root)


def test_the_fingerprint_is_not_a_hash_of_the_key_and_the_key_never_shows() -> None:
    import hashlib

    key = new_key()
    assert not hashlib.sha256(key.secret).hexdigest().startswith(key.fingerprint)
    assert key.fingerprint == PseudonymKey(key.secret).fingerprint != new_key().fingerprint
    assert key.secret.hex() not in repr(key) and str(key.secret) not in repr(key)


def test_a_simulated_project_works_with_its_demo_key(places: Places) -> None:
    demo = new_key(demo=True)
    (places.root / "demo.key").write_text(demo.secret.hex())
    assert project_key(places, facts(simulated=True, demo_key="demo.key")) == demo


def test_a_demo_key_is_refused_for_real_respondents_under_any_name(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = new_key(demo=True)
    (places.root / "demo.key").write_text(demo.secret.hex())
    with pytest.raises(KeyRefused, match="simulated"):
        project_key(places, facts(demo_key="demo.key"))
    monkeypatch.setenv("PANELPRESS_KEY", str(private(tmp_path / "mine", demo.secret.hex())))
    with pytest.raises(KeyRefused, match="public demo key"):
        project_key(places, facts())


def test_a_demo_key_must_carry_the_mark_and_lie_in_the_checkout(places: Places, tmp_path: Path) -> None:
    (places.root / "demo.key").write_text(new_key().secret.hex())
    with pytest.raises(KeyRefused, match="private key inside"):
        read_demo_key(places.root, "demo.key")
    with pytest.raises(KeyRefused, match="must lie in the checkout"):
        read_demo_key(places.root, "../demo.key")
    with pytest.raises(KeyRefused, match="cannot be read"):
        read_demo_key(places.root, "absent.key")


def test_without_a_key_the_build_says_how_to_make_one(places: Places) -> None:
    with pytest.raises(KeyRefused, match="panelpress key init"):
        project_key(places, facts())


def test_another_key_than_the_ledgers_stops_the_build(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key()
    monkeypatch.setenv("PANELPRESS_KEY", str(private(tmp_path / "k", key.secret.hex())))
    places.ledger.write_text(
        f'{{"version": "0.0.1", "key_fingerprint": "old"}}\n\n{{"version": "0.0.2", "key_fingerprint": "{key.fingerprint}"}}\n'
    )
    assert project_key(places, facts()) == key
    places.ledger.write_text('{"version": "0.0.1", "key_fingerprint": "0f"}\n{"event": "note"}\n')
    assert ledger_fingerprint(places.ledger) == "0f"
    with pytest.raises(KeyRefused, match="not the 0f of the last release"):
        project_key(places, facts())


def test_a_ledger_that_cannot_be_read_stops_the_build(places: Places) -> None:
    places.ledger.write_text('{"key_fingerprint": \n')
    with pytest.raises(KeyRefused, match=r"ledger\.jsonl:1"):
        ledger_fingerprint(places.ledger)
