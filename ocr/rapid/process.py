"""The models' process as its parent sees it: start, show a picture, wait with a deadline, end."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, BinaryIO, cast

from ocr.rapid.sight import Sight, decode_sight
from ocr.rapid.wire import LENGTH_BYTES, Answer, Ask, send
from pipeline.errors import ReadError

_START_S = 60.0
_LARGEST_ANSWER = 1 << 26  # bytes; a page full of small print takes 100 kB
_STEP = 1 << 20


class ModelProcess:
    """A process that looks at one picture after another. Not thread-safe; a failure of `look` may have ended it."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = _start(memory_mb, self._stderr)
        self.pages = 0
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def look(self, ask: Ask, png: bytes, timeout_s: float) -> Sight:
        """What is on a picture. Raises ReadError: what failed, or how looking at it ended the process."""
        self.pages += 1
        try:
            send(cast("BinaryIO", self._process.stdin), ask, png)  # Popen's type knows no raw pipes
            kind, payload = self._answer(time.monotonic() + timeout_s)
        except TimeoutError:
            self.close()
            raise ReadError(f"OCR took longer than {timeout_s:g} s") from None
        except (EOFError, OSError):
            raise ReadError(self._cause_of_death(), permanent=False) from None
        if kind == Answer.ERROR.value:
            raise ReadError(payload.decode("utf-8", "replace"))
        try:
            return decode_sight(payload)
        except ValueError as error:
            self.close()
            raise ReadError(f"the OCR process answered nonsense: {error}") from error

    def kill(self) -> None:
        """Ends it without waiting; safe from another thread, whose `look` then raises."""
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
            raise ReadError(f"the OCR process cannot start: {said or 'no answer'}", permanent=False) from None

    def _answer(self, deadline: float) -> tuple[bytes, bytes]:
        head = self._receive(1 + LENGTH_BYTES, deadline)
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
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        return f"the OCR process ended ({how}), perhaps out of memory: it may use {self._memory_mb} MB"

    def _collect(self) -> int:
        """Ends the process, waits for it and tells its exit code; kill changes nothing for one that is dying."""
        self.kill()
        return self._process.wait()


def _start(memory_mb: int, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """A fresh process in a session of its own (Ctrl-C is the parent's affair), without the parent's secrets."""
    root = str(Path(__file__).resolve().parents[2])
    # One thread for every library: pages run side by side, and the CPU budget is counted by processor seconds.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2", "PATH": os.defpath}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "ocr.rapid.program", str(memory_mb)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        bufsize=0,  # nothing left in a buffer when the process is gone
        env=environment | threads,
        start_new_session=True,
    )
