"""A paper on its way to the engines: downloaded, its text layer read, its other pages waiting."""

from __future__ import annotations

from pipeline.document import Document, Engine
from pipeline.paper import EventKind, PaperEvent
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage
from pipeline.stages import PageEngines, StageContext, read_papers
from tests.fakes.page_readers import FakeExtractor, FakeReader, FakeRouter, PlainAssembler, make_document
from tests.fakes.papers import make_paper, make_version
from tests.fakes.stored import DAY, NOW

KEY = PaperKey("2611.00001", 1)
SCAN = make_document("A good page.", "", "")


def engines_with(reader: FakeReader, router: FakeRouter | None = None) -> PageEngines:
    """One engine, named as the reader's key begins; without a router it gets scans and pages that mention a formula."""
    engine = Engine(reader.engine_key.split("/", maxsplit=1)[0])
    return PageEngines(router or FakeRouter(scans=engine, rich=engine), {engine: reader}, PlainAssembler())


def put_paper(context: StageContext, engines: PageEngines, key: PaperKey = KEY, document: Document = SCAN) -> None:
    """Stores a new paper with this text layer, as if it had been downloaded and read."""
    sha256 = context.blobs.put(str(key).encode())
    versions = tuple(make_version(number) for number in range(1, key.version + 1))
    with context.store.begin() as work:
        work.papers.save([make_paper(key.paper_id, versions=versions)], DAY)
        work.papers.add_events([PaperEvent(key.paper_id, key.version, EventKind.NEW, DAY, NOW)])
        work.reading.save_outcome(Outcome(key, Stage.DOWNLOAD, OutcomeState.DONE, NOW, blob_sha256=sha256))
    assert read_papers(context, FakeExtractor(document), engines) == 1
