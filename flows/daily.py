"""The daily flow: one day, from arXiv's listing to the mails.

Deployed by module path (`flows.daily.daily`). Its tasks are coarse (one a stage), because Prefect takes about a
second for a flow and loses history when thousands of tasks end at once. What is done is known to the store, not
to a cache of task results: see docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.lock import exclusive_run
from flows.reports import log_report
from flows.steps import DayReport, run_day
from flows.wiring import Parts, open_parts
from pipeline.config import load_settings
from pipeline.digest import DayState
from pipeline.errors import MailError, SourceUnavailableError
from pipeline.stages import no_progress

_RETRY_EVERY_S = 30 * 60
_RETRIES = 15  # from 22:45 until 06:15 US Eastern


def run_as_task(name: str, step: Callable[[], Any]) -> Any:  # Any: whatever the step returns
    """Runs a step as a Prefect task: seen in the UI, with its own state and duration."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(step)()


@flow(
    name="daily", retries=_RETRIES, retry_delay_seconds=_RETRY_EVERY_S, persist_result=False, validate_parameters=False
)
def daily(day: date | None = None, parts: Parts | None = None) -> DayReport:
    """Runs a day; fails, to be retried, while arXiv has not published it.

    `parts` is for callers that hold the wired parts already; a scheduled run opens its own.
    """
    if parts is not None:
        return run_day(parts, day, run_as_task)
    settings = load_settings()
    with open_parts(settings, progress=no_progress) as own, exclusive_run(own.home.lock):
        report = run_day(own, day, run_as_task)
    log_report(report)
    if report.waits_for and report.state is not DayState.NO_ANNOUNCEMENT:
        raise SourceUnavailableError(f"{report.day}: {report.state.value}: {report.waits_for}")
    if report.sending.waiting:
        raise MailError(f"{report.day}: {report.sending.waiting} mails wait for the mail server", permanent=False)
    return report
