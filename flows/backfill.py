"""The backfill flow: many days at once, read and indexed; mails only where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from prefect import flow

from flows.daily import run_as_task
from flows.steps import BackfillReport, backfill_days
from flows.wiring import Parts


@flow(name="backfill", persist_result=False, validate_parameters=False)
def backfill(parts: Parts, days: Sequence[date], *, with_digests: bool = False) -> BackfillReport:
    """Harvests the days, then reads and indexes all of them together."""
    return backfill_days(parts, days, run_as_task, with_digests=with_digests)
