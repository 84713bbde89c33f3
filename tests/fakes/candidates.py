"""Papers as ranking sees them: with chunks, and vectors of the fake encoder."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document import Box, Chunk
from pipeline.paper import Paper
from pipeline.ports import Candidate, Encoder
from tests.fakes.encoder import HashedEncoder
from tests.fakes.papers import make_paper


def make_candidate(
    paper_id: str,
    *texts: str,
    title: str = "",
    authors: Sequence[str] = ("Ada Lind", "Bo Okafor"),
    encoder: Encoder | None = None,
) -> Candidate:
    """A paper whose abstract is the first text; the others are its body, text n in section "n Part n" on page n."""
    paper: Paper = make_paper(paper_id, title=title or f"Paper {paper_id}", authors=tuple(authors))
    chunks = tuple(
        Chunk(paper_id, 1, number, f"{number} Part {number}", number, text, Box(100, 100, 900, 200), id=number + 1)
        if number
        else Chunk(paper_id, 1, 0, "Abstract", 0, text, id=1)
        for number, text in enumerate(texts)
    )
    return Candidate(paper, chunks, (encoder or HashedEncoder()).encode_passages(texts))
