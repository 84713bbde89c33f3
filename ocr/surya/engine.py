"""The engine: many pages side by side, each in a thread of its own, as many as the endpoint bears."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice

from PIL import Image

from ocr.endpoints.chat import ChatRequest, ChatTransport
from ocr.endpoints.endpoint import Endpoint
from ocr.endpoints.meter import Meter
from ocr.endpoints.patience import Patience, Waiting, real_waiting
from ocr.endpoints.throttle import Throttle
from ocr.surya.asking import Tools
from ocr.surya.contract import Contract, load_contract
from ocr.surya.reading import Reading
from ocr.surya.requests import GREEDY, Requests
from pipeline.config import OcrSettings
from pipeline.document import Engine
from pipeline.errors import OcrAuthError, OcrError, OcrRejectedError, OcrUnavailableError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from pipeline.ports import PageImages

logger = logging.getLogger(__name__)

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
        run = _Run(tools, threads, on_submitted)
        try:
            yield from run.outcomes(iter(tasks))
        finally:
            # Whoever still waits is sent home; a request under way ends by itself or with its transport.
            patience.give_up(OcrUnavailableError("the run was stopped"))
            threads.shutdown(wait=run.is_idle, cancel_futures=True)


class _Run:
    """One call of `read_pages`: what is in work, whether the endpoint has answered anything yet, why it ended."""

    def __init__(
        self, tools: Tools, threads: ThreadPoolExecutor, on_submitted: Callable[[PageTask, str], None]
    ) -> None:
        self._tools = tools
        self._threads = threads
        self._on_submitted = on_submitted
        self._pending: set[Future[_Result]] = set()
        self._has_answered = False
        self._end: OcrError | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no page is in work."""
        return not self._pending

    def outcomes(self, tasks: Iterator[PageTask]) -> Iterator[PageOutcome]:
        """All outcomes; what ended the run early is raised after them."""
        while True:
            self._draw(tasks)
            if not self._pending:
                break
            done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._settle(future)
        if self._end is not None:
            raise self._end

    def _draw(self, tasks: Iterator[PageTask]) -> None:
        if self._end is None:
            room = self._tools.endpoint.throttle.limit + _AHEAD - len(self._pending)
            for task in islice(tasks, max(0, room)):
                self._pending.add(self._threads.submit(self._read, task))

    def _read(self, task: PageTask) -> _Result:
        reading = Reading(self._tools, task, self._on_submitted)
        try:
            outcome = reading.outcome()
        except (OcrAuthError, OcrUnavailableError):
            raise
        except OcrRejectedError as error:
            outcome = reading.fallen_back(f"refused: {error.message}", is_final=True)
        except Exception as error:  # one page's trouble, whatever it is, is recorded and costs that page alone
            logger.exception("%s: reading failed", task.name)
            reason = f"unexpected {type(error).__name__}: {error}"
            outcome = PageOutcome(task, OutcomeKind.FAILED, reason=reason)
        return _Result(outcome, reading.is_answered)

    def _settle(self, future: Future[_Result]) -> Iterator[PageOutcome]:
        try:
            result = future.result()
        except OcrError as error:
            self._stop(error)
            return
        if result.is_answered is False and not self._has_answered:
            self._find_culprit()
        self._has_answered = self._has_answered or result.is_answered is True
        if self._has_answered or result.is_answered is None:
            yield result.outcome

    def _find_culprit(self) -> None:
        """Sends a page that any model can read: where that has no answer either, no page is to blame."""
        if self._end is not None:
            return
        timeout_s = min(self._tools.settings.page_timeout_s, _PLAIN_S)
        request = ChatRequest(self._tools.requests.page(Image.new("RGB", _PLAIN_PX, "white"), GREEDY), timeout_s)
        beside_the_queue = replace(self._tools.endpoint, throttle=Throttle(1))
        try:
            beside_the_queue.ask(request, Meter(0.0))
        except (OcrAuthError, OcrUnavailableError) as error:
            self._stop(error)
        except OcrError as error:
            self._stop(OcrUnavailableError(f"no page is answered, not even a blank one: {error.message}"))
        else:
            self._has_answered = True

    def _stop(self, error: OcrError) -> None:
        """Draws no more; whoever waits for the endpoint is told, answers under way are still taken."""
        self._end = self._end or error
        self._tools.endpoint.patience.give_up(error)
