"""One reading process as its parent sees it: start, ask, wait with a deadline, end."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from ocr.frames import LENGTH_BYTES, Frame, PictureRequest, ReadRequest, Request, pack_request
from pipeline.document import Document
from pipeline.document_json import decode_document
from pipeline.errors import ReadError, StoreError

_START_S = 60.0
_HEAD = 1 + LENGTH_BYTES
_LARGEST_ANSWER = 1 << 29  # bytes; more is no document but an attack on the parent's memory
_STEP = 1 << 20
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGKILL)  # pdfium gives up without a word; the system kills


class ReaderProcess:
    """A process that reads and draws one PDF after another; `papers` counts them.

    Not thread-safe; any failure of `read` or `draw` may have ended it.
    """

    def __init__(self, memory_mb: int, max_pages: int) -> None:
        self._memory_mb = memory_mb
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = _start(memory_mb, max_pages, self._stderr)
        self.papers = 0
        self._last: Path | None = None
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def read(self, pdf: Path, timeout_s: float) -> Document:
        """Raises ReadError: what is wrong with the file, or how reading it ended the process."""
        payload = self._served(ReadRequest(pdf), timeout_s)
        try:
            return decode_document(payload)
        except StoreError as error:
            self.close()
            raise ReadError(f"the reading process answered nonsense: {error}") from error

    def draw(self, request: PictureRequest, timeout_s: float) -> bytes:
        """A PNG. Raises ReadError as `read` does."""
        return self._served(request, timeout_s)

    def _served(self, request: Request, timeout_s: float) -> bytes:
        if isinstance(request, ReadRequest) or request.pdf != self._last:
            self.papers += 1
        self._last = request.pdf
        try:
            self._ask(request)
            kind, payload = self._answer(time.monotonic() + timeout_s)
        except TimeoutError:
            self.close()
            task = "read" if isinstance(request, ReadRequest) else "draw"
            raise ReadError(f"took longer than {timeout_s:g} s to {task}") from None
        except (EOFError, OSError):
            raise ReadError(self._cause_of_death()) from None
        if kind == Frame.ERROR.value:
            raise ReadError(payload.decode("utf-8", "replace"))
        return payload

    def kill(self) -> None:
        """Ends it without waiting; safe from another thread, whose `read` then raises."""
        self._process.kill()

    def close(self) -> None:
        """Ends it and collects it; harmless when it has ended."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._collect()
        self._stderr.close()

    def _await_ready(self) -> None:
        try:
            self._answer(time.monotonic() + _START_S)
        except (TimeoutError, EOFError, OSError):
            self._collect()
            self._stderr.seek(0)
            said = self._stderr.read()[-500:].decode("utf-8", "replace").strip().rpartition("\n")[2]  # of a traceback
            raise ReadError(f"the reading process cannot start: {said or 'no answer'}", permanent=False) from None

    def _ask(self, request: Request) -> None:
        if self._process.stdin is None:
            raise EOFError
        self._process.stdin.write(pack_request(request))

    def _answer(self, deadline: float) -> tuple[bytes, bytes]:
        head = self._receive(_HEAD, deadline)
        length = int.from_bytes(head[1:], "big")
        if length > _LARGEST_ANSWER:
            raise EOFError
        return head[:1], self._receive(length, deadline)

    def _receive(self, count: int, deadline: float) -> bytes:
        """Exactly so many bytes. Raises TimeoutError at the deadline, EOFError where the process ended."""
        if self._process.stdout is None:
            raise EOFError
        handle = self._process.stdout.fileno()
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        received = bytearray()
        while len(received) < count:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not poller.poll(1000 * left_s):
                raise TimeoutError
            if not (piece := os.read(handle, min(count - len(received), _STEP))):
                raise EOFError
            received += piece
        return bytes(received)

    def _cause_of_death(self) -> str:
        code = self._collect()
        if code >= 0:
            return f"the reading process ended with exit code {code}"
        name = signal.Signals(-code).name
        if -code in _OUT_OF_MEMORY:
            return f"crashed the reading process ({name}), probably out of memory: it may use {self._memory_mb} MB"
        return f"crashed the reading process ({name})"

    def _collect(self) -> int:
        """Ends the process, waits for it and tells its exit code; kill changes nothing for one that is dying."""
        self.kill()
        return self._process.wait()


def _start(memory_mb: int, max_pages: int, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """A fresh process in a session of its own (Ctrl-C is the parent's affair), without the parent's secrets.

    Not PR_SET_PDEATHSIG: that fires when the *thread* that started the child ends (man 2 prctl), and threads do here.
    """
    root = str(Path(__file__).resolve().parents[1])
    # Two arenas: glibc otherwise reserves 64 MB of address space a thread, which the limit counts.
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "ocr.worker_process", str(memory_mb), str(max_pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        bufsize=0,  # nothing left in a buffer when the process is gone
        env=environment,
        start_new_session=True,
    )
