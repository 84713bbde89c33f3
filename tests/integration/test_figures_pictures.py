import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ocr import open_extractor
from ocr.sandbox.extractor import SandboxedExtractor
from ocr.sandbox.pictures import MOST_PIXELS, MOST_SIDE_PX
from pipeline.config import OcrSettings
from pipeline.document import Box
from pipeline.errors import ReadError
from tests.fakes import hostile_pdfs
from tests.fakes.papers import make_pdf

_BLACK_SQUARE = b"0 g 306 396 306 396 re f"  # the upper right quarter of a letter page


@pytest.fixture(scope="module")
def images() -> Iterator[SandboxedExtractor]:
    with open_extractor(OcrSettings(workers=1, timeout_s=30, memory_mb=700)) as opened:
        yield opened


def _write(folder: Path, content: bytes) -> Path:
    target = folder / "paper.pdf"
    target.write_bytes(content)
    return target


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"]).convert("L")


def test_a_page_is_drawn_at_the_resolution_asked_for(images: SandboxedExtractor, tmp_path: Path) -> None:
    picture = _opened(images.picture(_write(tmp_path, hostile_pdfs.make_page(_BLACK_SQUARE)), 1, None, 144))

    assert picture.size == (1224, 1584)
    assert [picture.getpixel(at) for at in ((1000, 200), (200, 200), (1000, 1400))] == [0, 255, 255]


def test_a_box_cuts_its_part_out_of_a_page(images: SandboxedExtractor, tmp_path: Path) -> None:
    pdf = _write(tmp_path, hostile_pdfs.make_page(_BLACK_SQUARE))

    picture = _opened(images.picture(pdf, 1, Box(250, 0, 750, 250), 72))

    assert picture.size == (306, 198)
    assert [picture.getpixel(at) for at in ((10, 100), (140, 100), (165, 100), (300, 190))] == [255, 255, 0, 0]


def test_a_turned_page_is_drawn_as_it_is_seen(images: SandboxedExtractor, tmp_path: Path) -> None:
    picture = _opened(images.picture(_write(tmp_path, hostile_pdfs.make_turned("Sideways", 90)), 1, None, 72))

    assert picture.size == (792, 612)


def test_a_huge_page_is_drawn_smaller(images: SandboxedExtractor, tmp_path: Path) -> None:
    huge = hostile_pdfs.make_page(_BLACK_SQUARE, "0 0 14400 14400")
    picture = _opened(images.picture(_write(tmp_path, huge), 1, None, 300))

    assert 0.9 * MOST_PIXELS < picture.width * picture.height <= MOST_PIXELS


def test_a_ribbon_of_a_page_is_no_longer_than_the_longest_side(images: SandboxedExtractor, tmp_path: Path) -> None:
    ribbon = hostile_pdfs.make_page(_BLACK_SQUARE, "0 0 14400 2")
    picture = _opened(images.picture(_write(tmp_path, ribbon), 1, None, 300))

    assert picture.size == (MOST_SIDE_PX, 3)


def test_a_page_that_is_not_there_is_named(images: SandboxedExtractor, tmp_path: Path) -> None:
    pdf = _write(tmp_path, make_pdf(["Only one"]))

    with pytest.raises(ReadError, match=r"^there is no page 2: the PDF has 1 pages$"):
        images.picture(pdf, 2, None, 72)


def test_a_file_that_is_no_pdf_and_one_that_is_absent_are_named(images: SandboxedExtractor, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="not a PDF: an HTML page"):
        images.picture(_write(tmp_path, b"<html></html>"), 1, None, 72)
    with pytest.raises(ReadError, match="No such file"):
        images.picture(tmp_path / "absent.pdf", 1, None, 72)


def test_a_file_written_anew_is_drawn_anew(images: SandboxedExtractor, tmp_path: Path) -> None:
    images.picture(_write(tmp_path, hostile_pdfs.make_page(_BLACK_SQUARE)), 1, None, 72)
    blank = _opened(images.picture(_write(tmp_path, hostile_pdfs.make_page(b"")), 1, None, 72))

    assert blank.getextrema() == (255, 255)


def test_reading_and_drawing_take_turns_in_one_process(images: SandboxedExtractor, tmp_path: Path) -> None:
    pdf = _write(tmp_path, make_pdf(["Both in one"]))

    sizes = [_opened(images.picture(pdf, 1, None, 36)).size for _ in range(2)]

    assert images.extract(pdf).text == "Both in one"
    assert sizes == [(306, 396)] * 2


def test_drawing_that_takes_too_long_is_given_up_and_the_next_page_is_drawn(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(hostile_pdfs.make_text_bomb(8_000_000))
    good = _write(tmp_path, make_pdf(["Fine"]))

    with open_extractor(OcrSettings(workers=1, timeout_s=1.0, memory_mb=4000)) as images:
        with pytest.raises(ReadError, match=r"^took longer than 1 s to draw$"):
            images.picture(slow, 1, None, 72)
        assert _opened(images.picture(good, 1, None, 72)).size == (612, 792)
