"""What RunPod's SDK calls with each job of our own worker."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

from ocr.transports.pdf_job import pack_outcomes, unpack_job
from ocr.worker.job_reader import JobReader
from pipeline.errors import AutoreaderError, OcrAuthError, OcrUnavailableError

logger = logging.getLogger(__name__)


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
