"""Pictures for visitors: one is drawn at a time, few may wait, and the last ones are kept.

Drawing a page takes processor and memory, and anybody may ask for any page of the archive.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock

from pipeline.document import Box
from pipeline.errors import ReadError
from pipeline.ports import PageImages

WAIT_S = 15.0
MOST_WAITING = 12  # two browsers' worth of connections, and a third of the server's 40 threads
_KEPT = 24  # pictures of about 200 kB


class OneAtATime:
    """Implements `pipeline.ports.PageImages` over another; safe to share between threads.

    Raises ReadError that is not permanent where it is too busy.
    """

    def __init__(self, images: PageImages, wait_s: float = WAIT_S, most_waiting: int = MOST_WAITING) -> None:
        self._images = images
        self._wait_s = wait_s
        self._drawing = Lock()
        self._places = BoundedSemaphore(most_waiting + 1)
        self._kept: OrderedDict[tuple[Path, int, Box | None, int], bytes] = OrderedDict()
        self._keeping = Lock()

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        """As the port says; one of the last pictures comes without drawing."""
        wanted = (pdf, page, box, dpi)
        if (kept := self._recall(wanted)) is not None:
            return kept
        with self._turn():
            if (kept := self._recall(wanted)) is not None:  # somebody drew it while this one waited
                return kept
            content = self._images.picture(pdf, page, box, dpi)
            self._remember(wanted, content)
            return content

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise ReadError("too many pictures are asked for at once", permanent=False)
        try:
            if not self._drawing.acquire(timeout=self._wait_s):
                raise ReadError(f"no picture could be made within {self._wait_s:.0f} s", permanent=False)
            try:
                yield
            finally:
                self._drawing.release()
        finally:
            self._places.release()

    def _recall(self, wanted: tuple[Path, int, Box | None, int]) -> bytes | None:
        with self._keeping:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
            return self._kept.get(wanted)

    def _remember(self, wanted: tuple[Path, int, Box | None, int], content: bytes) -> None:
        with self._keeping:
            self._kept[wanted] = content
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
