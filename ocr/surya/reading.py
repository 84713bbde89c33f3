"""Reads one page, by one way after the other until an answer is good."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from ocr.endpoints.chat import ChatAnswer
from ocr.surya.answers import BadAnswerError, Found, checked, read_page
from ocr.surya.asking import Asking, Tools
from ocr.surya.blocks import make_blocks
from ocr.surya.by_blocks import BlockReader
from ocr.surya.contract import Picture
from ocr.surya.crosscheck import disagreement, emptiness, has_good_text
from ocr.surya.requests import GREEDY, WARM, Sampling
from pipeline.document import Engine, Page, PageStatus
from pipeline.errors import OcrAuthError, OcrError, OcrLostError, OcrRejectedError, OcrUnavailableError, ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask

logger = logging.getLogger(__name__)

_USUAL, _SHARPER = 1.0, 1.5  # times the resolution of the settings: 96 and 144 dpi


class Reading:
    """One page on its way. Use it once, in one thread.

    A page is tried in up to three ways in one attempt: greedily; after an answer that is no use, warmer and sharper;
    then block by block. The attempts that PageTask counts are whole climbs like that, in different runs.
    """

    def __init__(self, tools: Tools, task: PageTask, on_submitted: Callable[[PageTask, str], None]) -> None:
        self._tools = tools
        self._task = task
        self._asking = Asking(tools, task, on_submitted)
        self._partial: Page | None = None  # of an answer that was cut off, or holds nothing but pictures

    @property
    def is_answered(self) -> bool | None:
        """Whether the endpoint gave any answer about this page, good or bad; None where it was not asked."""
        return self._asking.is_answered

    def outcome(self) -> PageOutcome:
        """What came of the page: read, its own text instead, or a failed attempt with the reason.

        Raises OcrUnavailableError and OcrAuthError, which are about the run.
        """
        try:
            return self._climbed()
        except (OcrAuthError, OcrUnavailableError):
            raise
        except OcrRejectedError as error:
            return self._fallen_back(f"refused: {error.message}", is_final=True)
        except Exception as error:  # one page's trouble, whatever it is, is recorded and costs that page alone
            logger.exception("%s: reading failed", self._task.name)
            reason = f"unexpected {type(error).__name__}: {error}"
            return PageOutcome(self._task, OutcomeKind.FAILED, reason=reason)

    def _climbed(self) -> PageOutcome:
        """One way after the other. Raises as `outcome`, and OcrRejectedError where the first way was refused."""
        faults: list[str] = []
        for read in (self._greedily, self._warmly, self._by_blocks):
            try:
                return self._ended(read)
            except (OcrAuthError, OcrUnavailableError):
                raise
            except OcrRejectedError as error:
                if not faults:
                    raise
                faults.append(f"refused: {error.message}")  # a sharper picture than the one that was answered
            except OcrError as error:
                logger.info("%s: %s", self._task.name, error.message)
                faults.append(error.message)
        return self._fallen_back("; then ".join(dict.fromkeys(faults)))

    def _ended(self, read: Callable[[], Page]) -> PageOutcome:
        """How the page ends where one way brings it to an end. Raises as that way, but OcrLostError and ReadError."""
        try:
            page = read()
        except OcrLostError as error:
            return self._outcome(OutcomeKind.FAILED, reason=error.message)
        except ReadError as error:
            return self._fallen_back(f"the page cannot be drawn: {error.message}", is_final=error.permanent)
        is_whole = page.status is PageStatus.OK
        return self._outcome(OutcomeKind.DONE if is_whole else OutcomeKind.DEGRADED, page)

    def _fallen_back(self, reason: str, *, is_final: bool = False) -> PageOutcome:
        """Its own text where that is good (`page` is None), else what was read of it, else a failed attempt."""
        if has_good_text(self._task.evidence):
            return self._outcome(OutcomeKind.DEGRADED, reason=f"its own text stands in: {reason}")
        if self._partial is not None:
            reason = f"only a part was read: {reason}"
            return self._outcome(
                OutcomeKind.DEGRADED, replace(self._partial, status=PageStatus.DEGRADED, reason=reason)
            )
        return replace(self._outcome(OutcomeKind.FAILED, reason=reason), permanent=is_final)

    def _greedily(self) -> Page:
        return self._whole(_USUAL, GREEDY)

    def _warmly(self) -> Page:
        return self._whole(_SHARPER, WARM)

    def _whole(self, scale: float, sampling: Sampling) -> Page:
        """The page by a single request. Raises BadAnswerError, and as Asking."""
        requests = self._tools.requests
        answer, picture = self._asking.ask_of_page(scale, lambda picture: requests.page(picture, sampling))
        with self._working():
            try:
                text = checked(answer, self._tools.contract)
            except BadAnswerError:
                self._keep_part(answer, picture)
                raise
            return self._page(read_page(text, picture, self._tools.contract), picture)

    def _by_blocks(self) -> Page:
        found, picture, lost = BlockReader(self._asking, self._tools.requests).read()
        with self._working():
            page = self._page(found, picture)
        return replace(page, status=PageStatus.DEGRADED, reason=lost) if lost else page

    def _page(self, found: Sequence[Found], picture: Picture) -> Page:
        """The page, held against its own text. Raises BadAnswerError where they disagree, or where nothing was read."""
        evidence = self._task.evidence
        page = replace(
            evidence,
            blocks=make_blocks(found, self._task.number),
            engine=Engine.SURYA.value,
            status=PageStatus.OK,
            reason="",
        )
        empty = emptiness(evidence, page.blocks, lambda: self._tools.contract.is_blank(picture))
        if empty and page.blocks:
            self._partial = page
        if fault := empty or disagreement(evidence, page.blocks):
            raise BadAnswerError(fault)
        return page

    def _keep_part(self, answer: ChatAnswer, picture: Picture) -> None:
        """Keeps what an answer that was cut off holds of a page that has no text of its own."""
        if answer.finish_reason == "length" and not has_good_text(self._task.evidence):
            with suppress(BadAnswerError):
                whole = replace(answer, finish_reason="stop")
                self._partial = self._page(
                    read_page(checked(whole, self._tools.contract), picture, self._tools.contract), picture
                )

    def _outcome(self, kind: OutcomeKind, page: Page | None = None, reason: str = "") -> PageOutcome:
        usage = self._asking.meter.usage
        if page is not None:
            page = replace(page, usage=usage)
            reason = page.reason or self._confidence()
        return PageOutcome(self._task, kind, page, reason, usage)

    def _confidence(self) -> str:
        """How sure the model was, where the endpoint tells: the mean probability of its tokens."""
        told = self._asking.confidences
        return f"confidence {sum(told) / len(told):.2f}" if told else ""

    @contextmanager
    def _working(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._asking.meter.worked(time.perf_counter() - began)
