"""What reading a PDF yields, and the chunks that are embedded and quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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


class Engine(StrEnum):
    """Who can read a page."""

    TEXT_LAYER = "text_layer"  # what the PDF carries itself
    LAYOUT = "layout"  # the same lines, sorted by the boxes a layout model sees
    RAPIDOCR = "rapidocr"  # OCR on the CPU
    SURYA = "surya"  # OCR with mathematics and tables, on a GPU at home or rented


@dataclass(frozen=True, slots=True)
class Gauge:
    """What the gate measured on a page's text layer; shares lie between 0 and 1."""

    characters: int
    junk_share: float  # of the characters, those without a meaning
    image_cover: float  # of the page's area, what its largest image covers
    math_share: float  # of the characters, those set in mathematics
    table_share: float  # of the characters, those in tables


@dataclass(frozen=True, slots=True)
class Usage:
    """What reading took: wall and processor seconds here, tokens and dollars elsewhere."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost_usd + other.cost_usd,
        )


NO_USAGE = Usage()


class PageStatus(StrEnum):
    """How reading a page ended."""

    OK = "ok"
    DEGRADED = "degraded"  # something is missing; `reason` says what
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `number` starts at 1, sizes are PDF points (1/72 inch).

    `route` says why this engine read it. `gauge` is None where there was no text layer to measure.
    """

    number: int
    width_pt: float
    height_pt: float
    blocks: tuple[Block, ...]
    engine: str
    status: PageStatus = PageStatus.OK
    reason: str = ""
    route: str = ""
    gauge: Gauge | None = None
    usage: Usage = NO_USAGE


class FigureKind(StrEnum):
    """What a float is."""

    FIGURE = "figure"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or table with its caption; `box` is the picture alone, or caption and all where that is not known.

    `label` is what the text calls it ("Figure 3"); both it and `caption` (which holds it) may be empty.
    """

    kind: FigureKind
    label: str
    caption: str
    page: int
    box: Box


_FEWEST_TEASER_WORDS = 5  # of its caption, its label not counted
_TEASER_WIDTHS = (150, 1000)  # per mille of the page: smaller is a logo
_TEASER_HEIGHTS = (50, 850)  # smaller is a rule or a lone caption, larger the page itself


def teaser_index(figures: Sequence[Figure]) -> int | None:
    """Which figure stands for its paper: the first picture of a fair size with a caption that says something."""
    return next((index for index, figure in enumerate(figures) if _is_teaser(figure)), None)


def _is_teaser(figure: Figure) -> bool:
    width, height = figure.box.right - figure.box.left, figure.box.bottom - figure.box.top
    words = len(figure.caption.removeprefix(figure.label).split())
    has_fair_size = (
        _TEASER_WIDTHS[0] <= width <= _TEASER_WIDTHS[1] and _TEASER_HEIGHTS[0] <= height <= _TEASER_HEIGHTS[1]
    )
    return figure.kind is FigureKind.FIGURE and words >= _FEWEST_TEASER_WORDS and has_fair_size


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the bibliography: as printed in `text`, and the fields found in it; what was not found is empty.

    `label` is how the text cites it: "12" of numbered lists, "Knuth84" of alphabetic ones, empty for author-year.
    `arxiv_id` has no version; `doi` is in lower case.
    """

    text: str
    page: int
    box: Box
    label: str = ""
    authors: tuple[str, ...] = ()  # "family, given" or as printed
    title: str = ""
    year: int | None = None
    venue: str = ""
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the text that cites: characters `start` to `end` of a block's text, and whom, by index."""

    page: int
    order: int  # of the block on its page
    start: int
    end: int
    references: tuple[int, ...]  # indexes into `Document.references`


@dataclass(frozen=True, slots=True)
class Document:
    """A paper's full text; `engine_key` names engine and version that read its text layer, pages name their own."""

    pages: tuple[Page, ...]
    engine_key: str
    seconds: float = 0.0
    cost_usd: float = 0.0
    figures: tuple[Figure, ...] = ()
    references: tuple[Reference, ...] = ()
    citations: tuple[Citation, ...] = ()

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
