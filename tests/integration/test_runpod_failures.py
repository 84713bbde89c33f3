"""Rows of the failure matrix that cost money when they go wrong, held to their figures."""

import pytest

from tests.bench.failure_conditions import Scale
from tests.bench.failure_matrix import Row, measure
from tests.bench.failure_matrix_runpod import conditions

_SCALE = Scale(cold_s=20.0, patience_s=1000.0, page_s=600.0, speed=10.0, dpi=48)


def _row(name: str) -> Row:
    (condition,) = [one for one in conditions() if one.name == f"RunPod: {name}"]
    return measure(condition, _SCALE)


@pytest.mark.parametrize(
    "name, requests",
    [
        ("client killed in the middle, another one collects", 12),
        ("job lost once (FAILED without a word)", 13),
        ("cold queue", 12),
    ],
)
def test_every_page_is_read_and_no_job_is_paid_twice(name: str, requests: int) -> None:
    row = _row(name)

    assert (row.with_text, row.scans, row.run) == ("6 done", "6 done", "done")
    assert (row.requests, row.silent) == (requests, 0)


@pytest.mark.parametrize(
    "name, words",
    [
        ("wrong key (401)", "refuses the key"),
        ("wrong endpoint (404)", "ocr.runpod_endpoint"),
        ("vLLM knows no such model", "ocr.surya_model"),
    ],
)
def test_what_only_a_setting_can_mend_stops_the_run_after_one_request(name: str, words: str) -> None:
    row = _row(name)

    assert words in row.run
    assert "12 pages as if never drawn" in row.run
    assert row.requests == 1
