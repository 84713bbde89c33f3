"""What the stages of a day need from outside, named by role.

The stages in `pipeline.stages` are plain functions over these; `flows.wiring` chooses who fills them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.digest import Issue, Ranked
from pipeline.document import Box, Chunk, Document, EmbeddingContract, Page
from pipeline.errors import ReadError
from pipeline.page_work import PageOutcome, PageRoute, PageTask
from pipeline.paper import Paper
from pipeline.subscriber import Profile

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]


class Clock(Protocol):
    """The time; injected so that a day can be replayed."""

    def now(self) -> datetime:
        """The current moment, timezone-aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A paper as OAI-PMH holds it now. `changed_on` is the record's datestamp (UTC, day-granular)."""

    paper: Paper
    changed_on: date


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A line of the day's RSS/Atom feed. `announce_type`: new, cross, replace, replace-cross."""

    paper_id: str
    version: int
    announce_type: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """One day's feed; `day` is the date arXiv prints over it (US Eastern)."""

    day: date
    entries: tuple[FeedEntry, ...]
    may_be_cut: bool = False  # it is as long as arXiv lets a feed be: replacements at its end may be missing


class PaperSource(Protocol):
    """Where papers come from. All methods raise SourceUnavailableError or SourceFormatError."""

    def changed_since(self, since: date, categories: Sequence[str]) -> Iterator[list[SourceRecord]]:
        """Pages of all records changed on or after a day (OAI-PMH ListRecords), complete or an error."""
        ...

    def record(self, paper_id: str) -> SourceRecord | None:
        """One record; None where the source does not know it."""
        ...

    def feed(self, categories: Sequence[str]) -> Feed:
        """Today's listing of these categories."""
        ...

    def pdf(self, paper_id: str, version: int) -> bytes:
        """The PDF of one version. Raises SourceError(permanent=True) where there is none."""
        ...


class TextExtractor(Protocol):
    """Turns a PDF into a Document."""

    @property
    def engine_key(self) -> str:
        """Engine and version, e.g. `text_layer/pypdfium2-5.15.2/1`."""
        ...

    def extract(self, pdf: Path) -> Document:
        """Reads one file. Raises ReadError with the reason (encrypted, truncated, time, memory)."""
        ...

    def extract_many(self, pdfs: Iterable[Path]) -> Iterator[tuple[Path, Document | ReadError]]:
        """Reads files side by side and yields each outcome as it is there, in any order."""
        ...


class PageReader(Protocol):
    """An OCR engine that reads pages one by one, many at a time."""

    @property
    def engine_key(self) -> str:
        """Engine, model, resolution and prompt: a result under another key may differ."""
        ...

    def read_pages(
        self, tasks: Iterable[PageTask], on_submitted: Callable[[PageTask, str], None]
    ) -> Iterator[PageOutcome]:
        """Reads pages side by side and yields each outcome as it is there, in any order.

        `tasks` is drawn from only as there is room, so that whoever makes them can stop in time (a budget).
        `on_submitted(task, remote_id)` is called before a remote job is polled: what was paid for can be
        collected after a restart, by a task that carries the id.
        Raises OcrAuthError, and OcrUnavailableError once the run's patience is over; tasks without an outcome are
        then as if never drawn.
        """
        ...


class PageRouter(Protocol):
    """Decides who reads which page."""

    def route(self, document: Document) -> tuple[PageRoute, ...]:
        """One decision a page, from what the gate measured on its text layer and what is configured."""
        ...


class Assembler(Protocol):
    """Puts a document together from its text layer and the pages that other engines read."""

    def assemble(self, text_layer: Document, pages: Sequence[Page]) -> Document:
        """The document with these pages in place, its figures, references and citations found anew."""
        ...


class PageImages(Protocol):
    """Pictures of pages."""

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """A page (from 1), or the part of it in a box, as PNG. Raises ReadError."""
        ...


class Encoder(Protocol):
    """Turns text into vectors, float32 of shape (n, dimension), of unit length where the contract says so."""

    @property
    def contract(self) -> EmbeddingContract:
        """What the vectors mean."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> F32:
        """Vectors of chunks, in the order given."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> F32:
        """Vectors of questions or interests, in the order given."""
        ...


class PairScorer(Protocol):
    """Says how well passages answer a query, reading both together: the second look at what a fast search found."""

    def score(self, query: str, passages: Sequence[str]) -> F32:
        """One finite score a passage, in the order given; higher is better, and only scores of one call compare.

        A passage that is too long is read as far as the model can. Raises RerankError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A query, told by the SHA-256 of its text, and the version of a paper that it was asked about."""

    query_sha256: str
    paper_id: str
    version: int


class PairMemory(Protocol):
    """What one scorer made of pairs before: asking again would cost the same again."""

    def recall(self, pairs: Collection[Pair]) -> dict[Pair, float]:
        """The scores of those that are known."""
        ...

    def keep(self, scores: Mapping[Pair, float]) -> None:
        """Remembers these; newer ones replace older ones."""
        ...


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of vectors: float16 of shape (rows, dimension), and the chunk ids they belong to, ascending."""

    id: int
    contract_key: str
    path: str  # relative to the vectors folder
    rows: int
    sha256: str


class VectorShards(Protocol):
    """The vectors on disk, the truth from which every index is derived."""

    def write(self, contract: EmbeddingContract, chunk_ids: Sequence[int], vectors: F32) -> Shard:
        """Stores a new file durably and describes it (its `id` is 0)."""
        ...

    def is_there(self, shard: Shard) -> bool:
        """Whether the file still exists."""
        ...

    def read(self, shard: Shard) -> tuple[I64, F32]:
        """Chunk ids and vectors of one file. Raises IndexStateError where it is gone or altered."""
        ...


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """What the lexical index stores of a chunk."""

    chunk: Chunk
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    day: date
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Census:
    """Which chunks there are: `ids` ascending, and for each a mark that changes with what is known of its paper."""

    ids: I64
    marks: U64


class ChunkSource(Protocol):
    """What a search index is to hold, all of it as of one moment. A chunk of an id never changes its text."""

    def census(self) -> Census:
        """All chunks there are."""
        ...

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        """These chunks (ids ascending), in that order."""
        ...


class GenerationBuilder(Protocol):
    """Builds a search index beside the live one."""

    def is_current(self, contract: EmbeddingContract, shards: Sequence[Shard], fingerprint: str) -> bool:
        """Whether the live generation was built from exactly this."""
        ...

    def build(
        self,
        contract: EmbeddingContract,
        shards: Sequence[Shard],
        source: ChunkSource,
        fingerprint: str,
        *,
        afresh: bool = False,
    ) -> int:
        """Builds and activates the next generation, returns its number. The old one serves until the swap.

        It is the live one with what changed since, unless that cannot be gone on from, or `afresh` is asked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may be recommended: its chunks, abstract first, and one vector per chunk."""

    paper: Paper
    chunks: tuple[Chunk, ...]
    vectors: F32


@dataclass(frozen=True, slots=True)
class RankRequest:
    """One reader's question of the day. `eligible` are the paper ids they have not been shown.

    `liked` are those of `profile.wanted_papers` that are stored, in that order. `authored` are papers known to be by
    somebody they follow though the name alone does not tell, each with that author's name. A digest holds
    the papers whose probability reaches `gate`, `most` at most. `answers` are what the reader made of papers that
    earlier digests held: each paper's log-odds then, as the sum of its parts, and whether it was wanted. `depth` is how
    many papers are to be told, None for all.
    """

    profile: Profile
    eligible: frozenset[str]
    liked: tuple[Candidate, ...] = ()
    disliked: tuple[Candidate, ...] = ()
    authored: Mapping[str, str] = field(default_factory=dict)
    gate: float = 0.5
    most: int = 12
    answers: tuple[tuple[float, bool], ...] = ()
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """What ranking knows beyond the day itself.

    `sample` are papers drawn at random from before the day, abstracts only: what readers did not ask for.
    `references` are the works (keys of `pipeline.citations`) that a candidate or a paper of a profile cites;
    `citations` is how many papers of the archive cite a work, of the `papers` whose references were read.
    """

    sample: tuple[Candidate, ...] = ()
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    citations: Mapping[str, int] = field(default_factory=dict)
    papers: int = 0


NOTHING_OLDER = Archive()


class Ranker(Protocol):
    """Orders a day for every reader."""

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        """For each request its eligible candidates, best first."""
        ...


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """A finished message and the page that shows it in a browser."""

    message: EmailMessage
    html: str


class Composer(Protocol):
    """Prints an issue."""

    def compose(self, issue: Issue) -> ComposedMail:
        """The mail: same issue, same Message-ID."""
        ...


class MailTransport(Protocol):
    """Hands a message over."""

    def send(self, message: EmailMessage, before_handover: Callable[[], None]) -> str:
        """Delivers or stores one message and says where to.

        Calls `before_handover` at the last moment at which the message has certainly not been delivered; a
        transport that may repeat itself without harm (it writes the same file again) need not call it.
        Raises MailError; DeliveryUnknownError where it cannot tell whether the message was taken.
        """
        ...
