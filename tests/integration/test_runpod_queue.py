"""The queue transport against a loopback RunPod, real HTTP in between."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Any

import pytest

from ocr.endpoints.chat import ChatRequest
from ocr.transports.runpod_jobs import Pace
from ocr.transports.runpod_queue import RunpodQueue, open_queue
from pipeline.config import OcrSettings
from pipeline.errors import (
    ConfigError,
    OcrAuthError,
    OcrError,
    OcrLostError,
    OcrRejectedError,
    OcrUnavailableError,
    StoreError,
)
from tests.fakes.control_plane import ENDPOINT, KEY, ControlPlane, End, Fate, Job, Reply
from tests.fakes.job_fates import completes, fails, in_turn, times_out

_CHAT = [{"choices": [{"message": {"content": "<p>Hi</p>"}, "finish_reason": "stop"}]}]
_QUICK = Pace(first_s=0.01, longest_s=0.05, slice_s=0.3)
Opens = Callable[..., tuple[ControlPlane, RunpodQueue]]


@pytest.fixture
def opened() -> Iterator[Opens]:
    """Opens a loopback RunPod and the transport to it; both are closed after the test."""
    with ExitStack() as stack:

        def open_both(fate: Fate | None = None, *, cold: bool = False, **settings: Any) -> Any:
            plane = stack.enter_context(ControlPlane(fate, cold=cold))
            queue = open_queue(_settings(plane, **settings), _QUICK)
            stack.callback(queue.close)
            return plane, queue

        yield open_both


def _settings(plane: ControlPlane, **changes: Any) -> OcrSettings:  # Any: pydantic checks them
    values = {"runpod_url": plane.url, "runpod_endpoint": ENDPOINT, "runpod_key": KEY}
    return OcrSettings(**(values | changes))


def _request(text: str = "read this", **changes: Any) -> ChatRequest:  # Any: the dataclass checks the names
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return ChatRequest(body, **({"timeout_s": 30.0} | changes))


def test_a_request_becomes_a_job_of_the_stock_image_and_its_answer_is_read(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT, run_s=2.0))
    request = _request()

    answer = queue.chat(request)

    (job,) = plane.jobs.values()
    assert job.input == {"openai_route": "/v1/chat/completions", "openai_input": dict(request.body)}
    assert job.policy == {"executionTimeout": 30_000, "ttl": 3_630_000}
    assert answer.text == "<p>Hi</p>"
    assert 0 < answer.gpu_seconds <= 2


def test_the_jobs_id_is_told_before_it_is_polled(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))
    heard: list[tuple[str, int]] = []

    queue.chat(_request(on_submitted=lambda job_id: heard.append((job_id, plane.count("status")))))

    assert heard == [(next(iter(plane.jobs)), 0)]


def test_a_job_that_an_earlier_run_submitted_is_collected_and_not_submitted_again(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))
    heard: list[str] = []
    queue.chat(_request(on_submitted=heard.append))

    answer = queue.chat(_request("anything", remote_id=heard[0]))

    assert answer.text == "<p>Hi</p>"
    assert plane.count("run") == 1


def test_a_job_that_runpod_no_longer_knows_is_lost(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))

    with pytest.raises(OcrLostError, match="does not know job gone-e1"):
        queue.chat(_request(remote_id="gone-e1"))

    assert (plane.count("run"), plane.count("status")) == (0, 1)


@pytest.mark.parametrize(
    "fate, kind, words",
    [
        (fails(), OcrLostError, "failed without a word"),
        (times_out(), OcrLostError, "ran out of time"),
        (fails("bad picture"), OcrRejectedError, "bad picture"),
        (fails("{'message': 'no such model', 'code': 404}"), OcrAuthError, "ocr.surya_model"),
        (fails("{'message': 'engine died', 'code': 500}"), OcrLostError, "engine died"),
    ],
)
def test_a_job_that_ends_badly_raises_what_helps(opened: Opens, fate: Fate, kind: type[OcrError], words: str) -> None:
    _, queue = opened(fate)

    with pytest.raises(kind, match=words):
        queue.chat(_request())


def test_a_job_cancelled_by_somebody_else_is_lost(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), cold=True)

    def cancel(job_id: str) -> None:
        plane._cancel(plane.jobs[job_id])

    with pytest.raises(OcrLostError, match="was cancelled"):
        queue.chat(_request(on_submitted=cancel))


def test_a_cold_queue_ends_a_slice_of_patience_and_keeps_the_job(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), cold=True)
    heard: list[str] = []
    words = r"has waited for a worker for \d s \(workers: 1 idle; jobs: 1 inQueue\)$"
    with pytest.raises(OcrUnavailableError, match=words):
        queue.chat(_request(on_submitted=heard.append))
    plane.warm_up()

    answer = queue.chat(_request(remote_id=heard[0]))

    assert answer.text == "<p>Hi</p>"
    assert plane.count("run") == 1


def test_a_queue_that_moves_is_waited_for_without_end(opened: Opens) -> None:
    plane, queue = opened(cold=True)

    def runs_twice_a_slice(job: Job) -> End:
        plane.cold.set()  # from now on jobs wait
        time.sleep(2 * _QUICK.slice_s)
        plane.fate = completes(_CHAT)
        plane.warm_up()
        return completes(_CHAT)(job)

    plane.fate = runs_twice_a_slice
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(queue.chat, _request("first"))
        while not plane.jobs:
            time.sleep(0.005)
        plane.warm_up()
        while not plane.cold.is_set():
            time.sleep(0.005)

        answer = queue.chat(_request("second"))

    assert first.result().text == "<p>Hi</p>"

    assert answer.text == "<p>Hi</p>"


def test_a_job_that_runs_too_long_is_cancelled_and_lost(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT, after_s=5.0))

    with pytest.raises(OcrLostError, match=r"ran for more than 0\.2 s and was cancelled"):
        queue.chat(_request(timeout_s=0.2))

    assert [job.state for job in plane.jobs.values()] == ["CANCELLED"]


def test_polling_outlives_a_busy_or_broken_status_route(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))
    plane.replies["status"] = [
        Reply(status=429, headers={"retry-after": "0"}),
        Reply(status=502),
        Reply(b"<html>login</html>"),
    ]

    assert queue.chat(_request()).text == "<p>Hi</p>"
    assert plane.count("run") == 1


@pytest.mark.parametrize("asked_s", ["1", "3600"])
def test_retry_after_is_honoured_while_polling_up_to_a_slice_of_patience(opened: Opens, asked_s: str) -> None:
    plane, queue = opened(completes(_CHAT))
    plane.replies["status"] = [Reply(status=429, headers={"retry-after": asked_s})]
    started = time.monotonic()

    queue.chat(_request())

    assert time.monotonic() - started >= 0.75 * _QUICK.slice_s
    assert plane.count("status") == 2


@pytest.mark.parametrize(
    "reply, kind, after_s",
    [
        (Reply(status=429, headers={"retry-after": "7"}), OcrUnavailableError, 7.0),
        (Reply(status=503), OcrUnavailableError, None),
        (Reply(status=408), OcrUnavailableError, None),
    ],
)
def test_a_busy_endpoint_is_unavailable_and_says_for_how_long(
    opened: Opens, reply: Reply, kind: type[OcrUnavailableError], after_s: float | None
) -> None:
    plane, queue = opened(completes(_CHAT))
    plane.replies["run"] = [reply]

    with pytest.raises(kind) as caught:
        queue.chat(_request())

    assert caught.value.retry_after_s == after_s


@pytest.mark.parametrize("code", [400, 413, 422])
def test_a_refused_job_is_the_pages_fault(opened: Opens, code: int) -> None:
    plane, queue = opened(completes(_CHAT))
    plane.replies["run"] = [Reply(b'{"error": "input is wrong"}', code)]

    with pytest.raises(OcrRejectedError, match=f"refuses the job \\({code}\\): input is wrong"):
        queue.chat(_request())


def test_a_job_beyond_runpods_limit_is_not_sent(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))

    with pytest.raises(OcrRejectedError, match=r"10\.5 MB and RunPod takes 10: lower ocr\.surya_dpi"):
        queue.chat(_request("x" * 10_500_000))

    assert plane.asked == []


def test_a_refused_key_names_the_setting(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), runpod_key="rpa_wrong")

    with pytest.raises(OcrAuthError, match=r"refuses the key \(401\): check ocr\.runpod_key"):
        queue.chat(_request())

    assert plane.count("run") == 1


def test_an_account_without_credit_stops_the_run(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))
    plane.replies["run"] = [Reply(status=402)]

    with pytest.raises(OcrAuthError, match="add credit"):
        queue.chat(_request())


def test_a_wrong_endpoint_names_the_setting(opened: Opens) -> None:
    _, queue = opened(completes(_CHAT), runpod_endpoint="abc123")

    with pytest.raises(OcrAuthError, match=r"endpoint abc123 is not there \(404\): ocr\.runpod_endpoint"):
        queue.check()


@pytest.mark.parametrize("given", ["", "https://api.runpod.ai/v2/abc/run", "two words"])
def test_an_endpoint_that_is_no_id_is_refused_at_once(given: str) -> None:
    with pytest.raises(ConfigError, match=r"'ocr\.runpod_endpoint' is .*the endpoint's id alone"):
        open_queue(OcrSettings(runpod_endpoint=given, runpod_key=KEY))


@pytest.mark.parametrize("given", ["", "api.runpod.ai/v2", "ftp://api.runpod.ai", "https://"])
def test_a_base_that_is_no_address_is_refused_at_once(given: str) -> None:
    with pytest.raises(ConfigError, match=r"'ocr\.runpod_url' is .*it must be an address"):
        open_queue(OcrSettings(runpod_url=given, runpod_endpoint=ENDPOINT, runpod_key=KEY))


@pytest.mark.parametrize("key, words", [("", "is missing"), ("rpa_a\nb", "no blanks")])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        open_queue(OcrSettings(runpod_endpoint=ENDPOINT, runpod_key=key))

    assert "rpa_a" not in str(caught.value)


def test_an_endpoint_that_cannot_be_reached_is_unavailable() -> None:
    queue = open_queue(OcrSettings(runpod_url="http://127.0.0.1:9", runpod_endpoint=ENDPOINT, runpod_key=KEY))

    with pytest.raises(OcrUnavailableError, match=f"^cannot reach RunPod endpoint {ENDPOINT}: ConnectError$"):
        queue.chat(_request())
    queue.close()


def test_the_check_tells_the_endpoints_health(opened: Opens) -> None:
    _, queue = opened(completes(_CHAT), usd_per_gpu_second=0.00031)

    assert queue.check() == f"RunPod endpoint {ENDPOINT}: workers: 1 idle; jobs: none"


def test_the_check_warns_of_a_rented_gpu_without_a_price(opened: Opens) -> None:
    _, queue = opened(completes(_CHAT))

    assert queue.check().endswith("no cost is counted and ocr.max_usd_per_day stops nothing")


def test_the_key_stands_in_no_message_no_log_and_no_repr(opened: Opens, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    plane, queue = opened(in_turn(completes(_CHAT), fails("x")))
    plane.replies["run"] = [
        Reply(f'{{"error": "key {KEY} may not"}}'.encode(), 400),
        Reply(status=401),
        Reply(status=500),
    ]
    said = [repr(queue), repr(queue._jobs), repr(queue._jobs.api), queue.endpoint]

    for _ in range(5):
        try:
            queue.chat(_request())
        except OcrError as error:
            said += [str(error), repr(error), repr(error.__cause__)]

    assert len(said) == 4 + 4 * 3
    assert KEY not in "\n".join([*said, caplog.text])


def test_closing_withdraws_jobs_that_no_worker_has_begun(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), cold=True)
    with pytest.raises(OcrUnavailableError):
        queue.chat(_request())

    queue.close()

    assert [job.state for job in plane.jobs.values()] == ["CANCELLED"]


def test_a_job_whose_id_could_not_be_noted_is_withdrawn(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), cold=True)

    def fail(job_id: str) -> None:
        raise StoreError(f"no room for {job_id}")

    with pytest.raises(StoreError):
        queue.chat(_request(on_submitted=fail))
    queue.close()

    assert [job.state for job in plane.jobs.values()] == ["CANCELLED"]


def test_closing_leaves_a_running_job_to_be_collected_later(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT, after_s=30.0))

    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(queue.chat, _request())
        while not any(job.state == "IN_PROGRESS" for job in plane.jobs.values()):
            time.sleep(0.005)
        queue.close()

    with pytest.raises(OcrUnavailableError, match="left to itself"):
        asking.result()
    assert [job.state for job in plane.jobs.values()] == ["IN_PROGRESS"]


def test_closing_waits_for_whoever_submits_a_job_and_withdraws_it(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT), cold=True)
    submitted, released = threading.Event(), threading.Event()

    def note(job_id: str) -> None:
        del job_id
        submitted.set()
        released.wait(60)

    with ThreadPoolExecutor(2) as threads:
        asking = threads.submit(queue.chat, _request(on_submitted=note))
        submitted.wait(60)
        closing = threads.submit(queue.close)
        assert not wait([closing], 0.1).done
        released.set()

    with pytest.raises(OcrUnavailableError):
        asking.result()
    assert [job.state for job in plane.jobs.values()] == ["CANCELLED"]


def test_who_is_closed_submits_nothing(opened: Opens) -> None:
    plane, queue = opened(completes(_CHAT))
    queue.close()

    with pytest.raises(OcrUnavailableError, match="not asked any more"):
        queue.chat(_request())

    assert plane.jobs == {}


def test_many_requests_go_side_by_side_and_share_the_workers_time(opened: Opens) -> None:
    all_run = threading.Barrier(16)

    def meets_the_others(job: Job) -> End:
        all_run.wait(60)
        time.sleep(0.2)
        return completes(_CHAT)(job)

    plane, queue = opened(meets_the_others)

    with ThreadPoolExecutor(16) as threads:
        started = time.monotonic()
        answers = list(threads.map(lambda n: queue.chat(_request(f"page {n}")), range(16)))
        took_s = time.monotonic() - started

    gpu_s = sum(answer.gpu_seconds for answer in answers)
    assert plane.count("run") == 16
    assert gpu_s < took_s  # not the sum of what each ran: they ran at once on one worker
