"""RapidOCR's own models in their own process, on scans made here."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from ocr.processes.pool import ProcessPool
from ocr.rapid import open_rapidocr
from ocr.rapid.process import ModelProcess, open_models
from ocr.rapid.reader import SightReader, dpi_for
from ocr.rapid.sight import Sight
from ocr.rapid.wire import Ask
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import Page
from pipeline.errors import OcrUnavailableError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.fakes.page_images import InProcessImages
from tests.fakes.papers import make_pdf
from tests.fakes.processes import await_work, children

_TEXT = "# Boats\nWe watched three rivers for a year and counted boats. The widest river carried the most of them."
_MEMORY_MB = 4000
_PART = (0, 0, 1275, 600)  # of a page at 150 dpi, with all its text: models take time by the pixel


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool[ModelProcess]]:
    pool = open_models(_MEMORY_MB, 1)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[SightReader]:
    """As the day opens it: pictures come from the sandbox."""
    settings = OcrSettings(workers=1)
    with SandboxedExtractor(settings) as extractor, open_rapidocr(settings, extractor) as reader:
        yield reader


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "boats.pdf"
    path.write_bytes(make_pdf([_TEXT]))
    return path


def _png(pdf: Path, dpi: int = 100) -> bytes:
    return InProcessImages().picture(pdf, 1, None, dpi)


def _look(pool: ProcessPool[ModelProcess], ask: Ask, png: bytes, timeout_s: float = 60) -> Sight:
    with pool.lend() as process:
        return process.look(ask, png, timeout_s)


def _ignore(task: PageTask, remote_id: str) -> None:
    del task, remote_id


def _read(reader: SightReader, scan: Path) -> PageOutcome:
    evidence = Page(1, 612.0, 288.0, (), "text_layer")
    (outcome,) = reader.read_pages([PageTask(1, scan.name, scan, 1, evidence)], _ignore)
    return outcome


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_scan_is_turned_upright_and_read(reader: SightReader, pdf: Path, tmp_path: Path, quarters: int) -> None:
    scan = tmp_path / "scan.pdf"
    upright = Image.open(io.BytesIO(_png(pdf, 150))).convert("RGB").crop(_PART)
    upright.rotate(90 * quarters, expand=True).save(scan, "PDF", resolution=150)

    outcome = _read(reader, scan)

    assert outcome.page is not None
    assert "three rivers for a year" in " ".join(block.text for block in outcome.page.blocks)


def test_a_page_that_takes_too_long_ends_and_the_next_one_is_read(pool: ProcessPool[ModelProcess], pdf: Path) -> None:
    with pytest.raises(ReadError, match=r"took longer than 0\.02 s"):
        _look(pool, Ask.TEXT, _png(pdf, 200), 0.02)

    assert _look(pool, Ask.PARTS, _png(pdf)).width == 850


def test_what_is_no_picture_is_refused_with_a_reason(pool: ProcessPool[ModelProcess]) -> None:
    with pytest.raises(ReadError, match="no picture that can be decoded"):
        _look(pool, Ask.TEXT, b"not a picture")


def test_a_process_that_dies_is_replaced(pdf: Path) -> None:
    before = children()
    pool = open_models(_MEMORY_MB, 1)
    with ThreadPoolExecutor(1) as threads, pool.lend() as process:
        (pid,) = children() - before
        looking = threads.submit(process.look, Ask.TEXT, _png(pdf, 300), 60)  # takes a second and more
        await_work(pid, 0.1)
        pool.interrupt()
        with pytest.raises(ReadError, match="the OCR process") as caught:
            looking.result()

    assert caught.value.permanent is False
    assert _look(pool, Ask.PARTS, _png(pdf)).boxes is not None
    pool.close()


def test_models_that_cannot_be_loaded_are_nobodys_fault() -> None:
    pool = open_models(100, 1)

    with pytest.raises(OcrUnavailableError, match="cannot start"):
        _look(pool, Ask.PARTS, b"")

    pool.close()


def test_a_closed_engine_reads_nothing(pdf: Path) -> None:
    reader = open_rapidocr(OcrSettings(workers=1), InProcessImages())
    reader.close()

    outcome = _read(reader, pdf)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.FAILED, "OCR on the CPU is closed")
    assert outcome.permanent is False


def test_doctor_hears_that_the_models_answer(reader: SightReader) -> None:
    assert "its models are loaded and answer" in reader.check()


@pytest.mark.parametrize(
    "width_pt, height_pt, dpi", [(612, 792, 150), (180, 300, 300), (1837, 2267, 82), (20000, 20000, 20), (0, 0, 150)]
)
def test_the_resolution_suits_the_page(width_pt: float, height_pt: float, dpi: int) -> None:
    assert dpi_for(Page(1, width_pt, height_pt, (), "text_layer"), 150) == dpi
