from ocr.assemble import DocumentAssembler
from pipeline.document import Block, BlockKind, Box, Document, Figure, FigureKind, Gauge, Page, PageStatus, Usage

_GAUGE = Gauge(0, 0.0, 1.0, 0.0, 0.0)
_SCAN = Page(2, 612, 792, (), "text_layer", PageStatus.DEGRADED, "no text layer", gauge=_GAUGE)
_PICTURE = Block(BlockKind.FIGURE, "", Box(100, 100, 900, 400), 0)
_CAPTION = Block(BlockKind.CAPTION, "Figure 1: How it works", Box(100, 410, 900, 430), 1)
_FIGURE = Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: How it works", 2, Box(100, 100, 900, 400))


def _text(number: int, text: str) -> Page:
    return Page(number, 612, 792, (Block(BlockKind.TEXT, text, Box(100, 100, 900, 200), 0),), "text_layer")


_LAYER = Document((_text(1, "First"), _SCAN, _text(3, "Third")), "text_layer/1", 0.5)


def test_pages_read_otherwise_take_the_place_of_those_of_their_number() -> None:
    page = Page(2, 612, 792, (_PICTURE, _CAPTION), "surya", usage=Usage(seconds=2.0, cost_usd=0.01))

    document = DocumentAssembler().assemble(_LAYER, [page])

    assert [(page.number, page.engine) for page in document.pages] == [
        (1, "text_layer"),
        (2, "surya"),
        (3, "text_layer"),
    ]
    assert document.figures == (_FIGURE,)
    assert (document.seconds, document.cost_usd, document.engine_key) == (2.5, 0.01, "text_layer/1")


def test_a_page_keeps_what_the_gate_measured_on_it() -> None:
    document = DocumentAssembler().assemble(_LAYER, [Page(2, 612, 792, (), "rapidocr")])

    assert document.pages[1].gauge == _GAUGE


def test_without_new_pages_the_document_stays_as_it_is() -> None:
    assert DocumentAssembler().assemble(_LAYER, []) == _LAYER


def test_references_are_found_on_all_pages_anew() -> None:
    heading = Block(BlockKind.HEADING, "References", Box(100, 50, 900, 80), 0)
    entry = Block(
        BlockKind.REFERENCE, "[1] A. Lind. A study of texts. 2021. arXiv:2101.00001", Box(100, 100, 900, 130), 1
    )
    citing = Page(1, 612, 792, (Block(BlockKind.TEXT, "As shown in [1].", Box(100, 100, 900, 200), 0),), "text_layer")
    layer = Document((citing, _SCAN), "text_layer/1")

    document = DocumentAssembler().assemble(layer, [Page(2, 612, 792, (heading, entry), "surya")])

    assert [(reference.label, reference.arxiv_id) for reference in document.references] == [("1", "2101.00001")]
    assert [(citation.page, citation.references) for citation in document.citations] == [(1, (0,))]
