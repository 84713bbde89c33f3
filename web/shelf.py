"""A paper with what is kept of its newest version."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import NotFoundError, UsageError
from pipeline.illustrations import pdf_of
from pipeline.paper import ArxivId, Paper
from pipeline.reading import Outcome, PaperKey, StoredDocument, StoredFigure
from pipeline.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Kept:
    """The paper, and of its newest version: its document, figures, outcomes, and its PDF's blob.

    `document` is None, `figures` are none and `pdf_sha256` is empty where the newest version has none: what was read
    of an older one is not shown.
    """

    paper: Paper
    key: PaperKey
    document: StoredDocument | None
    figures: tuple[StoredFigure, ...]
    outcomes: tuple[Outcome, ...]
    pdf_sha256: str


def take_down(work: UnitOfWork, paper_id: str) -> Kept:
    """A paper from the store. Raises NotFoundError."""
    if (paper := work.papers.get([paper_id]).get(paper_id)) is None:
        raise NotFoundError(f"the paper {paper_id} is not among those read here; arXiv may have it")
    key = PaperKey(paper_id, paper.latest_version)
    outcomes = tuple(work.reading.outcomes_of([paper_id]))
    figures = work.figures.of([paper_id]).get(paper_id, ())
    return Kept(
        paper,
        key,
        work.reading.documents_of([paper_id]).get(key),
        tuple(one for one in figures if one.key == key),
        outcomes,
        pdf_of(key, outcomes),
    )


def identifier(text: str) -> str:
    """The bare arXiv identifier in an address. Raises NotFoundError for what is none."""
    try:
        return ArxivId.parse(text).id
    except UsageError as error:
        raise NotFoundError(error.message) from None
