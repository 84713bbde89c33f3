"""`autoreader schedule`: one process that serves the daily flow on arXiv's own clock.

arXiv announces at 20:00 US Eastern, Sunday to Thursday, and OAI-PMH has the records at about 22:30
(https://info.arxiv.org/help/availability.html). The flow itself retries every half hour until the day is there.
"""

from __future__ import annotations

from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.daily import daily

CRON = "45 22 * * 0-4"
TIMEZONE = "America/New_York"


def deployment(name: str = "daily") -> RunnerDeployment:
    """The daily flow with its cron schedule; two runs never overlap."""
    return RunnerDeployment.from_flow(
        daily,
        name=name,
        schedules=[Cron(CRON, timezone=TIMEZONE)],
        concurrency_limit=1,
        description="arXiv's newest day: read, ranked and mailed",
        entrypoint_type=EntrypointType.MODULE_PATH,  # path entry points would put flows/ itself on sys.path
    )


def serve_schedule() -> None:
    """Serves until stopped (SIGTERM); starts a local Prefect server where none is configured."""
    serve(deployment())
