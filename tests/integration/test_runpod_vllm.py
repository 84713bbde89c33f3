import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ocr.worker.vllm import VllmServer
from pipeline.errors import OcrUnavailableError
from tests.fakes.model_answers import answering
from tests.fakes.model_server import ModelServer

_NOWHERE = "http://127.0.0.1:9/health"


@contextmanager
def _running(program: str) -> Iterator[VllmServer]:
    process = VllmServer([sys.executable, "-c", program])
    try:
        yield process
    finally:
        process.close()


def test_a_model_server_is_awaited_until_it_is_healthy() -> None:
    with ModelServer(answering()) as server, _running("import time; time.sleep(60)") as process:
        process.await_health(server.url.replace("/v1", "/health"), 30)

        assert process.is_alive


def test_a_model_server_that_ends_while_it_starts_is_told_at_once() -> None:
    with (
        _running("raise SystemExit(3)") as process,
        pytest.raises(OcrUnavailableError, match=r"^the model server ended with code 3: see its log$"),
    ):
        process.await_health(_NOWHERE, 60)


def test_a_model_server_that_never_answers_ends_the_patience() -> None:
    with (
        _running("import time; time.sleep(60)") as process,
        pytest.raises(OcrUnavailableError, match="was not ready within 0 s"),
    ):
        process.await_health(_NOWHERE, 0.3, lambda _: time.sleep(0.1))


def test_the_server_ends_with_the_worker() -> None:
    with _running("import time; time.sleep(60)") as process:
        pass

    assert not process.is_alive


def test_the_servers_environment_is_without_the_workers_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/opt/worker")

    with (
        _running("import os; raise SystemExit(7 if 'PYTHONPATH' in os.environ else 4)") as process,
        pytest.raises(OcrUnavailableError, match="code 4"),
    ):
        process.await_health(_NOWHERE, 60)
