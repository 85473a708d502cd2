"""The private side of a project: everything computed from respondents, in the work folder outside the checkout, mode 0700."""

from __future__ import annotations

from pathlib import Path


class WorkFolder:
    """Where things stand in the work folder. A part of ``Places``, which gives it the folder."""

    __slots__ = ()
    work: Path
    apart: str | None

    @property
    def builds_apart(self) -> Path:
        """Harmonized databases of earlier releases while these are computed again."""
        return self.work / "apart"

    @property
    def _build_folder(self) -> Path:
        return self.builds_apart / self.apart if self.apart else self.work

    @property
    def waves_work(self) -> Path:
        return self.work / "waves"

    def wave_file(self, study: str, wave: str) -> Path:
        return self.waves_work / f"{study}_{wave}.csv"

    @property
    def secure_database(self) -> Path:
        return self._build_folder / "secure.duckdb"

    @property
    def site_cache(self) -> Path:
        """Copies of released databases with search beside the rows: nothing in them is secret, all can be made anew."""
        return self.work / "site"

    @property
    def spill(self) -> Path:
        return self._build_folder / "spill"

    @property
    def failures(self) -> Path:
        return self.work / "failures"

    @property
    def corrections(self) -> Path:
        return self.work / "corrections"

    @property
    def reports(self) -> Path:
        return self.work / "reports"

    @property
    def map_review(self) -> Path:
        """The maintainers' page of value maps with counts."""
        return self.reports / "maps.html"

    def gate_reports(self, version: str) -> Path:
        """Where the gate's report on a planned release goes."""
        return self.reports / "gate" / version

    @property
    def identities(self) -> Path:
        """Private maps from release ids to secure ids, one a release and tier."""
        return self.work / "identities"

    @property
    def scientific_use(self) -> Path:
        return self.work / "scientific-use"

    @property
    def ledger_head(self) -> Path:
        """The last entry of the ledger that was written on this machine: lines cut off at its end are noticed by it."""
        return self.work / "ledger-head.json"

    @property
    def pending(self) -> Path:
        """The release that is being put in place, so that a run killed between its last two steps is completed by the next."""
        return self.work / "pending-release.json"

    def inputs_of(self, version: str) -> Path:
        """Digest of the declarations and deliveries that a release was made from."""
        return self.work / f"inputs-{version}.sha256"

    def earlier_release(self, version: str) -> Path:
        """The open tables of an earlier release that is not in ``releases/`` here."""
        return self.work / "earlier" / version

    def earlier_aside(self, version: str) -> Path:
        """The copy before, while ``earlier_release`` is replaced; all that is left of it where that was cut off."""
        return self.work / "earlier-aside" / version

    @property
    def suppression_list(self) -> Path:
        return self.work / "withdrawn.jsonl"

    @property
    def former_keys(self) -> Path:
        """Keys of the project before its present one, sealed under it."""
        return self.work / "former-keys.jsonl"

    @property
    def grants(self) -> Path:
        """Encrypted bundles of the finer tier, one a grant."""
        return self.work / "grants"

    @property
    def grants_ledger(self) -> Path:
        """Who was granted which copy, until when."""
        return self.work / "grants.jsonl"

    @property
    def withdrawal_batch(self) -> Path:
        """Which batch of withdrawals the next release will leave out."""
        return self.work / "withdrawal-batch.json"
