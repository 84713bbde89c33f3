"""The papers of people who are followed by a number instead of a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AuthorPapers:
    """What the source lists under an author: their name as it prints it, and paper ids."""

    name: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorFetch:
    """What is known of an author id. An empty `name` with no papers: nobody has it."""

    author: str
    name: str
    papers: int
    fetched_at: datetime


class AuthorSource(Protocol):
    """Whoever knows which papers are by a person."""

    def papers_of(self, author_id: str) -> AuthorPapers:
        """All papers of an author. Raises NotFoundError where nobody has this id, else SourceError."""
        ...
