"""The engine: many pages side by side, each in a thread of its own, as many as the endpoint bears."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image

from ocr.endpoints.chat import ChatRequest, ChatTransport
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience, Waiting, real_waiting
from ocr.endpoints.run import Run
from ocr.endpoints.throttle import Throttle
from ocr.surya.asking import Tools
from ocr.surya.contract import Contract, load_contract
from ocr.surya.reading import Reading
from ocr.surya.requests import GREEDY, Requests
from pipeline.config import OcrSettings
from pipeline.document import Engine
from pipeline.errors import OcrAuthError, OcrError, OcrUnavailableError
from pipeline.page_work import PageOutcome, PageTask
from pipeline.ports import PageImages

_AHEAD = 4  # pages drawn while others wait for their answers, beyond those in flight
_PLAIN_PX = (560, 728)
_PLAIN_S = 120.0  # a blank page is answered with a handful of tokens


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a page; `is_answered` where the endpoint gave any answer, None where it was not asked."""

    outcome: PageOutcome
    is_answered: bool | None


def open_surya(
    settings: OcrSettings,
    transport: ChatTransport,
    images: PageImages,
    waiting: Callable[[], Waiting] | None = None,
) -> SuryaEngine:
    """The engine over a transport, which stays the caller's to close. `waiting` makes each run's clock and sleep.

    Raises MissingExtraError where the package `surya-ocr` is not installed.
    """
    return SuryaEngine(settings, transport, images, load_contract(), waiting or (lambda: real_waiting(random.random)))


class SuryaEngine:
    """Implements `ports.PageReader` over any ChatTransport."""

    def __init__(
        self,
        settings: OcrSettings,
        transport: ChatTransport,
        images: PageImages,
        contract: Contract,
        waiting: Callable[[], Waiting],
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._images = images
        self._contract = contract
        self._waiting = waiting

    @property
    def engine_key(self) -> str:
        """`surya/<package>/<model>/<dpi>/<hash of the prompts and of what we make of the answers>`."""
        parts = (
            Engine.SURYA.value,
            self._contract.version,
            self._settings.surya_model,
            str(self._settings.surya_dpi),
            self._contract.fingerprint,
        )
        return "/".join(parts)

    def read_pages(
        self, tasks: Iterable[PageTask], on_submitted: Callable[[PageTask, str], None]
    ) -> Iterator[PageOutcome]:
        """As the port says. `on_submitted` is called from the thread of its page.

        One call is one run: it has its own patience (`cold_start_s`) and finds out anew how many pages at once the
        endpoint bears. Pages are drawn as they are needed: four more than are in flight are held in memory.
        """
        waiting = self._waiting()
        throttle = Throttle(self._settings.surya_concurrency)
        patience = Patience(self._settings.cold_start_s, waiting)
        endpoint = Endpoint(self._transport, throttle, patience, time.monotonic)
        tools = Tools(
            self._settings, self._contract, Requests(self._contract, self._settings.surya_model), self._images, endpoint
        )
        threads = ThreadPoolExecutor(self._settings.surya_concurrency + _AHEAD, thread_name_prefix="surya")
        run = Run(endpoint, threads, partial(_read, tools, on_submitted), _AHEAD)
        try:
            yield from _Answered(tools, run).outcomes(iter(tasks))
        finally:
            # Whoever still waits is sent home; a request under way ends by itself or with its transport.
            patience.give_up(OcrUnavailableError("the run was stopped"))
            threads.shutdown(wait=run.is_idle, cancel_futures=True)


def _read(tools: Tools, on_submitted: Callable[[PageTask, str], None], task: PageTask) -> _Result:
    reading = Reading(tools, task, on_submitted)
    return _Result(reading.outcome(), reading.is_answered)


class _Answered:
    """The outcomes of a run whose endpoint answers: as long as it has answered nothing, no page is to blame."""

    def __init__(self, tools: Tools, run: Run[PageTask, _Result]) -> None:
        self._tools = tools
        self._run = run
        self._has_answered = False

    def outcomes(self, tasks: Iterator[PageTask]) -> Iterator[PageOutcome]:
        """All outcomes; what ended the run early is raised after them."""
        for result in self._run.results(tasks):
            if result.is_answered is False and not self._has_answered:
                self._find_culprit()
            self._has_answered = self._has_answered or result.is_answered is True
            if self._has_answered or result.is_answered is None:
                yield result.outcome

    def _find_culprit(self) -> None:
        """Sends a page that any model can read: where that has no answer either, no page is to blame."""
        if self._run.is_stopped:
            return
        timeout_s = min(self._tools.settings.page_timeout_s, _PLAIN_S)
        request = ChatRequest(self._tools.requests.page(Image.new("RGB", _PLAIN_PX, "white"), GREEDY), timeout_s)
        beside_the_queue = replace(self._tools.endpoint, throttle=Throttle(1))
        try:
            beside_the_queue.ask(request, Meter(0.0))
        except (OcrAuthError, OcrUnavailableError) as error:
            self._run.stop(error)
        except OcrError as error:
            self._run.stop(OcrUnavailableError(f"no page is answered, not even a blank one: {error.message}"))
        else:
            self._has_answered = True
