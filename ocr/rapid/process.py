"""The models' process as its parent sees it: show a picture, wait with a deadline, end."""

from __future__ import annotations

import os

from ocr.processes.child import Child, Program
from ocr.rapid.sight import Sight, decode_sight
from ocr.rapid.wire import Answer, Ask, pack
from pipeline.errors import ReadError

_LARGEST_ANSWER = 1 << 26  # bytes; a page full of small print takes 100 kB
# One thread for every library: pages run side by side, and the CPU budget is counted by processor seconds.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "PATH": os.defpath,
}


class ModelProcess:
    """A process that looks at one picture after another. Not thread-safe; a failure of `look` may have ended it."""

    def __init__(self, memory_mb: int) -> None:
        arguments = (str(memory_mb),)
        self._child = Child(
            Program("OCR process", "ocr.rapid.program", arguments, memory_mb, _LARGEST_ANSWER, _ENVIRONMENT)
        )
        self.pages = 0

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._child.is_alive

    def look(self, ask: Ask, png: bytes, timeout_s: float) -> Sight:
        """What is on a picture. Raises ReadError: what failed, or how looking at it ended the process."""
        self.pages += 1
        try:
            kind, payload = self._child.ask(pack(ask, png), timeout_s)
        except TimeoutError:
            self.close()
            raise ReadError(f"OCR took longer than {timeout_s:g} s") from None
        except (EOFError, OSError):
            raise ReadError(self._child.cause_of_death(), permanent=False) from None
        if kind == Answer.ERROR.value:
            raise ReadError(payload.decode("utf-8", "replace"))
        try:
            return decode_sight(payload)
        except ValueError as error:
            self.close()
            raise ReadError(f"the OCR process answered nonsense: {error}") from error

    def kill(self) -> None:
        """Ends it without waiting; safe from another thread, whose `look` then raises."""
        self._child.kill()

    def close(self) -> None:
        """Ends it and collects it; harmless when it has ended."""
        self._child.close()
