"""All of arXiv's services on one local address, serving whatever days it is given.

`/oai`, `/rss/CATEGORIES`, `/atom/CATEGORIES`, `/api/query`, `/pdf/ID`, `/abs/ID`, `/a/ID.atom2`. For the demo, for
tests, and by hand: `python -m flows.demo.loopback --port 8422` serves the sample day until it is interrupted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from flows.demo.answer import Answer, text_answer
from flows.demo.archive import Archive, Record
from flows.demo.author_pages import answer_author
from flows.demo.failures import Failure, Route, Trouble, TroubleQueue
from flows.demo.feeds import FeedPage, atom, rss
from flows.demo.loopback_server import LoopbackServer
from flows.demo.oai import answer_oai
from flows.demo.query_api import answer_query
from flows.demo.sample import SampleDay, SamplePaper, read_sample_day
from flows.demo.typeset import Typesetter
from pipeline.errors import UsageError
from pipeline.paper import ArxivId

PdfMaker = Callable[[SamplePaper], bytes | None]

_HANG_S = 60.0  # longer than any test waits
_ROUTES = {
    "oai": Route.OAI,
    "rss": Route.FEED,
    "atom": Route.FEED,
    "api": Route.API,
    "pdf": Route.PDF,
    "abs": Route.ABS,
    "a": Route.AUTHOR,
}


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as it came in; `time` is in seconds of a monotonic clock."""

    time: float
    path: str
    user_agent: str


class LoopbackArxiv:
    """A context manager: inside it `url` answers as arXiv does.

    `at` is the listing date that the services have reached (default: the last day given) and can be set to
    advance time. `requests` holds what was asked, `busiest` the greatest number of requests under way at once.
    """

    def __init__(
        self,
        days: Iterable[SampleDay],
        pdf: PdfMaker,
        *,
        at: date | None = None,
        port: int = 0,
        page_size: int = 25,
    ) -> None:
        given = tuple(days)
        self._archive = Archive(given, at or max(day.day for day in given))
        self._pdf = pdf
        self._page_size = page_size
        self._troubles = TroubleQueue()
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._under_way = 0
        self._server = LoopbackServer(port, self._serve)
        self.requests: list[SeenRequest] = []
        self.busiest = 0

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._server.stop()

    @property
    def url(self) -> str:
        """The base URL of all services, without a slash at its end."""
        return self._server.url

    @property
    def at(self) -> date:
        """The listing date that the services have reached."""
        return self._archive.at

    @at.setter
    def at(self, day: date) -> None:
        with self._lock:
            self._archive = replace(self._archive, at=day)

    def heal(self) -> None:
        """From now on ListRecords lists what it was told to omit."""
        with self._lock:
            self._archive = replace(self._archive, has_healed=True)

    def fail(
        self,
        route: str,
        failure: str = Failure.STATUS,
        *,
        status: int = 503,
        retry_after: int | None = None,
        times: int | None = 1,
    ) -> None:
        """Spoils the next `times` requests of a route; None spoils all to come.

        Routes are `oai`, `feed`, `api`, `pdf`, `abs` and `author`. `failure` is a member of Failure; `status` and
        `retry_after` (seconds) belong to the first of them.
        """
        with self._lock:
            self._troubles.put(Route(route), Trouble(Failure(failure), status, retry_after, times))

    def recover(self) -> None:
        """Takes back every failure that was ordered and has not struck yet."""
        with self._lock:
            self._troubles.clear()

    def _serve(self, target: str, user_agent: str) -> Answer | None:
        """The answer to GET `target`; None to hang up without one."""
        parts = urlsplit(target)
        first, _, rest = unquote(parts.path).lstrip("/").partition("/")
        route = _ROUTES.get(first)
        with self._lock:
            self.requests.append(SeenRequest(time.monotonic(), target, user_agent))
            self._under_way += 1
            self.busiest = max(self.busiest, self._under_way)
            trouble = self._troubles.take(route) if route else None
            archive = self._archive
        try:
            if route is None:
                return text_answer(404, f"there is no /{first} here")
            if trouble is None:
                return self._answer(archive, first, rest, parts.query)
            return self._spoilt(trouble, archive, route, (first, rest, parts.query))
        finally:
            with self._lock:
                self._under_way -= 1

    def _spoilt(self, trouble: Trouble, archive: Archive, route: Route, asked: tuple[str, str, str]) -> Answer | None:
        if trouble.failure is Failure.HANG:
            self._released.wait(_HANG_S)
            return None
        answer = self._answer(trouble.alter_archive(archive, route), *asked, built_on=trouble.head_date(archive))
        return trouble.alter_answer(answer)

    def _answer(self, archive: Archive, first: str, rest: str, query: str, *, built_on: date | None = None) -> Answer:
        match first:
            case "oai":
                return Answer(answer_oai(archive, query, f"{self.url}/oai", self._page_size))
            case "rss" | "atom":
                return self._feed(archive, first, rest, built_on or archive.at)
            case "api" if rest == "query":
                return answer_query(archive, query)
            case "pdf" | "abs":
                return self._paper(archive, first, rest.removesuffix(".pdf"))
            case "a":
                return answer_author(archive, rest)
            case _:
                return text_answer(404, f"there is no /{first}/{rest} here")

    def _feed(self, archive: Archive, form: str, categories: str, built_on: date) -> Answer:
        asked = tuple(categories.split("+"))
        try:
            lines = archive.feed(asked)
        except UsageError as error:
            return text_answer(400, error.message)
        page = FeedPage(asked, lines, f"{self.url}/{form}/{categories}", archive.at, built_on)
        body = atom(page) if form == "atom" else rss(page)
        return Answer(body, f"application/{form}+xml; charset=utf-8")

    def _paper(self, archive: Archive, first: str, name: str) -> Answer:
        try:
            asked = ArxivId.parse(name)
            record = archive.version(asked)
        except UsageError as error:
            return text_answer(400, error.message)
        if record is None:
            return text_answer(404, f"no paper {name}")
        if first == "abs":
            return _abstract_page(record)
        # A withdrawal is a version without a PDF; the versions before it keep theirs.
        is_gone = record.sample.paper.is_withdrawn and asked.version in {None, record.sample.paper.latest_version}
        if is_gone or (pdf := self._pdf(record.sample)) is None:
            return text_answer(404, f"no PDF for {name}")
        return Answer(pdf, "application/pdf")


def _abstract_page(record: Record) -> Answer:
    paper = record.sample.paper
    html = (
        f"<!doctype html><title>[{paper.id}] {escape(paper.title)}</title><h1>{escape(paper.title)}</h1>"
        f"<p>{escape(', '.join(paper.authors))}</p><blockquote>{escape(paper.abstract)}</blockquote>"
    )
    return Answer(html.encode(), "text/html; charset=utf-8")


def main() -> None:
    """Serves the sample day by hand."""
    parser = argparse.ArgumentParser(prog="python -m flows.demo.loopback", description=main.__doc__)
    parser.add_argument("--port", type=int, default=8422)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "autoreader-sample-pdfs")
    options = parser.parse_args()
    with LoopbackArxiv([read_sample_day()], Typesetter(options.cache).pdf, port=options.port) as arxiv:
        sys.stdout.write(f"{arxiv.url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stderr.write("stopped\n")


if __name__ == "__main__":
    main()
