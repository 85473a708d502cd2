"""The public side of a project: declarations, releases and the registry of deliveries, all in the checkout."""

from __future__ import annotations

from pathlib import Path

PROJECT_FILE = "panelpress.yaml"


class Checkout:
    """Where things stand in the checkout. A part of ``Places``, which gives it its two folders."""

    __slots__ = ()
    root: Path
    declared: Path | None

    @property
    def project_file(self) -> Path:
        return self.root / PROJECT_FILE

    @property
    def descriptor(self) -> Path:
        return self.root / "datapackage.json"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def deliveries(self) -> Path:
        return self.raw / "deliveries"

    @property
    def simulator(self) -> Path:
        """The script that writes the deliveries of a simulated project."""
        return self.raw / "simulate.py"

    @property
    def registry(self) -> Path:
        return self.raw / "deliveries.csv"

    @property
    def linkage_file(self) -> Path:
        return self.raw / "linkage.yaml"

    @property
    def schemas(self) -> Path:
        return (self.declared or self.root) / "schemas"

    @property
    def contracts(self) -> Path:
        return self.schemas / "raw"

    @property
    def missing_reasons(self) -> Path:
        return self.schemas / "missing.csv"

    @property
    def build(self) -> Path:
        return (self.declared or self.root) / "build"

    @property
    def variables(self) -> Path:
        return self.build / "variables"

    @property
    def units(self) -> Path:
        return self.build / "units"

    @property
    def codelists(self) -> Path:
        return self.build / "codelists"

    @property
    def waves_file(self) -> Path:
        return self.build / "waves.yaml"

    @property
    def samples_file(self) -> Path:
        return self.build / "samples.yaml"

    @property
    def cleaning_file(self) -> Path:
        return self.build / "cleaning.yaml"

    @property
    def disclosure_file(self) -> Path:
        return self.build / "disclosure.yaml"

    @property
    def validation(self) -> Path:
        return (self.declared or self.root) / "validation"

    @property
    def rules_file(self) -> Path:
        return self.validation / "rules.yaml"

    @property
    def waivers_file(self) -> Path:
        return self.validation / "waivers.yaml"

    @property
    def estimates_file(self) -> Path:
        return self.validation / "estimates.csv"

    @property
    def publish(self) -> Path:
        return (self.declared or self.root) / "publish"

    @property
    def figures(self) -> Path:
        return self.publish / "figures"

    @property
    def aggregates_file(self) -> Path:
        return self.publish / "aggregates.yaml"

    @property
    def errata_file(self) -> Path:
        return self.publish / "errata.yaml"

    @property
    def releases_file(self) -> Path:
        """The chain of releases: versions, days, waves."""
        return self.root / "publish" / "releases.yaml"

    @property
    def terms(self) -> Path:
        """What everybody accepts who is granted the finer tier."""
        return self.publish / "terms.md"

    def tombstone(self, version: str) -> Path:
        """What stays of a version that was withdrawn: reason class and day, no data. Committed."""
        return self.publish / "tombstones" / f"{version}.json"

    @property
    def methodology_file(self) -> Path:
        """What people wrote about method."""
        return self.publish / "methodology.yaml"

    @property
    def data_protection_file(self) -> Path:
        """Who answers for the data and how long each kind is kept."""
        return self.publish / "data-protection.yaml"

    @property
    def notes(self) -> Path:
        return self.publish / "notes"

    @property
    def site(self) -> Path:
        return self.publish / "site"

    @property
    def ledger(self) -> Path:
        return self.root / "publish" / "ledger.jsonl"

    @property
    def hierarchies(self) -> Path:
        """CSV files that say how a code list may be coarsened."""
        return self.build / "hierarchies"

    @property
    def signatures(self) -> Path:
        """Detached signatures of ledger entries, one file an entry."""
        return self.root / "publish" / "signatures"

    @property
    def allowed_signers(self) -> Path:
        """Who may sign: public keys in the format of ssh-keygen."""
        return self.root / "publish" / "allowed_signers"

    @property
    def records(self) -> Path:
        """Catalogue tables that people write by hand (organizations, benchmarks), one CSV each with a Table Schema."""
        return self.publish / "records"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    def release(self, version: str) -> Path:
        return self.releases / version

    @property
    def earlier_declarations(self) -> Path:
        """Declarations as they stood for earlier releases, put together anew whenever one is built."""
        return self.root / "releases" / ".declarations"

    @property
    def staging(self) -> Path:
        """Beside the releases, so that the final rename stays on one file system."""
        return self.root / "releases" / ".staging"
