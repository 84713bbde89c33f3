"""One engine at work on its queue: claims pages while the day's budget lasts, and records what comes of each."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from pipeline.document import NO_USAGE, Document, Engine, Page
from pipeline.document_json import decode_document, encode_page
from pipeline.errors import ConfigError, NotFoundError, OcrError, StoreError
from pipeline.page_work import OutcomeKind, PageJob, PageOutcome, PageState, PageTask
from pipeline.ports import PageReader
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage
from pipeline.stages.budget import PageLimits, Purse, amount_of, purse_of
from pipeline.stages.context import StageContext
from pipeline.store.page_jobs import PageJobRows

logger = logging.getLogger(__name__)
_Claim = Callable[[PageJobRows, Engine, str, datetime, timedelta], PageJob | None]


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What an engine did in a run; `stopped` says why it did not do everything."""

    engine: Engine
    done: int = 0
    degraded: int = 0
    failed: int = 0  # attempts that may be repeated
    dead: int = 0
    postponed: int = 0
    stopped: str = ""


class EngineRun:
    """Runs one engine until its queue is empty, the budget is used up, or it cannot go on."""

    def __init__(self, context: StageContext, engine: Engine, limits: PageLimits, owner: str) -> None:
        self._context = context
        self._engine = engine
        self._limits = limits
        self._owner = owner
        self._leased: dict[int, PageJob] = {}
        self._postponed: dict[int, str] = {}
        self._counts: Counter[PageState] = Counter()
        self._stopped = ""
        self._total = 0
        self._evidence: tuple[PaperKey, Document] | None = None
        self._today: date | None = None
        self._purse: Purse | None = None

    def run(self, reader: PageReader) -> EngineReport:
        """Reads what there is to read; never raises for what the engine or its endpoint does.

        Raises StoreError: without the store nothing that was paid for could be kept.
        """
        with self._context.store.read() as work:
            self._total = work.page_jobs.count().get((self._engine, PageState.QUEUED), 0)
        try:
            while self._round(reader):
                logger.info("%s: pages that failed are tried again", self._engine.value)
        except StoreError:
            raise
        except (OcrError, ConfigError) as error:
            self._stopped = str(error)
            logger.warning("%s stopped: %s", self._engine.value, error)
        except Exception as error:  # a third party's engine must not cost anybody the day's digest
            self._stopped = f"unexpected {type(error).__name__}: {error}"
            logger.exception("%s stopped", self._engine.value)
        finally:
            self._release()
        return EngineReport(
            self._engine,
            done=self._counts[PageState.DONE],
            degraded=self._counts[PageState.DEGRADED],
            failed=self._counts[PageState.QUEUED],
            dead=self._counts[PageState.DEAD],
            postponed=len(self._postponed),
            stopped=self._stopped,
        )

    def _round(self, reader: PageReader) -> bool:
        """One pass over the queue; True where another one has something to try again."""
        failed_before = self._counts[PageState.QUEUED]
        outcomes = reader.read_pages(self._tasks(), self._remember)
        try:
            for outcome in outcomes:
                self._settle(outcome)
                self._context.progress(self._engine.value, min(self._counts.total(), self._total), self._total)
        finally:
            if isinstance(outcomes, Generator):  # its threads stop before its pages are given back
                outcomes.close()
        return not self._stopped and self._counts[PageState.QUEUED] > failed_before

    def _tasks(self) -> Iterator[PageTask]:
        for job in self._jobs():
            try:
                evidence = self._page_of(job)
            except (StoreError, NotFoundError) as error:
                self._finish(job, PageState.DEAD, reason=str(error))
                continue
            yield PageTask(
                job.id,
                f"{job.key} page {job.number}",
                self._context.blobs.path(job.pdf_sha256),
                job.number,
                evidence,
                job.remote_id,
                job.attempts + 1,
            )

    def _jobs(self) -> Iterator[PageJob]:
        """First what an earlier run has paid for and a remote endpoint keeps for a while, whatever is left to spend."""
        while (job := self._claim(PageJobRows.claim_submitted)) is not None:
            yield job
        while not self._is_spent() and (job := self._claim(PageJobRows.claim)) is not None:
            yield job

    def _claim(self, how: _Claim) -> PageJob | None:
        with self._context.store.begin() as work:
            job = how(work.page_jobs, self._engine, self._owner, self._context.clock.now(), self._limits.lease)
        if job is not None:
            self._leased[job.id] = job
        return job

    def _is_spent(self) -> bool:
        """Whether no further page may be begun; says why where one waits."""
        why = self._todays_purse().why_not(len(self._leased) - len(self._postponed))
        if why:
            with self._context.store.read() as work:
                is_waiting = (self._engine, PageState.QUEUED) in work.page_jobs.count()
            self._stopped = why if is_waiting else ""
        return bool(why)

    def _todays_purse(self) -> Purse:
        now = self._context.clock.now().astimezone(UTC)
        if self._purse is None or now.date() != self._today:
            self._today = now.date()
            midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
            same_purse = [self._engine] if self._engine is Engine.SURYA else [Engine.LAYOUT, Engine.RAPIDOCR]
            with self._context.store.read() as work:
                spent = [work.page_jobs.spent_since(midnight, engine) for engine in same_purse]
                usual = work.page_jobs.usual(self._engine)
            self._purse = purse_of(self._engine, self._limits, sum(spent[1:], spent[0]), usual)
        return self._purse

    def _page_of(self, job: PageJob) -> Page:
        """The page as its text layer has it. Pages come paper by paper: the newest document is kept at hand."""
        if self._evidence is None or self._evidence[0] != job.key:
            with self._context.store.read() as work:
                stored = work.reading.documents_of([job.key.paper_id]).get(job.key)
            if stored is None:
                raise NotFoundError(f"the text layer of {job.key} is not stored")
            self._evidence = job.key, decode_document(self._context.blobs.get(stored.text_layer_sha256))
        found = [page for page in self._evidence[1].pages if page.number == job.number]
        if not found:
            raise NotFoundError(f"{job.key} has no page {job.number}")
        return found[0]

    def _remember(self, task: PageTask, remote_id: str) -> None:
        with self._context.store.begin() as work:
            work.page_jobs.save_remote_id(task.id, remote_id)

    def _settle(self, outcome: PageOutcome) -> None:
        if (job := self._leased.get(outcome.task.id)) is None:
            logger.warning("%s: a result nobody waits for", outcome.task.name)
            return
        self._todays_purse().take(amount_of(self._engine, outcome.usage))
        match outcome.kind:
            case OutcomeKind.POSTPONED:
                # It stays leased until the end of this run, or it would be claimed again at once.
                self._postponed[job.id] = outcome.reason
                with self._context.store.begin() as work:
                    work.page_jobs.charge(job, self._context.clock.now(), outcome.usage)
            case OutcomeKind.FAILED:
                is_final = outcome.permanent or job.attempts + 1 >= self._limits.attempts
                self._finish(job, PageState.DEAD if is_final else PageState.QUEUED, outcome)
            case OutcomeKind.DONE | OutcomeKind.DEGRADED:
                self._finish(job, PageState(outcome.kind.value), outcome)

    def _finish(self, job: PageJob, state: PageState, outcome: PageOutcome | None = None, *, reason: str = "") -> None:
        page = None if outcome is None else outcome.page
        usage = NO_USAGE if outcome is None else outcome.usage
        # The result first: a row never names a blob that is not there.
        result = job.result_sha256 if page is None else self._context.blobs.put(encode_page(page))
        finished = replace(
            job,
            state=state,
            attempts=job.attempts + 1,
            reason=reason if outcome is None else outcome.reason,
            result_sha256=result,
            remote_id="",
        )
        at = self._context.clock.now()
        with self._context.store.begin() as work:
            work.page_jobs.finish(finished, at, usage)
            work.reading.save_outcome(Outcome(job.key, Stage.PAGES, OutcomeState.RETRY, at))
        del self._leased[job.id]
        self._counts[state] += 1
        if state is PageState.DEAD:
            logger.warning("%s page %d is given up by %s: %s", job.key, job.number, job.engine.value, finished.reason)

    def _release(self) -> None:
        by_reason: dict[str, list[int]] = {}
        for job_id in self._leased:
            by_reason.setdefault(self._postponed.get(job_id, self._stopped), []).append(job_id)
        with self._context.store.begin() as work:
            for reason, ids in by_reason.items():
                work.page_jobs.release(ids, self._owner, reason)
            if self._stopped:
                work.page_jobs.explain(self._engine, self._stopped)
