"""Prefect's environment, to be set before Prefect is imported.

Its server would otherwise call home at every start and every ten minutes (facts in docs/decisions/0002), and would
keep its database in the user's own Prefect folder. What the owner has set stays.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.blobs import make_folder

_DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",  # 20 s is not enough on a loaded small machine
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_CLI_WRAP_LINES": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
}


def prepare_prefect(home: Path, *, log_level: str = "CRITICAL") -> None:
    """Points Prefect at a folder inside the home and keeps it from talking to anybody.

    By default it logs nothing either: a command shows its own one line for an error, not a traceback beside it.
    """
    make_folder(home / "prefect")  # Prefect makes only the last folder, and warns
    for name, value in {**_DEFAULTS, "PREFECT_HOME": str(home / "prefect"), "PREFECT_LOGGING_LEVEL": log_level}.items():
        os.environ.setdefault(name, value)
