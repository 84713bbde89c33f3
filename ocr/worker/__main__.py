"""The program of our own RunPod worker: `python -m ocr.worker`, in the image that `ocr/Dockerfile` makes.

It starts vLLM beside itself, waits until the model is loaded, and only then asks RunPod for jobs: a cold start is a job
that waits in the queue. It is the only file that imports RunPod's SDK. Its environment, beside what RunPod sets:

    AUTOREADER_WORKER_MODEL       folder or name of the model that vLLM loads; the image sets it
    AUTOREADER_WORKER_VLLM_ARGS   more options for `vllm serve`, as on a command line
    AUTOREADER_WORKER_JOBS        jobs at once, 8
    AUTOREADER_WORKER_START_S     patience with the model's start, 600
    AUTOREADER_OCR__SURYA_URL     a model server that runs already: then none is started
    AUTOREADER_OCR__...           surya_model, surya_concurrency, memory_mb...: as everywhere
"""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from ocr import open_extractor
from ocr.transports.openai_http import open_openai_http
from ocr.worker.handler import Handler
from ocr.worker.job_reader import JobReader
from ocr.worker.vllm import PORT, VllmServer, vllm_command
from pipeline.config import OcrSettings, load_settings

logger = logging.getLogger(__name__)

_URL = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What is set for the container."""

    model: str
    vllm_args: tuple[str, ...]
    jobs: int
    start_s: float


def worker_settings(environment: Mapping[str, str]) -> WorkerSettings:
    """Reads the container's environment."""
    return WorkerSettings(
        model=environment.get("AUTOREADER_WORKER_MODEL", "datalab-to/surya-ocr-2"),
        vllm_args=tuple(shlex.split(environment.get("AUTOREADER_WORKER_VLLM_ARGS", ""))),
        jobs=int(environment.get("AUTOREADER_WORKER_JOBS", "8")),
        start_s=float(environment.get("AUTOREADER_WORKER_START_S", "600")),
    )


def main() -> None:
    """Serves until RunPod ends the container."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request
    own = worker_settings(os.environ)
    settings = load_settings().ocr
    with ExitStack() as stack:
        if not settings.surya_url:
            model = VllmServer(vllm_command(own.model, settings.surya_model, own.vllm_args))
            stack.callback(model.close)
            model.await_health(f"{_URL}/health", own.start_s)
            settings = settings.model_copy(update={"surya_url": f"{_URL}/v1"})
        _serve(settings, own.jobs, stack)


def _serve(settings: OcrSettings, jobs: int, stack: ExitStack) -> None:
    import runpod

    transport = open_openai_http(settings)
    stack.callback(transport.close)
    logger.info("ready: %s", transport.check())
    reader = JobReader(settings, transport, images=stack.enter_context(open_extractor(settings)))
    stack.callback(reader.close)
    runpod.serverless.start({"handler": Handler(reader), "concurrency_modifier": lambda _current: jobs})


if __name__ == "__main__":
    main()
