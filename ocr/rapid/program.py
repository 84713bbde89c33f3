"""The program of the models' process: `python -m ocr.rapid.program MEMORY_MB`.

Started and ended by `ocr.rapid.process` alone. It reads pictures from stdin, looks at them and answers on stdout. It
ends when stdin does, even in the middle of a page: so it never outlives its parent.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ocr.processes.child_side import limit_memory, private_stdout
from ocr.rapid.sight import encode_sight
from ocr.rapid.wire import Answer, Ask, pack, receive

if TYPE_CHECKING:  # loads OpenCV
    from ocr.rapid.models import Models


def main(memory_mb: int) -> None:
    """Serves until stdin ends."""
    answers = private_stdout()
    limit_memory(memory_mb)
    from ocr.rapid.models import Models  # after the limit is set, before the first page's time begins

    models = Models()
    waiting: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    _send(answers, Answer.READY, b"")
    while True:
        kind, picture = waiting.get()
        _send(answers, *_look(models, Ask(kind), picture, memory_mb))


def _look(models: Models, ask: Ask, picture: bytes, memory_mb: int) -> tuple[Answer, bytes]:
    began = time.process_time()
    try:
        sight = models.read(picture) if ask is Ask.TEXT else models.parts(picture)
        return Answer.SIGHT, encode_sight(replace(sight, cpu_seconds=round(time.process_time() - began, 3)))
    except MemoryError:
        return Answer.ERROR, f"needs more than the {memory_mb} MB OCR on the CPU may use".encode()
    except Exception as error:  # noqa: BLE001 (one page's boundary: whatever a picture provokes is its outcome)
        return Answer.ERROR, f"the models failed: {type(error).__name__}: {error}"[:500].encode("utf-8", "replace")


def _send(answers: BinaryIO, kind: Answer, payload: bytes) -> None:
    answers.write(pack(kind, payload))
    answers.flush()


def _listen(waiting: queue.SimpleQueue[tuple[bytes, bytes]]) -> None:
    while (frame := receive(sys.stdin.buffer)) is not None:
        waiting.put(frame)
    os._exit(0)  # the parent is gone or done; a model deep in a page would not hear of an exception


if __name__ == "__main__":
    main(int(sys.argv[1]))
