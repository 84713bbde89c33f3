from collections.abc import Sequence
from dataclasses import replace

from ocr.rapid.layout import sort_page
from ocr.rapid.page import page_of
from ocr.rapid.sight import Point, SeenBox, SeenLine, Sight, decode_sight, encode_sight
from pipeline.document import Block, BlockKind, Box, Gauge, Page, PageStatus, Usage

_PX = (1275, 1650)  # letter at 150 dpi
_PROSE = "the boats on the widest river were counted every week"
_EVIDENCE = Page(4, 612.0, 792.0, (), "text_layer", PageStatus.DEGRADED, "no text layer: a scan")


def _line(text: str, left: float, top: float, width: float = 0.0, score: float = 0.97) -> SeenLine:
    right = left + (width or 11.0 * len(text))
    return SeenLine(text, score, ((left, top), (right, top), (right, top + 24), (left, top + 24)))


def _sight(lines: Sequence[SeenLine], boxes: Sequence[SeenBox] = (), ink: float = 0.05, quarters: int = 0) -> Sight:
    size = _PX if quarters % 2 == 0 else _PX[::-1]
    return Sight(*size, quarters, ink, tuple(lines), tuple(boxes), cpu_seconds=5.0)


def _prose(top: float = 400, count: int = 6) -> list[SeenLine]:
    return [_line(_PROSE, 200, top + 30 * row) for row in range(count)]


def _kinds(page: Page) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in page.blocks]


def test_lines_become_a_paragraph() -> None:
    page = page_of(_sight(_prose()), _EVIDENCE, 6.0)

    assert _kinds(page) == [(BlockKind.TEXT, " ".join([_PROSE] * 6))]
    assert (page.number, page.engine, page.status, page.reason) == (4, "rapidocr", PageStatus.OK, "")
    assert page.usage == Usage(seconds=6.0, cpu_seconds=5.0)


def test_a_word_broken_at_a_line_end_is_joined() -> None:
    page = page_of(
        _sight([_line("they counted the bo-", 200, 400), _line("ats that passed by", 200, 430)]), _EVIDENCE, 1
    )

    assert page.blocks[0].text == "they counted the boats that passed by"


def test_a_heading_is_what_the_layout_model_calls_a_title() -> None:
    title = SeenBox("title", 0.95, 190, 345, 500, 380)

    page = page_of(_sight([_line("Results", 200, 350), *_prose()], [title]), _EVIDENCE, 1.0)

    assert _kinds(page)[0] == (BlockKind.HEADING, "Results")


def test_the_row_of_a_header_is_a_header_as_a_whole() -> None:
    header = SeenBox("header", 0.9, 190, 80, 260, 130)

    page = page_of(_sight([_line("400", 200, 90), _line("QUIET RIVERS", 600, 90), *_prose()], [header]), _EVIDENCE, 1)

    assert [kind for kind, _ in _kinds(page)] == [BlockKind.HEADER, BlockKind.TEXT]
    assert page.blocks[0].text == "400 QUIET RIVERS"


def test_a_table_keeps_its_rows() -> None:
    cells = [_line(f"{row}{column}", 300 + 200 * column, 700 + 30 * row) for row in (1, 2) for column in (1, 2)]
    table = SeenBox("table", 0.9, 280, 690, 800, 800)

    page = page_of(_sight([*_prose(), *cells], [table]), _EVIDENCE, 1.0)

    assert _kinds(page)[-1] == (BlockKind.TABLE, "11  12\n21  22")


def test_prose_in_a_figures_box_stays_prose() -> None:
    figure = SeenBox("figure", 0.9, 190, 390, 1000, 600)

    page = page_of(_sight(_prose(), [figure]), _EVIDENCE, 1.0)

    assert [kind for kind, _ in _kinds(page)] == [BlockKind.TEXT]


def test_a_tilted_page_is_read_in_order() -> None:
    lines = [
        SeenLine(line.text, line.score, tuple((x, y + 0.05 * x) for x, y in line.corners))  # type: ignore[arg-type]  # four points stay four
        for line in [_line("left of the row", 200, 400), _line("right of the row", 700, 400), *_prose(470)]
    ]

    page = page_of(_sight(lines), _EVIDENCE, 1.0)

    assert [block.text for block in page.blocks[:2]] == ["left of the row", "right of the row"]


def test_boxes_of_a_turned_page_lie_where_the_page_has_them() -> None:
    page = page_of(_sight([_line(_PROSE, 165, 0.0, width=660)], quarters=1), _EVIDENCE, 1.0)

    # Turned counter-clockwise, what is at the top left was at the top right; there it ran down.
    assert page.blocks[0].box.right == 1000
    assert (page.blocks[0].box.top, page.blocks[0].box.bottom) == (100, 500)
    assert (page.width_pt, page.height_pt) == (612.0, 792.0)


def test_a_blank_page_is_fine() -> None:
    page = page_of(_sight([], ink=0.0001), _EVIDENCE, 1.0)

    assert (page.blocks, page.status, page.reason) == ((), PageStatus.OK, "blank")


def test_nothing_found_on_a_printed_page_is_never_fine() -> None:
    page = page_of(_sight([], ink=0.12), _EVIDENCE, 1.0)

    assert (page.status, page.reason) == (PageStatus.DEGRADED, "no text found, though 12.0% of the page is printed on")


def test_a_page_hardly_read_says_so() -> None:
    page = page_of(_sight([_line("xzq wvk ttl", 200, 400, score=0.55)]), _EVIDENCE, 1.0)

    assert page.status is PageStatus.DEGRADED
    assert page.reason == "hardly readable: RapidOCR trusts its 11 characters by 55%"


def _with_text(text: str) -> Page:
    return Page(4, 612.0, 792.0, (Block(BlockKind.TEXT, text, Box(100, 100, 900, 900), 0),), "text_layer")


def test_a_better_text_under_the_image_is_kept() -> None:
    evidence = _with_text(" ".join([_PROSE] * 6))

    page = page_of(_sight(_prose(count=2)), evidence, 6.0)

    assert (page.engine, page.status) == ("text_layer", PageStatus.OK)
    assert page.blocks == evidence.blocks
    assert page.reason == ("its own text is better than what rapidocr reads: 60 words and 0 odd ones against 20 and 0")
    assert page.usage.cpu_seconds == 5.0


def test_a_better_text_full_of_junk_stays_degraded() -> None:
    gauge = Gauge(characters=2000, junk_share=0.2, image_cover=0.0, math_share=0.0, table_share=0.0)
    evidence = replace(
        _with_text(" ".join([_PROSE] * 6)), status=PageStatus.DEGRADED, reason="poor text layer", gauge=gauge
    )

    page = page_of(_sight(_prose(count=2)), evidence, 6.0)

    assert page.status is PageStatus.DEGRADED
    assert page.reason.startswith("poor text layer; its own text is better than what rapidocr reads")


def test_a_worse_text_under_the_image_is_not() -> None:
    page = page_of(
        _sight(_prose()), _with_text("tbe b0ats 0n tlie w1dest r1ver vvere c0untcd xvbk 3very wtk " * 6), 6.0
    )

    assert page.engine == "rapidocr"


def test_a_sight_survives_the_way_between_processes() -> None:
    sight = _sight(_prose(), [SeenBox("title", 0.9, 1.0, 2.0, 3.0, 4.0)])

    assert decode_sight(encode_sight(sight)) == sight


def test_the_layout_engine_marks_blocks_and_drops_none() -> None:
    blocks = (
        Block(BlockKind.TEXT, "Methods", Box(100, 200, 300, 220), 0),
        Block(BlockKind.TEXT, _PROSE, Box(100, 240, 900, 400), 1),
        Block(BlockKind.TEXT, "Annals of Rivers", Box(100, 30, 400, 50), 2),
    )
    evidence = Page(4, 612.0, 792.0, blocks, "text_layer")
    boxes = [_box("title", 95, 195, 310, 225), _box("header", 90, 25, 450, 55), _box("figure", 90, 230, 910, 410)]

    page = sort_page(_sight([], boxes), evidence, 0.3)

    assert _kinds(page) == [
        (BlockKind.HEADER, "Annals of Rivers"),
        (BlockKind.HEADING, "Methods"),
        (BlockKind.TEXT, _PROSE),
    ]
    assert [block.order for block in page.blocks] == [0, 1, 2]
    assert page.engine == "layout"


def test_authors_are_no_headings_whatever_the_layout_model_sees() -> None:
    blocks = (
        Block(BlockKind.TEXT, "Ada Lind and Bo Okafor", Box(300, 150, 700, 170), 0),
        Block(BlockKind.HEADING, "Abstract", Box(450, 250, 550, 270), 1),
    )
    evidence = Page(1, 612.0, 792.0, blocks, "text_layer")

    page = sort_page(_sight([], [_box("title", 290, 145, 710, 175)]), evidence, 0.3)

    assert [kind for kind, _ in _kinds(page)] == [BlockKind.TEXT, BlockKind.HEADING]


def _box(label: str, left: int, top: int, right: int, bottom: int) -> SeenBox:
    """In per mille of the page."""
    corner: Point = (_PX[0] / 1000, _PX[1] / 1000)
    return SeenBox(label, 0.9, left * corner[0], top * corner[1], right * corner[0], bottom * corner[1])
