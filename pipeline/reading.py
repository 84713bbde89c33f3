"""How far the reading of a paper has come, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.document import Figure


class Stage(StrEnum):
    """The stages whose outcome is kept per paper version."""

    DOWNLOAD = "download"
    READ = "read"
    PAGES = "pages"  # RETRY: pages came that its document does not hold yet
    CHUNK = "chunk"


class OutcomeState(StrEnum):
    """How a stage ended for one paper version."""

    DONE = "done"
    RETRY = "retry"  # failed in a way that may pass; tried again by the next run
    FAILED = "failed"  # failed for good, `reason` says why


@dataclass(frozen=True, slots=True)
class PaperKey:
    """One version of one paper."""

    paper_id: str
    version: int

    def __str__(self) -> str:
        return f"{self.paper_id}v{self.version}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The row that says what became of a paper at a stage. `blob_sha256` names what the stage yielded."""

    key: PaperKey
    stage: Stage
    state: OutcomeState
    at: datetime
    reason: str = ""
    attempts: int = 1
    blob_sha256: str = ""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A read document's entry; its text is the blob.

    `text_layer_sha256` names the document as its text layer alone gave it: the same one where no page was OCR'd.
    """

    key: PaperKey
    engine_key: str
    blob_sha256: str
    pages: int
    degraded_pages: int
    seconds: float
    cost_usd: float = 0.0
    text_layer_sha256: str = ""


@dataclass(frozen=True, slots=True)
class StoredFigure:
    """A figure of a stored document; `image_sha256` is empty until its picture was cut out."""

    key: PaperKey
    ordinal: int
    figure: Figure
    image_sha256: str = ""
