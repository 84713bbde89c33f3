"""References as a document's bibliography holds them."""

from __future__ import annotations

from pipeline.document import Box, Reference
from pipeline.reading import PaperKey, StoredDocument
from pipeline.store import Store
from tests.fakes.papers import make_paper
from tests.fakes.stored import DAY

_BOX = Box(0, 0, 1000, 1000)


def cite(title: str = "", *, arxiv_id: str = "", doi: str = "", year: int | None = 2020) -> Reference:
    """An entry with these fields."""
    return Reference(title or arxiv_id or doi, 1, _BOX, title=title, year=year, arxiv_id=arxiv_id, doi=doi)


def store_citing(store: Store, paper_id: str, *cited: Reference, title: str = "", doi: str = "") -> None:
    """Stores a paper that was read and cites these."""
    with store.begin() as work:
        work.papers.save([make_paper(paper_id, doi=doi, **({"title": title} if title else {}))], DAY)
        work.reading.save_document(StoredDocument(PaperKey(paper_id, 1), "text_layer/1", "a" * 64, 2, 0, 0.1, 0.0))
        work.figures.replace(PaperKey(paper_id, 1), (), cited)
