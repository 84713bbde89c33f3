"""What a RunPod job of the stock vLLM image came to: an answer, or one of vLLM's errors in its several disguises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ocr.endpoints.chat import ChatAnswer
from ocr.transports.completion import read_completion
from ocr.transports.runpod_api import JobReport, JobState
from ocr.transports.wording import shorten
from pipeline.errors import OcrAuthError, OcrError, OcrLostError, OcrRejectedError

_NO_MODEL = 404
_SERVER_TROUBLE = 500
_REMEDY = "does the endpoint run runpod/worker-v1-vllm? (setting ocr.runpod_worker)"


def read_answer(report: JobReport) -> ChatAnswer:
    """The completion of a job that has ended. Raises as `ChatTransport.chat`."""
    if report.state is JobState.FAILED:  # the worker's SDK turns vLLM's error object into the text of a Python dict
        code = re.search(r"""['"]code['"]: ?(\d{3})\b""", report.error)
        raise _error(report.id, " ".join(report.error.split())[:500], int(code[1]) if code else None)
    output = report.output
    if isinstance(output, list):  # the image collects what it streams; an answer that is not streamed is one element
        output = output[0] if output else None
    if not output:
        raise OcrLostError(f"RunPod job {report.id} completed without an output")
    if isinstance(output, dict) and (output.get("object") == "error" or output.get("error")):
        raise _error(report.id, shorten(output), _code(output))
    try:
        return read_completion(output, report.ran_s)
    except OcrError as error:
        raise OcrRejectedError(f"RunPod job {report.id}: {error.message}; {_REMEDY}") from error


def _code(output: Mapping[str, Any]) -> int | None:  # Any: JSON
    """Newer versions of vLLM wrap the error in an object, older ones do not."""
    plain = output.get("error")
    code = (plain if isinstance(plain, dict) else output).get("code")
    return code if isinstance(code, int) else None


def _error(job_id: str, said: str, code: int | None) -> Exception:
    """By the HTTP status that vLLM would have answered with; without one the page pays, as it may be its fault."""
    what = f"RunPod job {job_id} failed: {said}"
    if code == _NO_MODEL:
        return OcrAuthError(f"{what}; set ocr.surya_model to the name that the endpoint serves (its MODEL_NAME)")
    if code is not None and code >= _SERVER_TROUBLE:
        return OcrLostError(what)  # this job has ended: waiting for it cannot help, another one may
    return OcrRejectedError(what)
