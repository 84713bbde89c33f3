"""The schedule against a real Prefect server: planned runs must exist, on arXiv's clock.

With SQLAlchemy 2.1 Prefect 3.8 runs every flow by hand and plans none (docs/decisions/0002); nothing but looking for
planned runs notices.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

_DEPLOY = "from flows.schedule import deployment; print(deployment().apply())"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def prefect_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a client of a Prefect server that runs for this module."""
    port = _free_port()
    env = os.environ | {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_UI_ENABLED": "false",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_healthy(env["PREFECT_API_URL"], server)
        yield env
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the Prefect server ended by itself"
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    pytest.fail("the Prefect server did not come up within two minutes")


def _planned_runs(url: str) -> list[dict[str, Any]]:  # Any: JSON
    answer = httpx.post(f"{url}/flow_runs/filter", json={"limit": 200}, timeout=30).json()
    return [run for run in answer if run["auto_scheduled"]]


@pytest.mark.slow
def test_a_deployed_schedule_has_planned_runs_on_arxivs_evenings(prefect_env: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", _DEPLOY], env=prefect_env, check=True, timeout=120, capture_output=True)

    runs: list[dict[str, Any]] = []  # Any: JSON
    deadline = time.monotonic() + 60
    while not runs and time.monotonic() < deadline:
        time.sleep(1)
        runs = _planned_runs(prefect_env["PREFECT_API_URL"])

    assert runs, "no run was planned"
    eastern = ZoneInfo("America/New_York")
    planned = [datetime.fromisoformat(run["expected_start_time"]).astimezone(eastern) for run in runs]
    assert {(moment.hour, moment.minute) for moment in planned} == {(22, 45)}
    assert not {moment.strftime("%A") for moment in planned} & {"Friday", "Saturday"}


def test_the_deployment_is_found_by_module_path_from_any_folder(tmp_path: Path) -> None:
    code = (
        "import json; from flows.schedule import deployment; d = deployment();"
        "from prefect.flows import load_flow_from_entrypoint;"
        "print(json.dumps([d.entrypoint, load_flow_from_entrypoint(d.entrypoint).name, d.concurrency_limit]))"
    )
    env = os.environ | {"PREFECT_HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, check=True, timeout=120, capture_output=True, text=True
    )

    assert json.loads(done.stdout.splitlines()[-1]) == ["flows.daily.daily", "daily", 1]
