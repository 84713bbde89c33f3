"""What every engine promises, whatever it reads with: one document, read by each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdf
import pytest

from flows.evaluation.scans import make_scan
from ocr.rapid import open_rapidocr
from ocr.rapid.layout import open_layout
from ocr.sandbox.extractor import SandboxedExtractor
from ocr.surya import open_surya
from ocr.transports.openai_http import open_openai_http
from pipeline.config import OcrSettings
from pipeline.document import Box, Document, Engine, Page, PageStatus
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageReader
from tests.fakes.model_answers import reading
from tests.fakes.model_server import ModelServer
from tests.fakes.papers import make_pdf
from tests.fakes.pdf_pictures import PdfPictures


def _weeks(first: int, last: int) -> str:
    """Text enough to tell one page from another by its looks."""
    weeks = range(first, last + 1)
    return " ".join(f"In week {week} we saw {3 * week} boats, and nobody could say where they went." for week in weeks)


_TEXTS = (
    f"# A Study of Quiet Rivers\nWe watched three rivers for a year. {_weeks(1, 3)}\n\nFew boats passed in winter.",
    f"# Results\n{_weeks(4, 9)}\n\nThe widest river carried the most boats.",
    "",
    f"# Discussion\nA river that freezes cannot carry boats. {_weeks(10, 20)}",
)
_PLAIN = "plain.pdf"
_SCANNED, _BLANK = 2, 3
_FAR_AHEAD = 8
_READERS = (Engine.LAYOUT, Engine.RAPIDOCR, Engine.SURYA)


@dataclass(frozen=True)
class Read:
    """What came of the document: its text layer, and each page's outcome by number."""

    engine: Engine
    engine_key: str
    evidence: Document
    outcomes: dict[int, PageOutcome]

    @property
    def pages(self) -> list[Page]:
        return [outcome.page for outcome in self.outcomes.values() if outcome.page is not None]


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pages: text, a scan, nothing at all, text; the third is wider than high."""
    folder = tmp_path_factory.mktemp("engines")
    plain, scan, whole = folder / _PLAIN, folder / "scan.pdf", folder / "whole.pdf"
    plain.write_bytes(make_pdf(_TEXTS))
    make_scan(plain, [_SCANNED], scan)
    writer = pypdf.PdfWriter(plain)
    writer.insert_page(pypdf.PdfReader(scan).pages[0], _SCANNED - 1)
    writer.remove_page(_SCANNED)
    writer.pages[_BLANK - 1].mediabox.upper_right = (792, 612)
    writer.write(whole)
    return whole


@pytest.fixture(scope="module")
def evidence(pdf: Path) -> Document:
    with SandboxedExtractor(OcrSettings(workers=1)) as extractor:
        return extractor.extract(pdf)


Readers = Callable[[Engine], PageReader]


@pytest.fixture(scope="module")
def readers(pdf: Path) -> Iterator[Readers]:
    """The engines, each opened once: their models take seconds to load."""
    with ExitStack() as closing:
        yield cache(lambda engine: _open(engine, pdf, closing))


def _open(engine: Engine, pdf: Path, closing: ExitStack) -> PageReader:
    settings, images = OcrSettings(workers=1, surya_concurrency=2), PdfPictures()
    match engine:
        case Engine.LAYOUT:
            return closing.enter_context(open_layout(settings, images))
        case Engine.RAPIDOCR:
            return closing.enter_context(open_rapidocr(settings, images))
        case _:
            # It knows the scan by its looks, from the file it was made of.
            server = closing.enter_context(ModelServer(reading([pdf.with_name(_PLAIN)])))
            settings = settings.model_copy(update={"surya_url": server.url})
            transport = open_openai_http(settings)
            closing.callback(transport.close)
            return open_surya(settings, transport, images)


def _tasks(pdf: Path, evidence: Document) -> Iterator[PageTask]:
    for page in evidence.pages:
        yield PageTask(page.number, f"rivers page {page.number}", pdf, page.number, page)


def _ignore(task: PageTask, remote_id: str) -> None:
    del task, remote_id


@pytest.fixture(scope="module", params=list(Engine))
def read(request: pytest.FixtureRequest, readers: Readers, pdf: Path, evidence: Document) -> Read:
    engine: Engine = request.param
    if engine is Engine.TEXT_LAYER:
        tasks = _tasks(pdf, evidence)
        done = [PageOutcome(task, OutcomeKind.DONE, task.evidence, usage=task.evidence.usage) for task in tasks]
        return Read(engine, evidence.engine_key, evidence, {outcome.task.number: outcome for outcome in done})
    reader = readers(engine)
    done = list(reader.read_pages(_tasks(pdf, evidence), _ignore))
    return Read(engine, reader.engine_key, evidence, {outcome.task.number: outcome for outcome in done})


def test_every_page_has_one_outcome(read: Read) -> None:
    assert sorted(read.outcomes) == [1, 2, 3, 4]


def test_pages_keep_their_numbers_and_sizes(read: Read) -> None:
    sizes = {page.number: (page.width_pt, page.height_pt) for page in read.pages}

    assert sizes == {number: size for number, size in _sizes(read.evidence).items() if number in sizes}
    assert sizes[_BLANK] == (792.0, 612.0)


def _sizes(document: Document) -> dict[int, tuple[float, float]]:
    return {page.number: (page.width_pt, page.height_pt) for page in document.pages}


def test_boxes_lie_on_the_page_and_hold_something(read: Read) -> None:
    boxes = [block.box for page in read.pages for block in page.blocks]

    assert boxes
    assert all(_is_sound(box) for box in boxes)


def _is_sound(box: Box) -> bool:
    return 0 <= box.left < box.right <= 1000 and 0 <= box.top < box.bottom <= 1000


def test_blocks_are_numbered_in_reading_order(read: Read) -> None:
    orders = [[block.order for block in page.blocks] for page in read.pages]

    assert orders == [list(range(len(order))) for order in orders]


def test_no_block_is_empty(read: Read) -> None:
    texts = [block.text for page in read.pages for block in page.blocks if block.kind not in ("figure", "table")]

    assert all(text.strip() for text in texts)


def test_a_page_of_text_is_read(read: Read) -> None:
    text = _text(read, 1)

    assert "three rivers for a year" in text
    assert text.index("Quiet Rivers") < text.index("Few boats passed")


def test_a_scan_is_read_or_said_not_to_be(read: Read) -> None:
    outcome = read.outcomes[_SCANNED]

    if read.engine in (Engine.RAPIDOCR, Engine.SURYA):
        assert "widest river carried the most boats" in _text(read, _SCANNED)
        assert outcome.page is not None
        assert outcome.page.status is PageStatus.OK
    else:
        assert outcome.page is not None
        assert (outcome.page.blocks, outcome.page.status) == ((), PageStatus.DEGRADED)
        assert "scan" in outcome.page.reason


def test_a_blank_page_is_no_failure(read: Read) -> None:
    outcome = read.outcomes[_BLANK]

    assert outcome.kind is OutcomeKind.DONE
    assert outcome.page is not None
    assert (outcome.page.blocks, outcome.page.status) == ((), PageStatus.OK)


def test_whatever_is_not_well_has_a_reason(read: Read) -> None:
    pages = [page.reason for page in read.pages if page.status is not PageStatus.OK]
    outcomes = [outcome.reason for outcome in read.outcomes.values() if outcome.kind is not OutcomeKind.DONE]

    assert all(pages)
    assert all(outcomes)


def test_pages_name_who_read_them(read: Read) -> None:
    assert {page.engine for page in read.pages} == {read.engine.value}
    assert read.engine.value in read.engine_key


def test_reading_is_accounted_for(read: Read) -> None:
    if read.engine is Engine.TEXT_LAYER:
        assert read.evidence.seconds > 0
    else:
        assert all(outcome.usage.seconds > 0 for outcome in read.outcomes.values())
        assert all(page.usage.seconds > 0 for page in read.pages)
    if read.engine is Engine.SURYA:
        assert read.outcomes[1].usage.completion_tokens > 0
    if read.engine is Engine.RAPIDOCR:
        assert read.outcomes[1].usage.cpu_seconds > 0


def _text(read: Read, number: int) -> str:
    page = read.outcomes[number].page
    assert page is not None
    return "\n".join(block.text for block in page.blocks)


@pytest.mark.parametrize("engine", _READERS)
def test_a_bad_page_does_not_stop_the_others(readers: Readers, engine: Engine, pdf: Path, evidence: Document) -> None:
    first, blank = evidence.pages[0], evidence.pages[_BLANK - 1]
    tasks = [PageTask(1, "a page that is not there", pdf, 99, first), PageTask(2, "a page", pdf, _BLANK, blank)]

    bad, good = sorted(readers(engine).read_pages(tasks, _ignore), key=lambda outcome: outcome.task.id)

    assert bad.kind in (OutcomeKind.FAILED, OutcomeKind.DEGRADED)
    assert "damaged" in bad.reason
    assert good.kind is OutcomeKind.DONE


@pytest.mark.parametrize("engine", _READERS)
def test_tasks_are_drawn_as_there_is_room(readers: Readers, engine: Engine, pdf: Path, evidence: Document) -> None:
    blank = evidence.pages[_BLANK - 1]
    tasks = iter([PageTask(number, "a blank page", pdf, _BLANK, blank) for number in range(1000)])

    outcomes = readers(engine).read_pages(tasks, _ignore)
    next(iter(outcomes))
    left = len(list(tasks))
    list(outcomes)

    assert 1000 - left <= _FAR_AHEAD
