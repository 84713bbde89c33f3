"""Pictures of what was read: figures, cut out when first wanted and kept, and whole pages.

Used by the web page and by the digest, which ask `pipeline.licence` first whether they may show them.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

from pipeline.blobs import Blobs
from pipeline.document import Box, Figure
from pipeline.errors import ReadError, StoreError
from pipeline.ports import PageImages
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredFigure
from pipeline.store import Store

logger = logging.getLogger(__name__)

FIGURE_DPI = 160  # a column's figure of 85 mm is then 530 pixels wide
PAGE_DPI = 110  # a letter page is then 935 pixels wide: legible, and about 200 kB
_MARGIN = 1  # per mille of the page around a figure: boxes are tight, and lines are drawn on their edge
_FAILURES_KEPT = 1000


class Illustrator:
    """Finds or makes pictures; safe to share between threads. A PDF that cannot be drawn is complained of once."""

    def __init__(self, store: Store, blobs: Blobs, images: PageImages) -> None:
        self._store = store
        self._blobs = blobs
        self._images = images
        self._failures: OrderedDict[str, str] = OrderedDict()  # name of a picture -> why there is none
        self._lock = Lock()

    def figure(self, stored: StoredFigure) -> bytes:
        """A figure as PNG. Raises ReadError; not permanent where asking again may help."""
        if stored.image_sha256:
            try:
                return self._blobs.get(stored.image_sha256)
            except StoreError as error:
                logger.warning("the picture of %s is cut out again: %s", stored.key, error)
        content = self._draw(stored.key, stored.figure.page, _with_margin(stored.figure.box), FIGURE_DPI)
        self._keep(stored, content)
        return content

    def page(self, key: PaperKey, number: int) -> bytes:
        """A page, from 1, as PNG. Raises ReadError; not permanent where asking again may help."""
        return self._draw(key, number, None, PAGE_DPI)

    def has_failed(self, name: str) -> bool:
        """Whether a picture of this name was tried in vain."""
        with self._lock:
            return name in self._failures

    def _draw(self, key: PaperKey, page: int, box: Box | None, dpi: int) -> bytes:
        sha256 = self._pdf(key)
        name = _name(sha256, page, box, dpi)
        with self._lock:
            if why := self._failures.get(name):
                raise ReadError(why)
        try:
            return self._images.picture(self._file(sha256), page, box, dpi)
        except ReadError as error:
            if error.permanent:
                self._note(name, str(error))
                logger.warning("no picture of %s page %d: %s", key, page, error)
            raise

    def _file(self, pdf_sha256: str) -> Path:
        path = self._blobs.path(pdf_sha256)
        if not (pdf_sha256 and path.exists()):
            raise ReadError("its PDF is not here any more")
        return path

    def _note(self, name: str, why: str) -> None:
        with self._lock:
            self._failures[name] = why
            while len(self._failures) > _FAILURES_KEPT:
                self._failures.popitem(last=False)

    def _keep(self, stored: StoredFigure, content: bytes) -> None:
        """Remembers a figure's picture; where that fails, it is cut out again another time."""
        try:
            sha256 = self._blobs.put(content)
            with self._store.begin() as work:
                work.figures.save_picture(stored.key, stored.ordinal, sha256)
        except StoreError as error:
            logger.warning("the picture of %s was not kept: %s", stored.key, error)

    def _pdf(self, key: PaperKey) -> str:
        with self._store.read() as work:
            return pdf_of(key, work.reading.outcomes_of([key.paper_id]))


def pdf_of(key: PaperKey, outcomes: Iterable[Outcome]) -> str:
    """The blob of a version's PDF, from the outcomes of its paper; empty where there is none."""
    wanted = (key, Stage.DOWNLOAD, OutcomeState.DONE)
    return next((one.blob_sha256 for one in outcomes if (one.key, one.stage, one.state) == wanted), "")


def figure_name(pdf_sha256: str, figure: Figure) -> str:
    """A name that changes with all that decides what a figure's picture looks like, for caches."""
    return _name(pdf_sha256, figure.page, _with_margin(figure.box), FIGURE_DPI)


def page_name(pdf_sha256: str, number: int) -> str:
    """The same of a whole page."""
    return _name(pdf_sha256, number, None, PAGE_DPI)


def _with_margin(box: Box) -> Box:
    return Box(
        max(box.left - _MARGIN, 0),
        max(box.top - _MARGIN, 0),
        min(box.right + _MARGIN, 1000),
        min(box.bottom + _MARGIN, 1000),
    )


def _name(pdf_sha256: str, page: int, box: Box | None, dpi: int) -> str:
    return hashlib.sha256(f"{pdf_sha256}/{page}/{box}/{dpi}".encode()).hexdigest()[:20]
