from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.blobs import Blobs
from pipeline.document import Box, Figure, FigureKind
from pipeline.errors import ReadError
from pipeline.illustrations import FIGURE_DPI, PAGE_DPI, Illustrator, figure_name, page_name
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredFigure
from pipeline.store import Store, open_store
from tests.fakes.images import FakeImages
from tests.fakes.papers import make_paper

NOW = datetime(2026, 11, 17, 8, tzinfo=UTC)
KEY = PaperKey("2611.00001", 1)
FIGURE = Figure(FigureKind.FIGURE, "Figure 1", "Figure 1: What the index holds.", 2, Box(100, 100, 500, 300))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One kind is enough: nothing here asks the database what others do not."""
    opened = open_store(f"sqlite:///{tmp_path / 'autoreader.db'}")
    yield opened
    opened.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def _saved(store: Store, blobs: Blobs) -> None:
    sha256 = blobs.put(b"%PDF-1.4 of a test")
    with store.begin() as work:
        work.papers.save([make_paper()], NOW.date())
        work.reading.save_outcome(Outcome(KEY, Stage.DOWNLOAD, OutcomeState.DONE, NOW, blob_sha256=sha256))
        work.figures.replace(KEY, [FIGURE], [])


def _figure(store: Store) -> StoredFigure:
    with store.read() as work:
        return work.figures.of([KEY.paper_id])[KEY.paper_id][0]


def test_a_figure_is_cut_out_once_with_a_little_margin_and_kept(store: Store, blobs: Blobs) -> None:
    _saved(store, blobs)
    images = FakeImages()
    illustrator = Illustrator(store, blobs, images)

    first = illustrator.figure(_figure(store))
    second = illustrator.figure(_figure(store))

    assert first == second
    assert images.asked == [(2, Box(99, 99, 501, 301), FIGURE_DPI)]
    assert blobs.get(_figure(store).image_sha256) == first


def test_a_kept_picture_that_is_gone_is_cut_out_again(store: Store, blobs: Blobs) -> None:
    _saved(store, blobs)
    illustrator = Illustrator(store, blobs, FakeImages())
    first = illustrator.figure(_figure(store))
    blobs.path(_figure(store).image_sha256).unlink()

    assert illustrator.figure(_figure(store)) == first
    assert blobs.get(_figure(store).image_sha256) == first


def test_a_page_is_drawn_whole(store: Store, blobs: Blobs) -> None:
    _saved(store, blobs)
    images = FakeImages()

    Illustrator(store, blobs, images).page(KEY, 3)

    assert images.asked == [(3, None, PAGE_DPI)]


def test_what_cannot_be_drawn_is_tried_and_complained_of_once(
    store: Store, blobs: Blobs, caplog: pytest.LogCaptureFixture
) -> None:
    _saved(store, blobs)
    images = FakeImages(ReadError("page 2 is 40 m wide"))
    illustrator = Illustrator(store, blobs, images)

    for _ in range(3):
        with pytest.raises(ReadError, match="40 m wide"), caplog.at_level(logging.WARNING):
            illustrator.figure(_figure(store))

    assert len(images.asked) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "no picture of 2611.00001v1 page 2: page 2 is 40 m wide"
    ]
    assert illustrator.has_failed(figure_name(blobs.put(b"%PDF-1.4 of a test"), FIGURE))


def test_what_may_pass_is_tried_again(store: Store, blobs: Blobs) -> None:
    _saved(store, blobs)
    images = FakeImages(ReadError("another picture is being made", permanent=False))
    illustrator = Illustrator(store, blobs, images)

    with pytest.raises(ReadError):
        illustrator.figure(_figure(store))
    images.error = None

    assert illustrator.figure(_figure(store))


def test_without_its_pdf_there_is_no_picture(store: Store, blobs: Blobs) -> None:
    _saved(store, blobs)
    blobs.path(blobs.put(b"%PDF-1.4 of a test")).unlink()

    with pytest.raises(ReadError, match="its PDF is not here any more"):
        Illustrator(store, blobs, FakeImages()).figure(_figure(store))


def test_names_change_with_the_file_the_page_and_the_box() -> None:
    names = {
        figure_name("a" * 64, FIGURE),
        figure_name("b" * 64, FIGURE),
        figure_name("a" * 64, Figure(FIGURE.kind, "", "", 3, FIGURE.box)),
        page_name("a" * 64, 2),
        page_name("a" * 64, 3),
    }

    assert len(names) == 5
