"""The failure matrix with time running fast: no condition ends in a silent page, and each in few requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.failure_conditions import Scale, http_conditions
from tests.bench.failure_matrix import Row, measure

_SCALE = Scale(cold_s=20, patience_s=200, page_s=1000, speed=100, dpi=48)
_PAGES = 4
_CONDITIONS = {condition.name: replace(condition, pages=_PAGES) for condition in http_conditions()}
_NOT_READ = f"({_PAGES} pages as if never drawn)"


def _row(name: str) -> Row:
    is_slow = name.startswith("slower")
    return measure(_CONDITIONS[name], replace(_SCALE, page_s=50) if is_slow else _SCALE)


@pytest.mark.parametrize(
    "name,most",
    [
        ("well", 4),
        ("429 ten times, Retry-After 5 s", 14),
        ("500 three times", 7),
        ("connection breaks once", 5),
        ("303 to the result, three times", 4),
        ("loop on whole pages", 20),
        ("HTML without divs", 20),
    ],
)
def test_every_page_is_read_in_the_end(name: str, most: int) -> None:
    row = _row(name)

    assert (row.with_text, row.scans, row.run, row.silent) == ("2 done", "2 done", "done", 0)
    assert row.requests == most


def test_a_cold_start_costs_a_handful_of_requests() -> None:
    row = _row("cold")

    assert (row.with_text, row.scans, row.run) == ("2 done", "2 done", "done")
    assert _PAGES < row.requests <= _PAGES + 7


@pytest.mark.parametrize(
    "name,text,scan",
    [
        ("loop everywhere", "its own text stands in: the answer repeats itself", "failed (the answer repeats itself)"),
        (
            "HTML without divs, layout no JSON",
            "its own text stands in: the answer is not made of labelled divs",
            "failed (the answer is not made of labelled divs",
        ),
        (
            "empty",
            "its own text stands in: the answer is empty, and the page's own text is not",
            "failed (the answer is empty, and the page is not blank",
        ),
        (
            "cut off",
            "its own text stands in: the answer is cut off after 81 tokens",
            "degraded to what was read (only a part was read: the answer is cut off",
        ),
    ],
)
def test_a_page_without_a_good_answer_says_why(name: str, text: str, scan: str) -> None:
    row = _row(name)

    assert row.with_text.startswith(f"2 degraded to its own text ({text}")
    assert row.scans.startswith(f"2 {scan}")
    assert (row.run, row.requests, row.silent) == ("done", 3 * _PAGES, 0)


# `most` requests: how many pages are under way before the blank one tells depends on the threads' luck, that it is not
# three a page (36) does not.
@pytest.mark.parametrize(
    "name,error,most",
    [
        ("wrong key (401)", "OcrAuthError: the endpoint answered 401 Unauthorized: invalid api key", 1),
        ("no such model (404)", "OcrAuthError: the endpoint answered 404 Not Found: no such model", 1),
        ("429 for ever, Retry-After 1 h", "OcrUnavailableError: the endpoint answered 429 Too Many", 1),
        ("500 for ever", "OcrUnavailableError: the endpoint answered 500 Internal Server Error: boom; patience", 18),
        ("refused as too large (413)", "OcrUnavailableError: no page is answered, not even a blank one: the ", 14),
        ("no chat completion", "OcrUnavailableError: no page is answered, not even a blank one: no chat", 16),
        ("connection breaks always", "OcrUnavailableError: no page is answered, not even a blank one", 20),
        ("slower than a page may take", "OcrUnavailableError: no page is answered, not even a blank one", 10),
    ],
)
def test_a_run_that_cannot_go_on_ends_with_the_reason_and_blames_no_page(name: str, error: str, most: int) -> None:
    row = _row(name)

    assert row.run.startswith(error)
    assert row.run.endswith(_NOT_READ)
    assert (row.with_text, row.scans) == ("-", "-")
    assert row.requests <= most
