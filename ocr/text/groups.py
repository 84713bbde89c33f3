"""Lines set as one, and what they are."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.page.lines import Line
from pipeline.document import BlockKind


@dataclass(frozen=True, slots=True)
class Group:
    """A block in the making: it still knows its lines."""

    kind: BlockKind
    lines: tuple[Line, ...]

    @property
    def size(self) -> float:
        """The largest font size in it, points."""
        return max(line.size for line in self.lines)

    @property
    def text(self) -> str:
        """Its lines with spaces between, hyphens not yet undone."""
        return " ".join(line.text for line in self.lines)
