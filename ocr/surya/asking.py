"""Asks the model about one page: draws it, sends it, sends it smaller where it is refused."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any  # of a request's body

from PIL import Image

from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.surya.contract import Contract, Picture
from ocr.surya.requests import Requests
from pipeline.config import OcrSettings
from pipeline.errors import OcrRejectedError
from pipeline.page_work import PageTask
from pipeline.ports import PageImages

_SMALLER = 0.75  # times the resolution, after the endpoint refused a picture
_HIGHEST_DPI = 300


@dataclass(frozen=True, slots=True)
class Tools:
    """What reading a page needs."""

    settings: OcrSettings
    contract: Contract
    requests: Requests
    images: PageImages
    endpoint: Endpoint


class Asking:
    """One page's questions, what they took, and how sure the model was (where the endpoint tells)."""

    def __init__(self, tools: Tools, task: PageTask, on_submitted: Callable[[PageTask, str], None]) -> None:
        self._tools = tools
        self._task = task
        self._on_submitted = on_submitted
        self._remote_id = task.remote_id
        self._scale = 1.0
        self.meter = Meter(tools.settings.usd_per_gpu_second)
        self.confidences: list[float] = []
        self.is_answered: bool | None = None  # by anything, good or bad; None where nothing was asked yet

    def ask_of_page(
        self, scale: float, body: Callable[[Picture], dict[str, Any]], *, is_kept: bool = True
    ) -> tuple[ChatAnswer, Picture]:
        """An answer about the whole page, drawn at `scale` times the usual resolution, and the picture sent.

        A page that is refused is sent once more, smaller; from then on all are. Raises as Endpoint.ask, and ReadError.
        """
        picture = self.draw(scale)
        try:
            return self.ask(body(picture), is_kept=is_kept), picture
        except OcrRejectedError:
            if self._scale < 1:
                raise
            self._scale = _SMALLER
        picture = self.draw(scale)
        return self.ask(body(picture), is_kept=is_kept), picture

    def draw(self, scale: float) -> Picture:
        """The page as a picture. Raises ReadError."""
        began = time.perf_counter()
        dpi = min(_HIGHEST_DPI, round(self._tools.settings.surya_dpi * scale * self._scale))
        png = self._tools.images.picture(self._task.pdf, self._task.number, None, dpi)
        with Image.open(io.BytesIO(png)) as image:
            picture = image.convert("RGB")
        self.meter.worked(time.perf_counter() - began)
        return picture

    def ask(self, body: dict[str, Any], *, is_kept: bool = True) -> ChatAnswer:
        """One answer. `is_kept` lets a restarted run collect it: for answers that are of use by themselves.

        Raises as Endpoint.ask.
        """
        remote_id, self._remote_id = self._remote_id if is_kept else "", ""
        request = ChatRequest(
            body,
            self._tools.settings.page_timeout_s,
            remote_id,
            (lambda job: self._on_submitted(self._task, job)) if is_kept else _forget,
        )
        self.is_answered = self.is_answered or False
        answer = self._tools.endpoint.ask(request, self.meter)
        self.is_answered = True
        if answer.confidence is not None:
            self.confidences.append(answer.confidence)
        return answer


def _forget(remote_id: str) -> None:
    del remote_id
