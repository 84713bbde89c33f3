"""RapidOCR's own models in their own process, on scans made here."""

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ocr.rapid import open_rapidocr
from ocr.rapid.pool import ModelPool
from ocr.rapid.reader import SightReader, dpi_for
from ocr.rapid.wire import Ask
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import Page
from pipeline.errors import OcrUnavailableError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.fakes.page_images import InProcessImages
from tests.fakes.papers import make_pdf

_TEXT = "# Boats\nWe watched three rivers for a year and counted boats. The widest river carried the most of them."
_MEMORY_MB = 4000


@pytest.fixture(scope="module")
def pool() -> Iterator[ModelPool]:
    pool = ModelPool(_MEMORY_MB, 1)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[SightReader]:
    with open_rapidocr(OcrSettings(workers=1), InProcessImages()) as reader:
        yield reader


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "boats.pdf"
    path.write_bytes(make_pdf([_TEXT]))
    return path


def _png(pdf: Path, dpi: int = 100) -> bytes:
    return InProcessImages().picture(pdf, 1, None, dpi)


def _ignore(task: PageTask, remote_id: str) -> None:
    del task, remote_id


def _read(reader: SightReader, scan: Path) -> PageOutcome:
    evidence = Page(1, 612.0, 792.0, (), "text_layer")
    (outcome,) = reader.read_pages([PageTask(1, scan.name, scan, 1, evidence)], _ignore)
    return outcome


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_scan_is_turned_back(reader: SightReader, pdf: Path, tmp_path: Path, quarters: int) -> None:
    turned = tmp_path / "turned.pdf"
    upright = Image.open(io.BytesIO(_png(pdf, 150))).convert("RGB")
    upright.rotate(90 * quarters, expand=True).save(turned, "PDF", resolution=150)

    outcome = _read(reader, turned)

    assert outcome.page is not None
    assert "three rivers for a year" in " ".join(block.text for block in outcome.page.blocks)


def test_a_page_that_takes_too_long_ends_and_the_next_one_is_read(pool: ModelPool, pdf: Path) -> None:
    pool.look(Ask.PARTS, _png(pdf), 60)
    began = time.monotonic()

    with pytest.raises(ReadError, match=r"took longer than 0\.02 s"):
        pool.look(Ask.TEXT, _png(pdf, 200), 0.02)

    assert time.monotonic() - began < 5
    assert pool.look(Ask.PARTS, _png(pdf), 60).width == 850


def test_what_is_no_picture_is_refused_with_a_reason(pool: ModelPool) -> None:
    with pytest.raises(ReadError, match="no picture that can be decoded"):
        pool.look(Ask.TEXT, b"not a picture", 60)


def test_a_process_that_dies_is_replaced(pool: ModelPool, pdf: Path) -> None:
    slow = _png(pdf, 300)  # takes a second and more
    stopper = threading.Timer(0.3, pool.interrupt)
    stopper.start()
    with pytest.raises(ReadError, match="the OCR process") as caught:
        pool.look(Ask.TEXT, slow, 60)
    stopper.join()

    assert caught.value.permanent is False
    assert pool.look(Ask.PARTS, _png(pdf), 60).boxes is not None


def test_models_that_cannot_be_loaded_are_nobodys_fault() -> None:
    pool = ModelPool(100, 1)

    with pytest.raises(OcrUnavailableError, match="cannot start"):
        pool.look(Ask.PARTS, b"", 60)

    pool.close()


def test_a_closed_engine_reads_nothing(pdf: Path) -> None:
    reader = open_rapidocr(OcrSettings(workers=1), InProcessImages())
    reader.close()

    outcome = _read(reader, pdf)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.FAILED, "OCR on the CPU is closed")
    assert outcome.permanent is False


def test_pictures_come_from_the_sandbox(pdf: Path) -> None:
    settings = OcrSettings(workers=1)
    with SandboxedExtractor(settings) as extractor, open_rapidocr(settings, extractor) as reader:
        outcome = _read(reader, pdf)

    assert outcome.page is not None
    assert outcome.page.blocks[0].text == "Boats"


def test_doctor_hears_that_the_models_answer(reader: SightReader) -> None:
    assert "its models are loaded and answer" in reader.check()


@pytest.mark.parametrize(
    "width_pt, height_pt, dpi", [(612, 792, 150), (180, 300, 300), (1837, 2267, 82), (20000, 20000, 20), (0, 0, 150)]
)
def test_the_resolution_suits_the_page(width_pt: float, height_pt: float, dpi: int) -> None:
    assert dpi_for(Page(1, width_pt, height_pt, (), "text_layer"), 150) == dpi
