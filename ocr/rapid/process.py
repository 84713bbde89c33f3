"""The models' process as its parent sees it: show a picture, wait with a deadline, end."""

from __future__ import annotations

import os

from ocr.processes.child import Child, Program
from ocr.processes.pool import ProcessPool
from ocr.rapid.sight import Sight, decode_sight
from ocr.rapid.wire import Ask
from pipeline.errors import OcrUnavailableError, ReadError

_PICTURES_A_PROCESS = 500
_LARGEST_ANSWER = 1 << 26  # bytes; a page full of small print takes 100 kB
# One thread for every library: pages run side by side, and the CPU budget is counted by processor seconds.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "PATH": os.defpath,
}


class ModelProcess(Child):
    """A process that looks at one picture after another; `served` counts them."""

    def __init__(self, memory_mb: int) -> None:
        super().__init__(
            Program(
                "OCR process",
                "ocr.rapid.program",
                (str(memory_mb),),
                memory_mb,
                _LARGEST_ANSWER,
                is_death_permanent=False,
                environment=_ENVIRONMENT,
            )
        )

    def look(self, ask: Ask, png: bytes, timeout_s: float) -> Sight:
        """What is on a picture. Raises ReadError: what failed, or how looking at it ended the process."""
        self.served += 1
        payload = self.ask(ask, png, timeout_s, f"OCR took longer than {timeout_s:g} s")
        try:
            return decode_sight(payload)
        except ValueError as error:
            self.close()
            raise ReadError(f"the OCR process answered nonsense: {error}") from error


def open_models(memory_mb: int, size: int) -> ProcessPool[ModelProcess]:
    """At most so many processes of models; `lend` raises OcrUnavailableError where these cannot be loaded."""

    def start() -> ModelProcess:
        try:
            return ModelProcess(memory_mb)
        except ReadError as error:
            raise OcrUnavailableError(error.message) from error

    return ProcessPool("OCR on the CPU", start, size, _PICTURES_A_PROCESS)
