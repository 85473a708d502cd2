"""Every malformed input is refused with an error of its own, which says where and what to do and repeats no cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from malformed import CORPUS, Malformed

from panelpress.errors import DeliveryError
from panelpress.raw.readers import read_delivery


def refusal(case: Malformed, folder: Path) -> DeliveryError:
    path = case.make(folder)
    companions = [make(folder) for make in case.beside]
    with pytest.raises(DeliveryError) as caught:
        read_delivery(path, case.platform, companions=companions, **case.options)
    return caught.value


@pytest.mark.parametrize("name", CORPUS)
def test_a_malformed_input_is_refused_with_a_clear_error(name: str, tmp_path: Path) -> None:
    case = CORPUS[name]
    error = refusal(case, tmp_path)
    assert case.says in str(error)
    assert error.todo.endswith(".") and error.what[-1] in ".)"
    assert "SECRET" not in str(error)
    if case.line is not None:
        assert re.search(rf":{case.line}$", error.where), error.where


def test_the_corpus_holds_at_least_sixty_inputs_and_no_two_share_an_error(tmp_path: Path) -> None:
    seen: dict[str, str] = {}
    for name, case in CORPUS.items():
        folder = tmp_path / re.sub(r"\W", "_", name)
        folder.mkdir()
        error = refusal(case, folder)
        told = f"{error.where.replace(folder.name, '')}: {error.what} {error.todo}"
        assert told not in seen, f"{name} and {seen[told]} give the same error: {told}"
        seen[told] = name
    assert len(seen) >= 60
