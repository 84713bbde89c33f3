"""One run over one endpoint: things asked side by side until all are done, or nobody will be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from ocr.endpoints.endpoint import Endpoint
from ocr.side_by_side import SideBySide
from pipeline.errors import OcrError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Run(Generic[_Item, _Result]):
    """Draws `ahead` more items than the endpoint bears at once. An OcrError of `work` is about all: it ends the run."""

    def __init__(
        self, endpoint: Endpoint, threads: ThreadPoolExecutor, work: Callable[[_Item], _Result], ahead: int
    ) -> None:
        self._endpoint = endpoint
        self._ahead = ahead
        self._work = SideBySide(threads, work, self._most)
        self._end: OcrError | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in work."""
        return self._work.is_idle

    @property
    def is_stopped(self) -> bool:
        """Whether no more is drawn."""
        return self._end is not None

    def results(self, items: Iterator[_Item]) -> Iterator[_Result]:
        """Each as it comes, also those under way when the run ends; what ended it is raised after them."""
        for future in self._work.results(items):
            try:
                result = future.result()
            except OcrError as error:
                self.stop(error)
            else:
                yield result
        if self._end is not None:
            raise self._end

    def stop(self, error: OcrError) -> None:
        """Draws no more; whoever waits for the endpoint is told, answers under way are still taken."""
        self._end = self._end or error
        self._endpoint.patience.give_up(error)

    def _most(self) -> int:
        return 0 if self.is_stopped else self._endpoint.throttle.limit + self._ahead
