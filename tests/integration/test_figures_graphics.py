from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from ocr.page.graphics import Graphics, Shape, ShapeKind
from ocr.page.pdf_page import read_page
from ocr.text_layer import read_text_layer
from pipeline.document import BlockKind, Box, Figure, FigureKind
from tests.fakes.hostile_pdfs import make_scan
from tests.fakes.pdf_bytes import assemble, stream

Read = Callable[..., Graphics]

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"


def _document(content: bytes, *forms: bytes, page: bytes = b"") -> bytes:
    names = b" ".join(b"/X%d %d 0 R" % (index, 7 + index) for index in range(len(forms)))
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s"
            b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> /XObject << %s >> >> >>" % (page, names),
            stream(content),
            _FONT % b"Helvetica",
            _FONT % b"CMMI10",
            *(
                stream(
                    form, b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> >>"
                )
                for form in forms
            ),
        ]
    )


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(content: bytes) -> Graphics:
        target = tmp_path / "page.pdf"
        target.write_bytes(content)
        with pypdfium2.PdfDocument(target) as document:
            return read_page(document[0], 1).graphics

    return write_and_read


def _rounded(shape: Shape) -> tuple[ShapeKind, int, int, int, int]:
    return shape.kind, round(shape.left), round(shape.top), round(shape.right), round(shape.bottom)


def test_shapes_lie_where_they_are_seen_from_the_top_left(read: Read) -> None:
    (shape,) = read(_document(b"100 500 200 100 re f")).shapes

    assert _rounded(shape) == (ShapeKind.PATH, 100, 200, 300, 300)


def test_shapes_turn_with_the_page(read: Read) -> None:
    (shape,) = read(_document(b"100 500 200 100 re f", page=b"/Rotate 90")).shapes

    assert _rounded(shape) == (ShapeKind.PATH, 500, 100, 600, 300)


def test_shapes_are_cut_off_at_the_page_and_by_what_clips_them(read: Read) -> None:
    beyond, clipped = read(_document(b"-50 700 300 300 re f q 100 100 50 50 re W n 0 0 500 600 re f Q")).shapes

    assert _rounded(beyond) == (ShapeKind.PATH, 0, 0, 250, 100)
    assert _rounded(clipped) == (ShapeKind.PATH, 100, 650, 150, 700)


def test_a_form_is_one_shape_and_its_text_is_lettering(read: Read) -> None:
    form = b"0 0 100 50 re f 0 60 10 10 re f BT /F1 10 Tf 20 20 Td (axis) Tj ET"

    graphics = read(_document(b"q 2 0 0 2 100 100 cm /X0 Do Q", form))

    assert [_rounded(shape) for shape in graphics.shapes] == [(ShapeKind.FORM, 100, 560, 300, 700)]
    (lettering,) = graphics.lettering
    assert 140 <= lettering.left <= 142
    assert 640 <= lettering.top <= 660


def test_of_a_form_only_what_its_own_clipping_shows_is_seen(read: Read) -> None:
    graphics = read(_document(b"/X0 Do", b"q 100 100 200 150 re W n 0 0 500 500 re f Q"))

    assert [_rounded(shape) for shape in graphics.shapes] == [(ShapeKind.FORM, 100, 550, 300, 700)]


def test_a_form_that_holds_the_page_is_looked_through(read: Read) -> None:
    content = b"0 0 590 790 re S 100 500 200 100 re f BT /F1 10 Tf 50 700 Td (prose) Tj ET"

    graphics = read(_document(b"/X0 Do", content))

    assert [shape.kind for shape in graphics.shapes] == [ShapeKind.PATH, ShapeKind.PATH]
    assert graphics.lettering == ()


def test_images_are_found_inside_of_forms_too(read: Read) -> None:
    graphics = read(make_scan())

    assert [_rounded(image) for image in graphics.images] == [(ShapeKind.IMAGE, 0, 0, 612, 792)]


def test_mathematics_is_told_by_its_fonts(read: Read) -> None:
    content = b"BT /F1 10 Tf 50 700 Td (aaaaa) Tj ET BT /F2 10 Tf 50 650 Td (aaaaa) Tj ET"

    assert read(_document(content)).math_share == pytest.approx(0.5, abs=0.05)


def test_a_figure_in_a_paper_is_found_with_its_caption_and_its_lettering_stays_out_of_the_prose(tmp_path: Path) -> None:
    prose = b"BT /F1 10 Tf 60 %d Td (These are the words of a paragraph that nobody set in a figure at all.) Tj ET "
    drawing = (
        b"100 450 400 200 re S 100 450 m 300 640 l 500 500 l S BT /F1 7 Tf 250 436 Td (seconds) Tj ET "
        b"BT /F1 9 Tf 200 415 Td (Figure 1: How long it takes to read a page of text) Tj ET "
    )
    target = tmp_path / "paper.pdf"
    target.write_bytes(_document(prose % 740 + prose % 728 + prose % 716 + drawing + prose % 380 + prose % 368))

    document = read_text_layer(target, 9)

    caption = "Figure 1: How long it takes to read a page of text"
    assert document.figures == (Figure(FigureKind.FIGURE, "Figure 1", caption, 1, Box(164, 186, 836, 456)),)
    kinds = [(block.kind, block.text[:15]) for block in document.pages[0].blocks]
    assert kinds[1:3] == [(BlockKind.FIGURE, "seconds"), (BlockKind.CAPTION, "Figure 1: How l")]
