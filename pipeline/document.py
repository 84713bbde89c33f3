"""What reading a PDF yields, and the chunks that are embedded and quoted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of a page is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    EQUATION = "equation"
    TABLE = "table"
    FIGURE = "figure"
    CAPTION = "caption"
    CODE = "code"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"
    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in per mille of its width and height, origin top left."""

    left: int
    top: int
    right: int
    bottom: int

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, equation...; `order` is its place in the page's reading order, from 0."""

    kind: BlockKind
    text: str
    box: Box
    order: int
    latex: str = ""
    html: str = ""


class PageStatus(StrEnum):
    """How reading a page ended."""

    OK = "ok"
    DEGRADED = "degraded"  # something is missing; `reason` says what
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `number` starts at 1, sizes are PDF points (1/72 inch)."""

    number: int
    width_pt: float
    height_pt: float
    blocks: tuple[Block, ...]
    engine: str
    status: PageStatus = PageStatus.OK
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper's full text as one engine read it. `engine_key` names engine and version."""

    pages: tuple[Page, ...]
    engine_key: str
    seconds: float = 0.0
    cost_usd: float = 0.0

    @property
    def text(self) -> str:
        """All blocks in reading order, a blank line between two, without running headers and footers."""
        furniture = (BlockKind.HEADER, BlockKind.FOOTER)
        return "\n\n".join(block.text for page in self.pages for block in page.blocks if block.kind not in furniture)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a paper: the unit that is embedded, searched and quoted.

    `page` is 0 and `box` None for the abstract, which comes from the metadata. `id` is 0 until stored;
    ids grow with time, so a day's chunks are a range.
    """

    paper_id: str
    version: int
    ordinal: int
    section: str
    page: int
    text: str
    box: Box | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class EmbeddingContract:
    """All that decides what a vector means; vectors of different contracts are never compared."""

    model: str
    revision: str  # SHA-256 of the weights
    dimension: int
    query_prompt: str
    passage_prompt: str
    is_normalised: bool
    chunker: str

    @property
    def key(self) -> str:
        """A short stable name for files and rows."""
        parts = (
            self.model,
            self.revision,
            str(self.dimension),
            self.query_prompt,
            self.passage_prompt,
            str(self.is_normalised),
            self.chunker,
        )
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]
