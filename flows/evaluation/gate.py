"""How well pages are judged and read without a GPU: the gate, the layout model, and RapidOCR."""

from __future__ import annotations

import logging
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flows.evaluation.page_tests import load_page_tests
from flows.evaluation.rows import Row
from flows.evaluation.scans import make_scan
from flows.evaluation.words import order, precision, recall, words_of
from ocr import open_extractor
from ocr.rapid import open_rapidocr
from ocr.rapid.layout import has_layout, open_layout
from ocr.router import Means, Router
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import BlockKind, Document, Engine, Page
from pipeline.errors import ReadError
from pipeline.page_work import PageTask
from pipeline.ports import PageReader

logger = logging.getLogger(__name__)

_PAPERS = ("arxiv_tex", "jose", "juliacon")
_SCANS_AMONG_TESTS = frozenset({"lincoln_letter.pdf", "small_page_size.pdf"})
_OUTSIDE = (BlockKind.HEADER, BlockKind.FOOTER)
_FEWEST_WORDS = 150  # of a page that says something about reading


@dataclass(frozen=True, slots=True)
class _Known:
    """A file, what its text layer holds, and whether its pages are scans."""

    pdf: Path
    document: Document
    are_scans: bool


def evaluate_gate(data: Path, sample: int = 8) -> list[Row]:
    """The rows; RapidOCR reads `sample` pages made scans and those of `page_tests` (4 to 8 processor seconds each)."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        settings = OcrSettings(workers=1)
        extractor = closing.enter_context(open_extractor(settings))
        files = list(_files(data / "pdf", extractor))
        if not files:
            return []
        rows = [*_gate_rows(files), *_share_rows(files), *_made_scan_rows(files, folder, extractor)]
        reader = closing.enter_context(open_rapidocr(settings, extractor))
        engines: dict[Engine, PageReader] = {Engine.RAPIDOCR: reader}
        if has_layout():
            engines[Engine.LAYOUT] = closing.enter_context(open_layout(settings, extractor))
        rows += _page_test_rows(data / "pdf" / "page_tests", files, engines)
        return rows + _recall_rows(_spread(files, sample), folder, reader)


def _router(surya: str = "") -> Router:
    """One with RapidOCR, and with Surya where it has a name."""
    return Router(OcrSettings(), Means(surya, "" if surya else "there is no Surya", has_rapidocr=True))


def _files(folder: Path, extractor: SandboxedExtractor) -> Iterator[_Known]:
    pdfs = [pdf for name in (*_PAPERS, "scans", "page_tests") for pdf in sorted((folder / name).glob("*.pdf"))]
    for pdf, found in extractor.extract_many(pdfs):
        if isinstance(found, ReadError):
            logger.warning("%s: left out: %s", pdf.name, found.message)
        else:
            yield _Known(pdf, found, pdf.parent.name == "scans" or pdf.name in _SCANS_AMONG_TESTS)


def _gate_rows(files: Sequence[_Known]) -> Iterator[Row]:
    """Of the scans, the share that is sent to OCR; of the clean pages, the share that is not."""
    for name in sorted({known.pdf.parent.name for known in files}):
        for are_scans, metric in ((True, "scans sent to OCR"), (False, "clean pages kept from OCR")):
            group = [one.document for one in files if one.pdf.parent.name == name and one.are_scans is are_scans]
            sent = [route.engine is not Engine.TEXT_LAYER for one in group for route in _router().route(one)]
            if sent:
                yield Row(name, "gate", metric, sum(is_sent is are_scans for is_sent in sent) / len(sent), len(sent))


def _share_rows(files: Sequence[_Known]) -> Iterator[Row]:
    """Of each set of papers, the share of pages that goes to Surya where there is one."""
    for name in _PAPERS:
        papers = [one.document for one in files if one.pdf.parent.name == name]
        engines = [route.engine for one in papers for route in _router("Surya").route(one)]
        if engines:
            yield Row(
                name, "gate", "rich pages sent to Surya", engines.count(Engine.SURYA) / len(engines), len(engines)
            )


def _made_scan_rows(files: Sequence[_Known], folder: Path, extractor: SandboxedExtractor) -> Iterator[Row]:
    """Pages turned into pictures, bare and over their own text: all of them should be sent to OCR."""
    papers = [one for one in files if one.pdf.parent.name in _PAPERS]
    for keeps_text, metric in ((False, "made scans sent to OCR"), (True, "made scans with text sent to OCR")):
        sent = []
        for known in papers:
            target = folder / f"gate-{known.pdf.stem}-{keeps_text}.pdf"
            make_scan(known.pdf, [len(known.document.pages) // 2 + 1], target, dpi=72, keeps_text=keeps_text)
            sent += [r.engine is not Engine.TEXT_LAYER for r in _router().route(extractor.extract(target))]
        yield Row("papers", "gate", metric, sum(sent) / max(1, len(sent)), len(sent))


def _page_test_rows(folder: Path, files: Sequence[_Known], engines: dict[Engine, PageReader]) -> Iterator[Row]:
    """The statements about single pages that hold, by kind and by who read the page; `n` counts statements."""
    if not (folder / "tests.jsonl").is_file():
        logger.warning("%s: not there, left out", folder)
        return
    tests = load_page_tests(folder)
    wanted = {(test.pdf, test.page) for test in tests}
    evidence = {
        (k.pdf, page.number): page for k in files for page in k.document.pages if (k.pdf, page.number) in wanted
    }
    texts = {Engine.TEXT_LAYER: {key: _text(page) for key, page in evidence.items()}}
    for engine, reader in engines.items():
        texts[engine] = {key: _text(page) for key, page in _read(reader, evidence).items()}
    for kind in sorted({test.kind for test in tests}):
        some = [test for test in tests if test.kind == kind]
        for engine, read in texts.items():
            held = sum(test.holds(read.get((test.pdf, test.page), "")) for test in some)
            yield Row("page_tests", engine.value, kind, held / len(some), len(some))


def _spread(files: Sequence[_Known], sample: int) -> list[tuple[Path, Page]]:
    """So many pages full of words from as many papers, the sets taken in turn, always the same."""
    pages = []
    for name in _PAPERS:
        papers = sorted((one for one in files if one.pdf.parent.name == name), key=lambda one: one.pdf.name)
        full = [[page for page in one.document.pages if len(words_of(_text(page))) >= _FEWEST_WORDS] for one in papers]
        pages.append([(one.pdf, some[len(some) // 2]) for one, some in zip(papers, full, strict=True) if some])
    turns = max(map(len, pages), default=0)
    return [some[turn] for turn in range(turns) for some in pages if turn < len(some)][:sample]


def _recall_rows(pages: Iterable[tuple[Path, Page]], folder: Path, reader: PageReader) -> list[Row]:
    """RapidOCR on pages made scans beside the text layer they had: medians, and the page that came out worst."""
    scores, seconds = [], []
    for number, (pdf, page) in enumerate(pages):
        scan = folder / f"read-{number}.pdf"
        make_scan(pdf, [page.number], scan)
        # Without its text as evidence: what the scan says must come from its picture.
        blank = Page(1, page.width_pt, page.height_pt, (), Engine.TEXT_LAYER.value)
        read = _read(reader, {(scan, 1): blank}).get((scan, 1), blank)
        truth, found = words_of(_text(page)), words_of(_text(read))
        scores.append((recall(truth, found), precision(truth, found), order(truth, found)))
        seconds.append(read.usage.cpu_seconds)
        logger.info("%s page %s: recall, precision, order %s", pdf.name, page.number, scores[-1])
    if not scores:
        return []
    rows = []
    for metric, values in zip(("recall", "precision", "order"), zip(*scores, strict=True), strict=True):
        rows.append(Row("made scans", Engine.RAPIDOCR.value, metric, statistics.median(values), len(values)))
        rows.append(Row("made scans", Engine.RAPIDOCR.value, f"worst {metric}", min(values), len(values)))
    cost = statistics.mean(seconds)
    return [*rows, Row("made scans", Engine.RAPIDOCR.value, "CPU seconds a page", cost, len(seconds))]


def _read(reader: PageReader, evidence: dict[tuple[Path, int], Page]) -> dict[tuple[Path, int], Page]:
    tasks = [
        PageTask(index, f"{pdf.name} page {number}", pdf, number, page)
        for index, ((pdf, number), page) in enumerate(evidence.items())
    ]
    outcomes = reader.read_pages(tasks, _nobody_waits)
    return {(one.task.pdf, one.task.number): one.page for one in outcomes if one.page is not None}


def _nobody_waits(task: PageTask, remote_id: str) -> None:
    """Nothing here is remote."""
    del task, remote_id


def _text(page: Page) -> str:
    return "\n\n".join(block.text for block in page.blocks if block.kind not in _OUTSIDE)
