"""Which part of the archive a search looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Exact conditions a chunk's paper must meet; the default meets them all.

    `categories` are alternatives: `cs.IR`, or `cs.*` for a whole archive.
    """

    day: date | None = None
    categories: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return self.day is not None or bool(self.categories)

    def accepts(self, category: str) -> bool:
        """Whether one category is among the wanted ones."""
        archive, _, _ = category.partition(".")
        return category in self.categories or f"{archive}.*" in self.categories
