"""Ways in which the loopback arXiv can be told to misbehave, each seen of the real one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from flows.demo.answer import Answer, text_answer
from flows.demo.archive import Archive


class Route(StrEnum):
    """The services of one base URL."""

    OAI = "oai"
    FEED = "feed"
    API = "api"
    PDF = "pdf"
    ABS = "abs"
    AUTHOR = "author"


class Failure(StrEnum):
    """What goes wrong."""

    STATUS = "status"  # an HTTP error, 503 or 429 say, perhaps with Retry-After
    RATE_EXCEEDED = "rate_exceeded"  # status 200, and the words "Rate exceeded."
    EMPTY = "empty"  # nothing was announced, it says
    STALE = "stale"  # still the listing before
    REDATED = "redated"  # the listing before, under a fresh head (a feed did this on 2026-08-12)
    CUT_OFF = "cut_off"  # the body ends in the middle, and Content-Length agrees with it
    HANG = "hang"  # no answer at all


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure with its particulars; `times` counts the requests still to be spoilt, None means all."""

    failure: Failure
    status: int = 503
    retry_after_s: int | None = None
    times: int | None = 1

    def alter_archive(self, archive: Archive, route: Route) -> Archive:
        """What the service believes it holds. Only a feed goes back a day; elsewhere the newest day is missing."""
        is_behind = self.failure in {Failure.STALE, Failure.REDATED}
        if is_behind and route is Route.FEED:
            return archive.day_before()
        if is_behind or self.failure is Failure.EMPTY:
            return archive.without_listing()
        return archive

    def head_date(self, archive: Archive) -> date | None:
        """The date at the head of a feed where it is not that of its entries."""
        return archive.at if self.failure is Failure.REDATED else None

    def alter_answer(self, answer: Answer) -> Answer:
        """What reaches the client instead of the answer."""
        match self.failure:
            case Failure.STATUS:
                patience = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
                return text_answer(self.status, "Service Unavailable", patience)
            case Failure.RATE_EXCEEDED:
                return text_answer(200, "Rate exceeded.")
            case Failure.CUT_OFF:
                return replace(answer, body=answer.body[: len(answer.body) // 2])
            case _:
                return answer


class TroubleQueue:
    """The troubles ahead, by route, in the order they were ordered. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._ahead: defaultdict[Route, list[Trouble]] = defaultdict(list)

    def put(self, route: Route, trouble: Trouble) -> None:
        """Spoils the next requests of a route, after those already doomed."""
        self._ahead[route].append(trouble)

    def take(self, route: Route) -> Trouble | None:
        """The trouble that befalls the request at hand, if any."""
        if not (ahead := self._ahead[route]):
            return None
        trouble = ahead[0]
        if trouble.times is not None:
            ahead[0] = replace(trouble, times=trouble.times - 1)
            if trouble.times <= 1:
                ahead.pop(0)
        return trouble

    def clear(self) -> None:
        """Everything works again."""
        self._ahead.clear()
