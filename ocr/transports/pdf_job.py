"""The jobs of our own worker, as JSON both ways: a PDF (or pictures of its pages) in, outcomes of pages out.

JSON because RunPod carries nothing else; pages are gzipped inside it, as the store keeps them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from pipeline.document import Page, Usage
from pipeline.document_json import decode_page, encode_page
from pipeline.errors import OcrError, OcrRejectedError, StoreError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask

_VERSION = 1
_NO_JOB = "no job for this worker"
MISMATCH = "mismatch: "  # begins the refusal of a worker that would read otherwise than the client expects


@dataclass(frozen=True, slots=True)
class PdfJob:
    """Pages of one PDF. The file travels, or pictures (PNG) of the pages where those are smaller or the file too large.

    `evidence` are the text layers of the wanted pages: whoever reads them holds its answers against these.
    """

    engine_key: str
    dpi: int
    timeout_s: float  # for the whole job
    evidence: tuple[Page, ...]
    pdf: bytes = b""
    pictures: Mapping[int, bytes] = field(default_factory=dict)


def pack_job(job: PdfJob) -> dict[str, Any]:  # Any: JSON
    """The input of a job."""
    return {
        "version": _VERSION,
        "engine_key": job.engine_key,
        "dpi": job.dpi,
        "timeout_s": job.timeout_s,
        "evidence": [_text(encode_page(page)) for page in job.evidence],
        "pdf": _text(job.pdf),
        "pictures": {str(number): _text(png) for number, png in job.pictures.items()},
    }


def unpack_job(plain: object) -> PdfJob:
    """Raises OcrRejectedError for what is no job, or one of another version."""
    if not isinstance(plain, dict) or "version" not in plain:
        raise OcrRejectedError(f"{_NO_JOB}: it wants PDFs; for chat requests set ocr.runpod_worker to 'vllm'")
    if plain["version"] != _VERSION:
        raise OcrRejectedError(f"{MISMATCH}the job has form {plain['version']!r}, this image reads {_VERSION}")
    try:
        return PdfJob(
            engine_key=str(plain["engine_key"]),
            dpi=int(plain["dpi"]),
            timeout_s=float(plain["timeout_s"]),
            evidence=tuple(decode_page(_bytes(page)) for page in plain["evidence"]),
            pdf=_bytes(plain["pdf"]),
            pictures={int(number): _bytes(png) for number, png in plain["pictures"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, StoreError) as error:
        raise OcrRejectedError(f"{_NO_JOB}: {error}") from error


def pack_outcomes(outcomes: Sequence[PageOutcome]) -> dict[str, Any]:  # Any: JSON
    """The output of a job."""
    return {
        "version": _VERSION,
        "outcomes": [
            {
                "page": outcome.task.number,
                "kind": outcome.kind.value,
                "reason": outcome.reason,
                "permanent": outcome.permanent,
                "usage": list(astuple(outcome.usage)),
                "result": None if outcome.page is None else _text(encode_page(outcome.page)),
            }
            for outcome in outcomes
        ],
    }


def unpack_outcomes(plain: object, tasks: Sequence[PageTask]) -> list[PageOutcome]:
    """The outcomes of these tasks; what is missing or broken is a failed attempt. Raises OcrError for no output at all.

    The output may hold other pages too: those of tasks that an earlier run had already settled.
    """
    rows = plain.get("outcomes") if isinstance(plain, dict) else None
    if not isinstance(rows, list):
        raise OcrError("the worker's answer holds no pages: does the endpoint run ocr/Dockerfile's image?")
    by_page = {row.get("page"): row for row in rows if isinstance(row, dict)}
    return [_outcome(task, by_page.get(task.number)) for task in tasks]


def _outcome(task: PageTask, row: Mapping[str, Any] | None) -> PageOutcome:  # Any: JSON
    failed = PageOutcome(task, OutcomeKind.FAILED, reason="the worker left the page out")
    if row is None:
        return failed
    try:
        result = row["result"]
        page = None if result is None else _checked(decode_page(_bytes(result)), task)
        return PageOutcome(
            task,
            OutcomeKind(row["kind"]),
            page,
            str(row["reason"]),
            replace(Usage(*row["usage"]), cost_usd=0.0),  # the worker knows no price
            bool(row["permanent"]),
        )
    except (KeyError, TypeError, ValueError, StoreError) as error:
        return replace(failed, reason=f"the worker's answer cannot be read: {error}")


def _checked(page: Page, task: PageTask) -> Page:
    if page.number != task.number:
        raise ValueError(f"page {page.number} came for page {task.number}")
    return page


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} where base64 is due")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64: {error}") from error
