from __future__ import annotations

from pathlib import Path

from flows.documents import document_json, unique_names, write_figures
from pipeline.document import Box, Citation, Document, Figure, FigureKind, Reference
from pipeline.errors import ReadError
from tests.fakes.page_readers import make_page

BOX = Box(100, 200, 900, 400)
DOCUMENT = Document(
    (make_page(1, "Words."),),
    "text_layer/fake",
    figures=(
        Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: A curve.", 1, BOX),
        Figure(FigureKind.TABLE, "", "", 2, BOX),
    ),
    references=(Reference("[1] A. Lind. Curves. 2020.", 1, BOX, "1", ("Lind, A.",), "Curves", 2020),),
    citations=(Citation(1, 0, 0, 3, (0,)),),
)


class OnePageImages:
    """Draws page 1 of any file and knows no other."""

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        if page != 1:
            raise ReadError(f"{pdf.name} has no page {page}")
        return f"{box} at {dpi}".encode()


def test_figures_and_references_are_told_with_all_their_fields() -> None:
    shown = document_json(Path("paper.pdf"), DOCUMENT)

    assert shown["figures"][0] == {
        "kind": "figure",
        "label": "Figure 1",
        "caption": "Figure 1: A curve.",
        "page": 1,
        "box": [100, 200, 900, 400],
    }
    assert shown["references"] == [
        {
            "text": "[1] A. Lind. Curves. 2020.",
            "label": "1",
            "authors": ["Lind, A."],
            "title": "Curves",
            "year": 2020,
            "venue": "",
            "arxiv_id": "",
            "doi": "",
            "url": "",
        }
    ]
    assert shown["citations"] == 1


def test_a_file_that_cannot_be_read_has_the_same_shape_and_a_reason() -> None:
    shown = document_json(Path("paper.pdf"), ReadError("encrypted: needs a password"))

    assert shown["error"] == "encrypted: needs a password"
    assert shown.keys() - {"error"} == document_json(Path("paper.pdf"), DOCUMENT).keys()


def test_figures_are_written_under_the_name_the_text_gives_them(tmp_path: Path) -> None:
    written = write_figures(OnePageImages(), Path("some/paper.pdf"), DOCUMENT, tmp_path / "figures" / "paper")

    first, second = written
    assert first == tmp_path / "figures" / "paper-01-figure-1.png"
    assert (tmp_path / "figures" / "paper-01-figure-1.png").read_bytes() == f"{BOX} at 160".encode()
    assert isinstance(second, ReadError)


def test_files_of_one_name_get_names_of_their_own() -> None:
    files = [Path("a/paper.pdf"), Path("b/paper.pdf"), Path("paper-2.pdf")]

    assert list(unique_names(files).values()) == ["paper", "paper-2", "paper-2-2"]
