"""Long texts are cut in the middle, so that the items of one battery stay apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from panelpress.raw.shorten import shortened


def test_beginning_and_end_stay() -> None:
    question = "How satisfied are you with the following? [Your work]"
    short = shortened(question, 30)
    assert short.startswith("How satisfied") and short.endswith("[Your work]") and len(short) <= 30
    assert shortened(question, 60) == question


@given(st.text(max_size=200), st.integers(4, 120), st.booleans())
def test_nothing_is_longer_than_asked_for(text: str, longest: int, in_bytes: bool) -> None:
    short = shortened(text, longest, in_bytes)
    assert (len(short.encode()) if in_bytes else len(short)) <= longest
    assert short == text or "…" in short
