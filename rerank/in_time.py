"""A scorer that answers within a budget or not at all: a search never waits longer for its second look."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from pipeline.errors import RerankAuthError, RerankError, RerankUnavailableError
from pipeline.ports import F32, PairScorer
from rerank.breaker import Breaker, BreakerState

logger = logging.getLogger(__name__)

_KEPT = 256  # answers, of which each holds as many numbers as a head has papers
_REFUSED_PAUSE_S = 600.0
_Key = tuple[str, tuple[str, ...]]
_Answer = Future[F32]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits, and how many calls may be under way at once."""

    budget_s: float
    at_once: int


class InTime:
    """Implements `pipeline.ports.PairScorer` over another one, with a budget, a breaker and a memory.

    `score` raises RerankUnavailableError when the budget is spent. The call goes on in its thread meanwhile, and its
    answer, kept, serves the next search that asks the same. Three calls in a row that failed or came late open the
    breaker: for 30 s nothing is asked, and nobody waits.
    """

    def __init__(self, scorer: PairScorer, patience: Patience, clock: Callable[[], float] = time.monotonic) -> None:
        self._scorer = scorer
        self._patience = patience
        self._breaker = Breaker(clock)
        self._slots = threading.BoundedSemaphore(patience.at_once)
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._is_refusal_told = False

    def score(self, query: str, passages: Sequence[str]) -> F32:
        """One score a passage, at once where the same was asked before."""
        key = (query, tuple(passages))
        kept = self._kept(key)
        if kept is not None and kept.done():
            return kept.result()
        answer = kept or self._begun(key)
        try:
            scores = answer.result(self._patience.budget_s)
        except TimeoutError as error:
            late = RerankUnavailableError(f"no answer within {self._patience.budget_s * 1000:.0f} ms")
            self._note(late)
            raise late from error
        except RerankError as error:
            self._note(error)
            raise
        self._breaker.succeeded()
        return scores

    def _kept(self, key: _Key) -> _Answer | None:
        """The answer to the same question, there already or under way."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
                if not kept.done() and self._breaker.state is not BreakerState.CLOSED:
                    raise RerankUnavailableError("it did not answer in time a moment ago")
            return kept

    def _begun(self, key: _Key) -> _Answer:
        """A question, asked in a thread of its own."""
        if not self._slots.acquire(blocking=False):
            raise RerankUnavailableError("it is busy with other searches")
        if not self._breaker.admits():
            self._slots.release()
            raise RerankUnavailableError("it failed a moment ago and is left alone")
        answer: _Answer = Future()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        threading.Thread(target=self._ask, args=(key, answer), name="rerank", daemon=True).start()
        return answer

    def _ask(self, key: _Key, answer: _Answer) -> None:
        query, passages = key
        try:
            scores = self._scorer.score(query, passages)
        except Exception as error:  # noqa: BLE001  # in a thread of its own: it becomes the answer, whatever it is
            with self._lock:
                self._answers.pop(key, None)
            self._tell(error)
            answer.set_exception(error if isinstance(error, RerankError) else RerankError(f"it failed: {error!r}"))
        else:
            answer.set_result(scores)
        finally:
            self._slots.release()

    def _note(self, error: RerankError) -> None:
        """Counts a failure, and says so in the log when it is one too many."""
        if isinstance(error, RerankAuthError):
            self._breaker.trip(_REFUSED_PAUSE_S)
        elif self._breaker.failed():
            logger.warning("searches go without the reranker for a while: %s", error)

    def _tell(self, error: Exception) -> None:
        """Logs what a person must mend: a refused key once, our own faults in full."""
        if isinstance(error, RerankAuthError):
            if not self._is_refusal_told:
                logger.error("the reranker refuses: %s", error)
            self._is_refusal_told = True
        elif not isinstance(error, RerankError):
            logger.error("the reranker failed", exc_info=error)
