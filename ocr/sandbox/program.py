"""The program of a reading process: `python -m ocr.sandbox.program MEMORY_MB MAX_PAGES`.

Started and ended by `ocr.sandbox.process` alone. It reads requests from stdin, one a line, and answers on stdout
with frames. It ends when stdin does, even in the middle of a page: so no reading process outlives its parent,
however that one died.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ocr.processes.child_side import limit_memory, private_stdout
from ocr.sandbox.wire import Frame, PictureRequest, ReadRequest, Request, pack, unpack_request
from pipeline.document_json import encode_document
from pipeline.errors import ReadError

if TYPE_CHECKING:
    from ocr.sandbox.pictures import Gallery


def main(memory_mb: int, max_pages: int) -> None:
    """Serves until stdin ends."""
    answers = private_stdout()
    limit_memory(memory_mb)
    import ocr.text_layer  # noqa: F401 (loaded before the first paper's time begins, after the limit is set)
    from ocr.sandbox.pictures import Gallery

    gallery = Gallery()
    _send(answers, Frame.READY, b"")
    for request in _requests():
        kind, payload = _serve(request, gallery, memory_mb, max_pages)
        _send(answers, kind, payload)


def _serve(request: Request, gallery: Gallery, memory_mb: int, max_pages: int) -> tuple[Frame, bytes]:
    try:
        match request:
            case ReadRequest(pdf):
                gallery.close()
                return Frame.DOCUMENT, _read(pdf, max_pages)
            case PictureRequest():
                return Frame.PICTURE, gallery.draw(request)
    except ReadError as error:
        return Frame.ERROR, error.message.encode("utf-8", "replace")
    except MemoryError:
        return Frame.ERROR, f"needs more than the {memory_mb} MB a reading process may use".encode()
    except Exception as error:  # noqa: BLE001 (one paper's boundary: whatever a file provokes is its outcome)
        return Frame.ERROR, f"could not be read: {type(error).__name__}: {error}".encode("utf-8", "replace")


def _read(pdf: Path, max_pages: int) -> bytes:
    from ocr.text_layer import read_text_layer

    started = time.perf_counter()
    document = read_text_layer(pdf, max_pages)
    return encode_document(replace(document, seconds=round(time.perf_counter() - started, 3)))


def _requests() -> Iterator[Request]:
    """What is asked for. A thread waits for them, so that the end of stdin is noticed at once."""
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    while True:
        yield waiting.get()


def _listen(waiting: queue.SimpleQueue[Request]) -> None:
    for line in sys.stdin:
        waiting.put(unpack_request(line))
    os._exit(0)  # the parent is gone or done; pdfium may be deep in a page and would not hear of an exception


def _send(answers: BinaryIO, kind: Frame, payload: bytes) -> None:
    answers.write(pack(kind, payload))
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
