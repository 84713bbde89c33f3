"""`autoreader read`: PDFs read by all engines without a store. Nothing is queued, so nothing waits for another day."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.document import NO_USAGE, Document, Engine, Page
from pipeline.errors import OcrError, ReadError
from pipeline.page_work import OutcomeKind, PageJob, PageOutcome, PageRoute, PageState, PageTask
from pipeline.ports import TextExtractor
from pipeline.reading import PaperKey
from pipeline.stages import ENGINE_ORDER, PageEngines, PageLimits, Purse, amount_of, purse_of, routed, standing

logger = logging.getLogger(__name__)


@dataclass
class FileReader:
    """Reads files one after the other; the limits of a day hold for all that it reads."""

    extractor: TextExtractor
    engines: PageEngines
    limits: PageLimits
    stopped: dict[Engine, str] = field(default_factory=dict)  # why an engine reads no more
    _purses: dict[Engine, Purse] = field(default_factory=dict)

    def read(self, files: Iterable[Path]) -> Iterator[tuple[Path, Document | ReadError]]:
        """Each file as it is done, in any order."""
        for path, result in self.extractor.extract_many(files):
            yield path, self._whole(path, result) if isinstance(result, Document) else result

    def _whole(self, pdf: Path, text_layer: Document) -> Document:
        began = time.perf_counter()
        evidence, routes = routed(text_layer, self.engines)
        desk = _Desk(pdf, evidence, routes)
        for engine in ENGINE_ORDER:
            if engine in self.engines.readers:
                self._run(engine, desk)
        document = standing(evidence, desk.jobs.values(), desk.results, self.engines.assembler)
        cost_usd = sum(job.usage.cost_usd for job in desk.jobs.values())
        seconds = time.perf_counter() - began if desk.jobs else 0.0  # pages are read side by side
        return replace(document, seconds=evidence.seconds + seconds, cost_usd=evidence.cost_usd + cost_usd)

    def _run(self, engine: Engine, desk: _Desk) -> None:
        reader = self.engines.readers[engine]
        try:
            for _ in range(self.limits.attempts):
                tasks = [] if engine in self.stopped else desk.tasks(engine)
                for outcome in reader.read_pages(self._affordable(engine, tasks, desk), _forget) if tasks else ():
                    self._purse(engine).take(amount_of(engine, outcome.usage))
                    desk.settle(outcome, self.limits.attempts)
        except OcrError as error:
            self.stopped[engine] = str(error)
            logger.warning("%s stopped: %s", engine.value, error)
        desk.give_up(engine, self.stopped.get(engine, ""))

    def _affordable(self, engine: Engine, tasks: list[PageTask], desk: _Desk) -> Iterator[PageTask]:
        for task in tasks:
            if why := self._purse(engine).why_not(len(desk.in_flight)):
                self.stopped[engine] = why
                return
            desk.in_flight.add(task.number)
            yield task

    def _purse(self, engine: Engine) -> Purse:
        return self._purses.setdefault(engine, purse_of(engine, self.limits, NO_USAGE, None))


class _Desk:
    """One file's pages, as a queue in memory."""

    def __init__(self, pdf: Path, evidence: Document, routes: Iterable[PageRoute]) -> None:
        self.jobs = {route.number: _job(route) for route in routes}
        self.results: dict[str, Page] = {}
        self.in_flight: set[int] = set()
        self._pdf = pdf
        self._pages = {page.number: page for page in evidence.pages}

    def tasks(self, engine: Engine) -> list[PageTask]:
        """What an engine has still to try."""
        return [
            PageTask(
                job.id,
                f"{self._pdf.name} page {number}",
                self._pdf,
                number,
                self._pages[number],
                attempt=job.attempts + 1,
            )
            for number, job in self.jobs.items()
            if job.engine is engine and job.state is PageState.QUEUED
        ]

    def settle(self, outcome: PageOutcome, attempts: int) -> None:
        """Records how an attempt ended."""
        number = outcome.task.number
        job = self.jobs[number]
        self.in_flight.discard(number)
        name = ""
        if outcome.page is not None:
            name = str(number)
            self.results[name] = outcome.page
        # Nobody comes back for a postponed page: it counts like one that failed.
        is_over = outcome.permanent or job.attempts + 1 >= attempts
        state = PageState.DEAD if is_over else PageState.QUEUED
        if outcome.kind in (OutcomeKind.DONE, OutcomeKind.DEGRADED):
            state = PageState(outcome.kind.value)
        self.jobs[number] = replace(
            job,
            state=state,
            attempts=job.attempts + 1,
            reason=outcome.reason,
            result_sha256=name,
            usage=job.usage + outcome.usage,
        )

    def give_up(self, engine: Engine, why: str) -> None:
        """Pages that an engine leaves keep their text layer."""
        self.in_flight.clear()
        for number, job in self.jobs.items():
            if job.engine is engine and job.state is PageState.QUEUED:
                reason = f"{engine.value} did not read it: {why or job.reason}"
                self.jobs[number] = replace(job, state=PageState.DEGRADED, reason=reason)


def _job(route: PageRoute) -> PageJob:
    nobody = PaperKey("", 0)
    return PageJob(route.number, nobody, "", route.number, route.engine, "", PageState.QUEUED, route.why)


def _forget(task: PageTask, remote_id: str) -> None:
    """There is no store to keep the id of a remote job in: an interrupted `read` pays again."""
    logger.info("%s is remote job %s", task.name, remote_id)
