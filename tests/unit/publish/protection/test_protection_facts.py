"""What a run states about protection is what documents and the site read."""

from __future__ import annotations

import duckdb

from panelpress.model.protection import ProtectionResult
from panelpress.publish.protection.protected import Tiers
from panelpress.publish.protection.protection_facts import StudyProtection, least_k, study_protections


def result(study: str, k: int) -> ProtectionResult:
    return ProtectionResult(
        study=study, tier="open", table="t", k=k, max_risk=0.09, class_size=k, smallest_class=k, smallest_joint_class=None,
        diversity=1, spread=(), patterns=(), harmless={}, earlier=(), persons=40, exposed=0, persons_left_out=0, responses=40,
        responses_withheld=0, keys=("gender",), levels={}, variables=(), left_out={}, searches=(), costs=(), refusals=(),
        class_query="SELECT 1",
    )  # fmt: skip


def test_documents_read_the_k_the_keys_and_the_check_of_each_study() -> None:
    stated = Tiers(duckdb.connect(), (result("one", 11), result("two", 5)), None).statement  # type: ignore[arg-type]
    assert study_protections(stated) == (
        StudyProtection("one", 11, ("gender",), "SELECT 1"),
        StudyProtection("two", 5, ("gender",), "SELECT 1"),
    )
    assert least_k(stated) == 5


def test_nothing_stated_is_nothing_said() -> None:
    assert study_protections({}) == () and least_k({}) is None
