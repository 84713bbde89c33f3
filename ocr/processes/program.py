"""What the programs of our processes share: stdout for answers alone, limits of their own, an end when stdin ends."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

from ocr.processes.frames import Reply, pack_frame, read_frame

_STDERR_BYTES = 1 << 20


class Answers:
    """Stdout for frames alone: whatever else prints goes to stderr."""

    def __init__(self) -> None:
        private = os.dup(1)
        os.dup2(2, 1)
        self._stream: BinaryIO = os.fdopen(private, "wb")

    def send(self, kind: Reply, payload: bytes = b"") -> None:
        """One frame, at once."""
        self._stream.write(pack_frame(kind, payload))
        self._stream.flush()


def questions() -> Iterator[tuple[bytes, bytes]]:
    """The frames on stdin. The process ends when stdin does, even in the middle of a page: it outlives no parent."""
    waiting: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    while True:
        yield waiting.get()


def limit_memory(memory_mb: int) -> None:
    """Bounds address space, written files and core dumps; where the system has no such limits, time is the only one."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_STDERR_BYTES, _STDERR_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))


def _listen(waiting: queue.SimpleQueue[tuple[bytes, bytes]]) -> None:
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        waiting.put(frame)
    os._exit(0)  # the parent is gone or done; a library deep in a page would not hear of an exception
