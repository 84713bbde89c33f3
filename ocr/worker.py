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

import asyncio
import logging
import os
import shlex
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from ocr import open_extractor
from ocr.job_reader import JobReader
from ocr.model_process import PORT, ModelProcess, vllm_command
from ocr.transports.openai_http import open_openai_http
from ocr.transports.pdf_job import pack_outcomes, unpack_job
from pipeline.config import OcrSettings, load_settings
from pipeline.errors import AutoreaderError, OcrAuthError, OcrUnavailableError

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


class Handler:
    """What the SDK calls with each job; `reader` does the work in threads, so that jobs run side by side."""

    def __init__(self, reader: JobReader) -> None:
        self._reader = reader

    async def __call__(self, job: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
        """The job's output; `error` in it makes RunPod mark the job FAILED.

        No progress is reported: an update that overtakes the result makes the job look unfinished for ever (runpod
        SDK, issue 250). A model that is gone takes the worker along, as RunPod then starts another.
        """
        stop = threading.Event()
        try:
            request = unpack_job(job.get("input"))
            outcomes = await asyncio.to_thread(self._reader.read, request, stop)
        except asyncio.CancelledError:
            stop.set()
            raise
        except (OcrUnavailableError, OcrAuthError) as error:
            logger.exception("job %s: the model is gone", job.get("id"))
            return {"error": f"the model server is gone: {error.message}", "refresh_worker": True}
        except AutoreaderError as error:
            logger.warning("job %s refused: %s", job.get("id"), error.message)
            return {"error": error.message}
        return pack_outcomes(outcomes)


def main() -> None:
    """Serves until RunPod ends the container."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request
    own = worker_settings(os.environ)
    settings = load_settings().ocr
    with ExitStack() as stack:
        if not settings.surya_url:
            model = ModelProcess(vllm_command(own.model, settings.surya_model, own.vllm_args))
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
