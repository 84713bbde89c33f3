"""Where an installation keeps its state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """Where state lives."""

    root: Path

    @property
    def blobs(self) -> Path:
        """PDFs, documents and mails by content."""
        return self.root / "blobs"

    @property
    def vectors(self) -> Path:
        """The shards, from which every index can be rebuilt."""
        return self.root / "vectors"

    @property
    def index(self) -> Path:
        """The generations of the search index."""
        return self.root / "index"

    @property
    def models(self) -> Path:
        """Where the embedding models of the vectors were found."""
        return self.root / "models.json"

    @property
    def trained(self) -> Path:
        """The models that were trained here."""
        return self.root / "models"

    @property
    def outbox(self) -> Path:
        """Where digests are written as files."""
        return self.root / "outbox"

    @property
    def lock(self) -> Path:
        """Held by the one process that runs a day."""
        return self.root / "run.lock"
