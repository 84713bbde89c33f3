"""The program of a reading process: `python -m ocr.sandbox.program MEMORY_MB MAX_PAGES`.

Started and ended by `ocr.sandbox.process` alone. It reads requests from stdin and answers on stdout, both as frames.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.processes.frames import Reply
from ocr.processes.program import Answers, limit_memory, questions
from ocr.sandbox.wire import PictureRequest, ReadRequest, Request, unpack_request
from pipeline.document_json import encode_document
from pipeline.errors import ReadError

if TYPE_CHECKING:
    from ocr.sandbox.pictures import Gallery


def main(memory_mb: int, max_pages: int) -> None:
    """Serves until stdin ends."""
    answers = Answers()
    limit_memory(memory_mb)
    import ocr.text_layer  # noqa: F401 (loaded before the first paper's time begins, after the limit is set)
    from ocr.sandbox.pictures import Gallery

    gallery = Gallery()
    answers.send(Reply.READY)
    for question in questions():
        answers.send(*_serve(unpack_request(*question), gallery, memory_mb, max_pages))


def _serve(request: Request, gallery: Gallery, memory_mb: int, max_pages: int) -> tuple[Reply, bytes]:
    try:
        match request:
            case ReadRequest(pdf):
                gallery.close()
                return Reply.DONE, _read(pdf, max_pages)
            case PictureRequest():
                return Reply.DONE, gallery.draw(request)
    except ReadError as error:
        return Reply.ERROR, error.message.encode("utf-8", "replace")
    except MemoryError:
        return Reply.ERROR, f"needs more than the {memory_mb} MB a reading process may use".encode()
    except Exception as error:  # noqa: BLE001 (one paper's boundary: whatever a file provokes is its outcome)
        return Reply.ERROR, f"could not be read: {type(error).__name__}: {error}".encode("utf-8", "replace")


def _read(pdf: Path, max_pages: int) -> bytes:
    from ocr.text_layer import read_text_layer

    started = time.perf_counter()
    document = read_text_layer(pdf, max_pages)
    return encode_document(replace(document, seconds=round(time.perf_counter() - started, 3)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
