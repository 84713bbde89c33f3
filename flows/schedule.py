"""`autoreader schedule`: one process that serves the daily flow on arXiv's own clock.

arXiv announces at 20:00 US Eastern, Sunday to Thursday, and OAI-PMH has the records at about 22:30
(https://info.arxiv.org/help/availability.html). The flow itself retries every half hour until the day is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.daily import daily

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

CRON = "45 22 * * 0-4"
TIMEZONE = "America/New_York"


def deployment(name: str = "daily") -> RunnerDeployment:
    """The daily flow with its cron schedule; two runs never overlap."""
    from prefect.schedules import Cron

    made = daily.to_deployment(
        name=name,
        schedules=[Cron(CRON, timezone=TIMEZONE)],
        concurrency_limit=1,
        description="arXiv's newest day: read, ranked and mailed",
    )
    made.entrypoint = "flows.daily.daily"
    return made


def serve_schedule() -> None:
    """Serves until stopped (SIGTERM); starts a local Prefect server where none is configured."""
    from prefect import serve

    serve(deployment())
