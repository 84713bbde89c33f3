"""RunPod's queue endpoints over HTTP: jobs and health as values, every refusal as one of our errors.

Routes, states and limits: https://docs.runpod.io/serverless/endpoints/send-requests (read November 2026).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from ocr.transports.address import http_url, is_loopback
from ocr.transports.wording import explain
from pipeline.arxiv_source.client import retry_after_s
from pipeline.config import OcrSettings
from pipeline.errors import ConfigError, OcrAuthError, OcrLostError, OcrRejectedError, OcrUnavailableError

BODY_LIMIT = 10_000_000  # bytes of a /run request; "10 MB", and nobody says whether that is 10 << 20
_CONNECTIONS = 64  # of the 400 concurrent /status requests that RunPod allows
_TIMEOUT = httpx.Timeout(30.0, connect=10.0, write=60.0, pool=120.0)  # a /run body takes 10 s at 8 Mbit/s
_AUTH = (401, 403)
_NO_CREDIT = 402
_NOT_FOUND = 404
_BUSY = (408, 425, 429)
_REFUSED = (400, 413, 422)


class JobState(StrEnum):
    """Where a job stands."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    RUNNING = "RUNNING"  # the same under another name; both are seen
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"


@dataclass(frozen=True, slots=True)
class JobReport:
    """What /status says of a job. `queued_s` is RunPod's delayTime, `ran_s` its executionTime."""

    id: str
    state: JobState
    output: Any = None  # Any: JSON, as the worker made it
    error: str = ""
    queued_s: float = 0.0
    ran_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """What /health says: jobs and workers, each counted by state."""

    jobs: Mapping[str, int]
    workers: Mapping[str, int]

    def __str__(self) -> str:
        return f"workers: {_counts(self.workers)}; jobs: {_counts(self.jobs)}"


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a job may run, and how long RunPod may keep it before it has ended."""

    execution_s: float
    ttl_s: float


class RunpodApi:
    """Talks to one endpoint. Safe to call from many threads; tries every request once."""

    def __init__(self, settings: OcrSettings) -> None:
        self._endpoint = _endpoint_id(settings.runpod_endpoint)
        base = _address(settings.runpod_url)
        self._base = f"{str(base).rstrip('/')}/{self._endpoint}"
        self._key = _checked(settings.runpod_key)
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=_TIMEOUT,
            trust_env=not is_loopback(base),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        )

    def __repr__(self) -> str:
        return f"RunpodApi({self.name!r})"

    @property
    def name(self) -> str:
        """What to call the endpoint in messages."""
        return f"RunPod endpoint {self._endpoint}"

    def submit(self, job_input: Mapping[str, Any], policy: Policy) -> str:  # Any: JSON
        """Queues a job and returns its id. Raises OcrRejectedError, before sending, for one that is too large."""
        limits = {"executionTimeout": round(1000 * policy.execution_s), "ttl": round(1000 * policy.ttl_s)}
        body = json.dumps({"input": job_input, "policy": limits}, separators=(",", ":")).encode()
        if len(body) > BODY_LIMIT:
            raise OcrRejectedError(
                f"the job has {len(body) / 1e6:.1f} MB and RunPod takes {BODY_LIMIT / 1e6:.0f}: lower ocr.surya_dpi"
            )
        answer = self._json("POST", "run", content=body, headers={"Content-Type": "application/json"})
        job_id = answer.get("id")
        if not isinstance(job_id, str) or not job_id:
            raise OcrUnavailableError(f"{self.name} took a job without telling its id")
        return job_id

    def status(self, job_id: str) -> JobReport:
        """Where a job stands. Raises OcrLostError where RunPod does not know it (results are kept for 30 minutes)."""
        return _report(job_id, self._json("GET", f"status/{quote(job_id, safe='')}"))

    def cancel(self, job_id: str) -> None:
        """Stops a job, or takes it off the queue. Raises OcrLostError where RunPod does not know it."""
        self._json("POST", f"cancel/{quote(job_id, safe='')}")

    def health(self) -> Health:
        """The endpoint's jobs and workers."""
        answer = self._json("GET", "health")
        return Health(_numbers(answer.get("jobs")), _numbers(answer.get("workers")))

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _json(self, method: str, route: str, **options: Any) -> dict[str, Any]:  # Any: httpx's options; JSON
        with _translated(self.name):
            response = self._client.request(method, f"{self._base}/{route}", **options)
        if response.status_code == _NOT_FOUND and route.startswith(("status/", "cancel/")):
            raise OcrLostError(f"{self.name} does not know job {route.partition('/')[2]} (any more)")
        if not response.is_success:
            raise self._refusal(response)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise OcrUnavailableError(f"{self.name} answered {route.partition('/')[0]} with something that is no JSON")
        return answer

    def _refusal(self, response: httpx.Response) -> Exception:
        code = response.status_code
        if code in _AUTH:
            return OcrAuthError(
                f"{self.name} refuses the key ({code}): check ocr.runpod_key (AUTOREADER_OCR__RUNPOD_KEY), "
                "and that the key may use this endpoint"
            )
        if code == _NO_CREDIT:
            return OcrAuthError(f"{self.name} wants to be paid first (402): add credit in RunPod's console")
        if code == _NOT_FOUND:
            return OcrAuthError(
                f"{self.name} is not there (404): ocr.runpod_endpoint (AUTOREADER_OCR__RUNPOD_ENDPOINT) must be the id "
                "of a queue endpoint of the account whose key is in ocr.runpod_key"
            )
        said = explain(response.content, (self._key,)) or "no reason given"
        if code in _REFUSED:
            return OcrRejectedError(f"{self.name} refuses the job ({code}): {said}")
        after_s = retry_after_s(response.headers.get("Retry-After", ""), time.time())
        kind = "is busy" if code in _BUSY else "has trouble"
        return OcrUnavailableError(f"{self.name} {kind} ({code}): {said}", retry_after_s=after_s)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """What httpx raises, as our error, without the request (whose headers hold the key) in its chain."""
    try:
        yield
    except httpx.HTTPError as error:
        raise OcrUnavailableError(f"cannot reach {name}: {type(error).__name__}") from None


def _address(given: str) -> httpx.URL:
    """The base of all routes."""
    url = http_url(given)
    if url is None:
        raise ConfigError(f"setting 'ocr.runpod_url' is {given!r}: it must be an address, https://api.runpod.ai/v2")
    return url


def _endpoint_id(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", given):
        raise ConfigError(
            f"setting 'ocr.runpod_endpoint' is {given!r}: it must be the endpoint's id alone, such as 'k3x9w2a7b1c4d5'"
        )
    return given


def _checked(key: SecretStr) -> str:
    """The key, if it can stand in a header: httpx would name it in its complaint."""
    text = key.get_secret_value()
    if not text:
        raise ConfigError("setting 'ocr.runpod_key' is missing: RunPod's console makes one under Settings, API Keys")
    if not re.fullmatch(r"[!-~]+", text):
        raise ConfigError("setting 'ocr.runpod_key' is <SECRET>: a key holds no blanks, line breaks or accents")
    return text


def _report(job_id: str, plain: Mapping[str, Any]) -> JobReport:  # Any: JSON
    try:
        state = JobState(str(plain.get("status", "")))
    except ValueError:
        raise OcrUnavailableError(f"RunPod job {job_id} is in a state unknown here: {plain.get('status')!r}") from None
    error = plain.get("error") or ""
    return JobReport(
        job_id,
        state,
        plain.get("output"),
        error if isinstance(error, str) else json.dumps(error),
        _seconds(plain.get("delayTime")),
        _seconds(plain.get("executionTime")),
    )


def _seconds(milliseconds: object) -> float:
    return milliseconds / 1000 if isinstance(milliseconds, int | float) and milliseconds > 0 else 0.0


def _numbers(plain: object) -> dict[str, int]:
    if not isinstance(plain, dict):
        return {}
    return {str(name): value for name, value in plain.items() if isinstance(value, int)}


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{value} {name}" for name, value in numbers.items() if value) or "none"
