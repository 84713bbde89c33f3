"""The program of the models' process: `python -m ocr.rapid.program MEMORY_MB`.

Started and ended by `ocr.rapid.process` alone. It reads pictures from stdin, looks at them and answers on stdout.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr.processes.frames import Reply
from ocr.processes.program import Answers, limit_memory, questions
from ocr.rapid.sight import encode_sight
from ocr.rapid.wire import Ask

if TYPE_CHECKING:  # loads OpenCV
    from ocr.rapid.models import Models


def main(memory_mb: int) -> None:
    """Serves until stdin ends."""
    answers = Answers()
    limit_memory(memory_mb)
    from ocr.rapid.models import Models  # after the limit is set, before the first page's time begins

    models = Models()
    answers.send(Reply.READY)
    for kind, picture in questions():
        answers.send(*_look(models, Ask(kind), picture, memory_mb))


def _look(models: Models, ask: Ask, picture: bytes, memory_mb: int) -> tuple[Reply, bytes]:
    began = time.process_time()
    try:
        sight = models.read(picture) if ask is Ask.TEXT else models.parts(picture)
        return Reply.DONE, encode_sight(replace(sight, cpu_seconds=round(time.process_time() - began, 3)))
    except MemoryError:
        return Reply.ERROR, f"needs more than the {memory_mb} MB OCR on the CPU may use".encode()
    except Exception as error:  # noqa: BLE001 (one page's boundary: whatever a picture provokes is its outcome)
        return Reply.ERROR, f"the models failed: {type(error).__name__}: {error}"[:500].encode("utf-8", "replace")


if __name__ == "__main__":
    main(int(sys.argv[1]))
