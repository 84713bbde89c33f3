"""Work on many things in threads, of which no more are drawn than there is room for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class SideBySide(Generic[_Item, _Result]):
    """Runs `work` in `threads`; `most` says, whenever one is done, how many may be in work or waiting for a thread."""

    def __init__(self, threads: ThreadPoolExecutor, work: Callable[[_Item], _Result], most: Callable[[], int]) -> None:
        self._threads = threads
        self._work = work
        self._most = most
        self._pending: set[Future[_Result]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in work."""
        return not self._pending

    def results(self, items: Iterator[_Item]) -> Generator[Future[_Result], None, None]:
        """Each as it is done, so not in the order of `items`; ends with the last of those that were drawn.

        Closed early, it drops what no thread has begun.
        """
        try:
            while True:
                for item in islice(items, max(0, self._most() - len(self._pending))):
                    self._pending.add(self._threads.submit(self._work, item))
                if not self._pending:
                    return
                done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
                yield from done
        finally:
            for future in self._pending:
                future.cancel()
