from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import pytest

from pipeline.document import Box
from pipeline.errors import ReadError
from web.one_at_a_time import OneAtATime

PDF = Path("a.pdf")


@dataclass
class SlowImages:
    """Draws once it is let; counts how many it draws at the same time."""

    may_draw: Event = field(default_factory=Event)
    has_begun: Event = field(default_factory=Event)
    drawn: list[int] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    _lock: Lock = field(default_factory=Lock)

    def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
        del pdf, box, dpi
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.has_begun.set()
        self.may_draw.wait(10)
        with self._lock:
            self.at_once -= 1
            self.drawn.append(page)
        return b"page %d" % page


def test_one_picture_is_drawn_at_a_time() -> None:
    images = SlowImages()
    images.may_draw.set()
    gallery = OneAtATime(images)

    with ThreadPoolExecutor(8) as threads:
        contents = list(threads.map(lambda page: gallery.picture(PDF, page, None, 96), range(8)))

    assert contents == [b"page %d" % page for page in range(8)]
    assert images.most_at_once == 1


def test_those_who_wait_for_the_same_picture_share_it() -> None:
    images = SlowImages()
    gallery = OneAtATime(images)

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(gallery.picture, PDF, 1, None, 96) for _ in range(4)]
        images.may_draw.set()
        contents = {one.result() for one in waiting}

    assert contents == {b"page 1"}
    assert images.drawn == [1]


def test_who_waits_too_long_is_told_so() -> None:
    images = SlowImages()
    gallery = OneAtATime(images, wait_s=0.01)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(gallery.picture, PDF, 1, None, 96)
        images.has_begun.wait(10)
        with pytest.raises(ReadError) as raised:
            gallery.picture(PDF, 2, None, 96)
        images.may_draw.set()
        first.result()

    assert not raised.value.permanent


def test_where_too_many_wait_already_nobody_joins_them() -> None:
    images = SlowImages()
    gallery = OneAtATime(images, wait_s=60, most_waiting=0)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(gallery.picture, PDF, 1, None, 96)
        images.has_begun.wait(10)
        with pytest.raises(ReadError, match="too many"):
            gallery.picture(PDF, 2, None, 96)
        images.may_draw.set()
        first.result()

    assert gallery.picture(PDF, 2, None, 96) == b"page 2"


def test_a_failure_gives_the_place_back() -> None:
    class Broken:
        def picture(self, pdf: Path, page: int, box: Box | None, dpi: int) -> bytes:
            del pdf, page, box, dpi
            raise ReadError("broken")

    gallery = OneAtATime(Broken(), wait_s=0.01, most_waiting=0)

    for _ in range(3):
        with pytest.raises(ReadError, match="broken"):
            gallery.picture(PDF, 1, None, 96)
