"""A small site: six papers of one day in a real SQLite store, a subscriber, and a search without an index."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from index import Hit
from pipeline.blobs import Blobs
from pipeline.config import WebSettings
from pipeline.digest import Passage
from pipeline.document import Box, Chunk, Document, PageStatus
from pipeline.document_json import encode_document
from pipeline.paper import EventKind, FetchState, Listing, Paper, PaperEvent, PaperVersion, SourceFetch, SourceName
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.store import Store, UnitOfWork, open_store
from pipeline.subscriber import Interest, Profile, Subscriber
from tests.fakes.documents import closed_document, open_document
from tests.fakes.images import FakeImages
from tests.fakes.papers import make_paper, make_version
from tests.fakes.search import FakeSearch
from web import Site

DAY, DAY_BEFORE = date(2026, 11, 17), date(2026, 11, 16)
NOW = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)
SECRET = "a secret for tests"
EMAIL = "reader@example.org"

_ARXIV_LICENCE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
_WITHDRAWN_VERSIONS = (make_version(1), PaperVersion(2, NOW, None, "I"))

OPEN = make_paper(
    "2611.00001",
    title=r"Searching long documents in $O(\sqrt{n})$ memory",
    authors=("Ada Lind", "Bo Okafor", "Chiara d'Este"),
    abstract=(
        r"Long documents do not fit into memory. We search them in $O(\sqrt{n})$ space, "
        r"with at most 5\% loss & no index."
    ),
    categories=("cs.IR", "cs.DS"),
    doi="10.1000/xyz_1",
    journal_ref="J. Search 12 (2026) 1-9",
    comment="9 pages. Code: https://example.org/code?a=1&b=2",
)
CLOSED = make_paper("2611.00002", title="Ranking with few labels", licence=_ARXIV_LICENCE)
UNREAD = make_paper("2611.00003", title="An encrypted report on caches", categories=("cs.DC",), licence="")
WITHDRAWN = make_paper(
    "2611.00004",
    title="A bound that did not hold",
    versions=_WITHDRAWN_VERSIONS,
    is_withdrawn=True,
    comment="Lemma 2 is wrong",
)
OLD = make_paper("hep-th/9901001", title="Strings before the millennium", categories=("hep-th",), versions=())
HOSTILE = make_paper(
    "2611.00005",
    title="<script>alert(1)</script> in the title",
    authors=("<b>Mallory</b>", 'Eve "x" O\'Neil'),
    abstract=(
        r"Hostile $\text{<svg/onload=alert(1)>}$ and $\href{javascript:alert(2)}{x}$ <img src=x onerror=alert(3)> "
        r"$\text{</mtext></math><script>alert(4)</script>}$ $a<b$ $\unicode{x3c}script>$"
    ),
    comment='see javascript:alert(5) and https://example.org/"onmouseover=alert(6)',
    doi='10.1/"><script>alert(7)</script>',
    licence="javascript:alert(8)",
)
PAPERS = (OPEN, CLOSED, UNREAD, WITHDRAWN, OLD, HOSTILE)
MISSING_ID = "2611.00009"  # the feed lists it, OAI-PMH does not know it

_METHOD = "3 Method"
CHUNKS = {
    OPEN.id: (
        Chunk(OPEN.id, 1, 0, "Abstract", 0, OPEN.abstract),
        Chunk(OPEN.id, 1, 1, "1 Introduction", 1, "Memory is scarce. Documents are long.", Box(80, 300, 920, 400)),
        Chunk(OPEN.id, 1, 2, _METHOD, 3, "We walk the document twice & keep <every> landmark.", Box(80, 100, 920, 300)),
        Chunk(OPEN.id, 1, 3, _METHOD, 4, "The second walk needs little memory.", Box(80, 100, 920, 300)),
    ),
    CLOSED.id: (
        Chunk(CLOSED.id, 1, 0, "Abstract", 0, CLOSED.abstract),
        Chunk(CLOSED.id, 1, 1, "1 Introduction", 1, "Labels are dear. " * 40 + "Nobody may copy this last sentence."),
    ),
}


class FixedClock:
    """It is always the morning of the day."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Built:
    """A site, what stands behind it, and the subscriber's id."""

    site: Site
    store: Store
    search: FakeSearch
    blobs: Blobs
    images: FakeImages
    reader: int = 0
    chunk_ids: dict[tuple[str, int], int] = field(default_factory=dict)  # (paper, ordinal) -> id


def empty_site(folder: Path, base_url: str = "") -> Built:
    """A site before its first run."""
    store = open_store(f"sqlite:///{folder / 'site.db'}")
    search, blobs, images = FakeSearch(), Blobs(folder / "blobs"), FakeImages()
    site = Site(
        store=store,
        blobs=blobs,
        images=images,
        search=lambda: search,
        secret=SECRET,
        settings=WebSettings(base_url=base_url),
        clock=FixedClock(),
        generation=lambda: 7,
    )
    return Built(site, store, search, blobs, images)


def full_site(folder: Path, base_url: str = "") -> Built:
    """A site after a day."""
    built = empty_site(folder, base_url)
    with built.store.begin() as work:
        _save_day(work)
        _save_reading(work, built.blobs)
        work.subscribers.save(Subscriber(EMAIL, NOW, Profile(interests=(Interest("long documents"),))))
    return _known(built)


def copied_site(source: Path, folder: Path) -> Built:
    """A site like the one that `full_site` made in `source` and that is closed: in a tenth of the time."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return _known(empty_site(folder))


def _known(built: Built) -> Built:
    """With the numbers that the store gave, and a search that finds."""
    with built.store.read() as work:
        built.reader = work.subscribers.by_email(EMAIL).id
        for chunk in work.reading.chunks_of(CHUNKS):
            built.chunk_ids[chunk.paper_id, chunk.ordinal] = chunk.id
    built.search.hits = [_hit(built, OPEN, 0, 3), _hit(built, CLOSED, 1), _bare_hit(HOSTILE)]
    return built


def _save_day(work: UnitOfWork) -> None:
    work.papers.save(PAPERS, DAY)
    kinds = {WITHDRAWN.id: EventKind.WITHDRAWN, OLD.id: EventKind.REPLACE, UNREAD.id: EventKind.CROSS}
    work.papers.add_events(
        PaperEvent(paper.id, paper.latest_version, kinds.get(paper.id, EventKind.NEW), DAY, NOW) for paper in PAPERS
    )
    lines = [(paper.id, category) for paper in PAPERS for category in paper.categories]
    for source in SourceName:
        work.days.add_listings(Listing(DAY, source, category, paper_id, 1, "new") for paper_id, category in lines)
    work.days.add_listings([Listing(DAY, SourceName.FEED, "cs.IR", MISSING_ID, 1, "new")])
    for source in SourceName:
        work.days.save_fetch(SourceFetch(DAY, source, FetchState.OK, len(PAPERS), NOW))
    work.days.save_fetch(SourceFetch(DAY_BEFORE, SourceName.OAI, FetchState.FAILED, 0, NOW, "arXiv asked for patience"))


def _save_reading(work: UnitOfWork, blobs: Blobs) -> None:
    for paper, document in ((OPEN, open_document()), (CLOSED, closed_document())):
        key = PaperKey(paper.id, 1)
        pdf = blobs.put(f"the PDF of {paper.id}".encode())
        work.reading.save_outcome(Outcome(key, Stage.DOWNLOAD, OutcomeState.DONE, NOW, blob_sha256=pdf))
        work.reading.save_outcome(Outcome(key, Stage.READ, OutcomeState.DONE, NOW))
        work.reading.save_document(_stored(key, document, blobs))
        work.reading.replace_chunks(paper.id, CHUNKS[paper.id], "test/1")
        work.figures.replace(key, document.figures, document.references)
    reason = "the PDF is encrypted"
    work.reading.save_outcome(Outcome(PaperKey(UNREAD.id, 1), Stage.READ, OutcomeState.FAILED, NOW, reason=reason))


def _stored(key: PaperKey, document: Document, blobs: Blobs) -> StoredDocument:
    degraded = sum(page.status is not PageStatus.OK for page in document.pages)
    sha256 = blobs.put(encode_document(document))
    return StoredDocument(
        key, document.engine_key, sha256, len(document.pages), degraded, document.seconds, document.cost_usd
    )


def _hit(built: Built, paper: Paper, *ordinals: int) -> Hit:
    chunks = [CHUNKS[paper.id][ordinal] for ordinal in ordinals]
    passages = tuple(
        Passage(chunk.text, chunk.section, chunk.page, chunk.box, built.chunk_ids[paper.id, chunk.ordinal])
        for chunk in chunks
    )
    why = "It has the words “long” and “memory”."
    return Hit(paper.id, 1, paper.title, paper.authors, paper.categories, DAY, 0.9, passages, why)


def _bare_hit(paper: Paper) -> Hit:
    passages = (Passage(paper.abstract, "Abstract", 0, None, 999),)
    return Hit(paper.id, 1, paper.title, paper.authors, paper.categories, DAY, 0.5, passages, "Close in meaning.")
