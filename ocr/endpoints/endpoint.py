"""One endpoint as many threads ask it: within what it bears, and within the run's patience."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from ocr.endpoints.chat import ChatAnswer, ChatRequest, ChatTransport
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience
from ocr.endpoints.throttle import Throttle
from pipeline.errors import OcrAuthError, OcrLostError, OcrUnavailableError

logger = logging.getLogger(__name__)

_MOST_LOSSES = 3  # of one request; a time-out is final at once
# Refusals of one request by an endpoint that answers others in between: then the request is to blame, not the
# endpoint. As many as it takes from 32 requests at once down to one.
_MOST_REFUSALS = 6


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A transport with its throttle and its patience; `clock` never goes back."""

    transport: ChatTransport
    throttle: Throttle
    patience: Patience
    clock: Callable[[], float]

    def ask(self, request: ChatRequest, meter: Meter) -> ChatAnswer:
        """The answer to one request, however long the endpoint makes everybody wait for it.

        Raises OcrUnavailableError once the run's patience is over, OcrAuthError (and ends the patience for
        everybody), OcrRejectedError, OcrLostError where this request seems to be what the endpoint cannot answer,
        OcrError for what is no answer.
        """
        return _Asking(self, request, meter).answer()


class _Asking:
    """One request on its way: the job it became, how often it was lost and refused."""

    def __init__(self, endpoint: Endpoint, request: ChatRequest, meter: Meter) -> None:
        self._endpoint = endpoint
        self._request = request
        self._meter = meter
        self._remote_id = request.remote_id
        self._losses = 0
        self._refusals = 0
        self._answers_seen: int | None = None  # of the endpoint, at the last refusal

    def answer(self) -> ChatAnswer:
        while True:
            try:
                found = self._try()
            except OcrLostError as error:
                self._lose(error)
            else:
                if isinstance(found, ChatAnswer):
                    return found
                self._blame(found)

    def _try(self) -> ChatAnswer | OcrUnavailableError:
        """One try. A refusal for which the run still has patience is returned, so that its slot is free for others."""
        patience, throttle, clock = self._endpoint.patience, self._endpoint.throttle, self._endpoint.clock
        with throttle.slot() as mark:
            patience.enter()
            began = clock()
            try:
                found = self._endpoint.transport.chat(
                    replace(self._request, remote_id=self._remote_id, on_submitted=self._submitted)
                )
            except OcrUnavailableError as error:
                if patience.refused(error):
                    throttle.congested(mark)
                return error
            except OcrAuthError as error:
                patience.give_up(error)
                raise
            except OcrLostError:
                patience.answered()
                self._count_loss(clock() - began, mark)
                raise
            except Exception:
                patience.answered()
                raise
            patience.answered()
            throttle.answered()
            self._meter.answered(found, clock() - began)
            return found

    def _submitted(self, remote_id: str) -> None:
        self._remote_id = remote_id
        self._request.on_submitted(remote_id)

    def _count_loss(self, seconds: float, mark: int) -> None:
        self._meter.worked(seconds)  # what it cost is in the next answer's `gpu_seconds`
        if seconds >= self._request.timeout_s:
            self._endpoint.throttle.congested(mark)
            self._losses = _MOST_LOSSES

    def _lose(self, error: OcrLostError) -> None:
        self._remote_id = ""
        self._losses += 1
        if self._losses >= _MOST_LOSSES:
            raise error
        logger.info("asking again: %s", error.message)

    def _blame(self, error: OcrUnavailableError) -> None:
        """Notes a refusal; an endpoint that names a time is busy, and no request is to blame for that."""
        answers = self._endpoint.patience.answers
        if self._answers_seen is not None and answers > self._answers_seen and error.retry_after_s is None:
            self._refusals += 1
        self._answers_seen = answers
        if self._refusals >= _MOST_REFUSALS:
            raise OcrLostError(f"{error.message}, {_MOST_REFUSALS} times, while other pages were answered") from error
