from typing import Any

import pytest

from ocr.transports.runpod_answer import read_answer
from ocr.transports.runpod_api import Health, JobReport, JobState
from ocr.transports.runpod_queue import describe
from pipeline.errors import OcrAuthError, OcrError, OcrLostError, OcrRejectedError

_CHAT = {
    "choices": [{"message": {"content": "<p>Hi</p>"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1500, "completion_tokens": 40},
}


def _completed(output: Any) -> JobReport:  # Any: JSON
    return JobReport("j1", JobState.COMPLETED, output, ran_s=2.5)


@pytest.mark.parametrize("output", [[_CHAT], _CHAT], ids=["as the stock image collects it", "bare"])
def test_the_completion_of_a_job_is_read(output: Any) -> None:
    answer = read_answer(_completed(output))

    assert (answer.text, answer.finish_reason) == ("<p>Hi</p>", "stop")
    assert (answer.prompt_tokens, answer.completion_tokens, answer.gpu_seconds) == (1500, 40, 2.5)


@pytest.mark.parametrize("output", [None, [], {}])
def test_a_job_that_completed_with_nothing_is_lost(output: Any) -> None:
    with pytest.raises(OcrLostError, match="completed without an output"):
        read_answer(_completed(output))


@pytest.mark.parametrize("output", ["text", ["data: {}"], {"pages": []}, {"choices": []}, {"choices": [{}]}, 7])
def test_an_output_that_is_no_completion_names_the_setting_that_may_be_wrong(output: Any) -> None:
    with pytest.raises(OcrRejectedError, match=r"no chat completion.*ocr\.runpod_worker"):
        read_answer(_completed(output))


@pytest.mark.parametrize(
    "code, kind", [(400, OcrRejectedError), (404, OcrAuthError), (500, OcrLostError), (None, OcrRejectedError)]
)
@pytest.mark.parametrize("shape", ["old", "new", "failed"])
def test_an_error_of_vllm_is_told_by_its_code_in_every_disguise(
    code: int | None, kind: type[OcrError], shape: str
) -> None:
    plain = {"object": "error", "message": "something is wrong", "code": code}
    reports = {
        "old": _completed([plain]),
        "new": _completed([{"error": plain}]),
        "failed": JobReport("j1", JobState.FAILED, error=str(plain)),
    }

    with pytest.raises(kind, match="something is wrong") as caught:
        read_answer(reports[shape])

    assert type(caught.value) is kind


def test_a_worker_that_cannot_start_says_why() -> None:
    report = JobReport("j1", JobState.FAILED, error="CUDA out of memory.\nTried to allocate 20 GiB")

    with pytest.raises(
        OcrRejectedError, match=r"^RunPod job j1 failed: CUDA out of memory\. Tried to allocate 20 GiB$"
    ):
        read_answer(report)


def test_a_healthy_endpoint_is_told_without_advice() -> None:
    health = Health({"completed": 3, "inQueue": 0}, {"idle": 2, "running": 1, "throttled": 0})

    assert describe("RunPod endpoint x", health) == "RunPod endpoint x: workers: 2 idle, 1 running; jobs: 3 completed"


@pytest.mark.parametrize(
    "workers, advice",
    [
        ({"idle": 0, "running": 0}, "after 7 idle days RunPod sets Max workers to 0"),
        ({"throttled": 3}, "allow more kinds of GPU"),
        ({"unhealthy": 1, "throttled": 1}, "read the worker's log"),
    ],
)
def test_an_endpoint_that_can_take_no_job_comes_with_a_remedy(workers: dict[str, int], advice: str) -> None:
    assert advice in describe("RunPod endpoint x", Health({}, workers))
