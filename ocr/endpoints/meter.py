"""What reading one page takes: time, tokens and money, of answers that were no use too."""

from __future__ import annotations

import time

from ocr.endpoints.chat import ChatAnswer
from pipeline.document import Usage


class Meter:
    """Adds up for one page; made, used and asked in the one thread that reads it."""

    def __init__(self, usd_per_gpu_second: float) -> None:
        self._usd_per_gpu_second = usd_per_gpu_second
        self._usage = Usage()
        self._cpu_began_s = time.thread_time()

    def worked(self, seconds: float) -> None:
        """Counts time that brought no answer: drawing, encoding, a request that was lost."""
        self._usage += Usage(seconds=seconds)

    def answered(self, answer: ChatAnswer, seconds: float) -> None:
        """Counts an answer and how long it took."""
        self._usage += Usage(
            seconds=seconds,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
            cost_usd=answer.gpu_seconds * self._usd_per_gpu_second,
        )

    @property
    def usage(self) -> Usage:
        """All so far; the time waited for an endpoint that was down is nobody's and not in it."""
        return self._usage + Usage(cpu_seconds=time.thread_time() - self._cpu_began_s)
