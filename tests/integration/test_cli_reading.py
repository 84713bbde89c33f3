"""`read`, `pages` and `doctor` as a user types them; the engines are fakes, the text layer is real."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import flows.wiring
from pipeline.config import load_settings
from pipeline.document import Usage
from pipeline.errors import OcrAuthError
from pipeline.stages import place_pages, read_pages
from tests.fakes.page_queue import engines_with, put_paper
from tests.fakes.page_readers import (
    FakeReader,
    answers,
    fail,
    make_document,
    once,
    read_well,
)
from tests.fakes.papers import make_pdf
from tests.fakes.shell import Shell

UseReader = Callable[[FakeReader], FakeReader]


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def with_reader(monkeypatch: pytest.MonkeyPatch) -> UseReader:
    """Lets an engine read the pages that mention a formula."""

    def use(reader: FakeReader) -> FakeReader:
        monkeypatch.setattr(flows.wiring.Parts, "engines", engines_with(reader))
        return reader

    return use


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(make_pdf(["# A title\nWords that are easily read.", "A formula and another one."]))
    return path


def test_a_file_is_read_by_several_engines(type_in: Shell, with_reader: UseReader, pdf: Path) -> None:
    with_reader(FakeReader(answer=lambda task: read_well(task, Usage(seconds=1.0, cost_usd=0.02))))

    code, out, _ = type_in("read", pdf, "--json")

    document = json.loads(out)
    assert (code, document["cost_usd"], document["citations"]) == (0, 0.02, 0)
    assert document["engine_by_page"] == {"1": "text_layer", "2": "fake/1"}
    assert [(page["status"], page["route"]) for page in document["pages"]] == [
        ("ok", "good text"),
        ("ok", "mathematics"),
    ]
    assert document["pages"][1]["blocks"][0]["text"] == "read: paper.pdf page 2"


def test_a_page_that_fails_is_tried_again(type_in: Shell, with_reader: UseReader, pdf: Path) -> None:
    reader = with_reader(FakeReader(answer=once(fail)))

    _, out, _ = type_in("read", pdf, "--json")

    assert json.loads(out)["engine_by_page"]["2"] == "fake/1"
    assert [task.attempt for task in reader.seen] == [1, 2]


def test_a_page_that_always_fails_keeps_its_text_layer_and_says_why(
    type_in: Shell, with_reader: UseReader, pdf: Path
) -> None:
    with_reader(FakeReader(answer=fail))

    code, out, err = type_in("read", pdf, "--json")

    page = json.loads(out)["pages"][1]
    assert (code, page["status"], page["reason"]) == (
        0,
        "degraded",
        "rapidocr gave it up after 3 attempts: it loops",
    )
    assert page["blocks"]
    assert "page 2: rapidocr gave it up" in err


def test_a_refused_key_stops_the_engine_for_all_files(
    type_in: Shell, with_reader: UseReader, pdf: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(pdf.read_bytes())
    reader = with_reader(FakeReader("surya/fake", lambda _: OcrAuthError("the key is refused")))

    code, out, err = type_in("read", pdf, other, "--json")

    reasons = [json.loads(line)["pages"][1]["reason"] for line in out.splitlines()]
    assert (code, len(reader.seen)) == (0, 1)
    assert reasons == ["surya did not read it: the key is refused"] * 2
    assert "surya stopped: the key is refused" in err


def test_no_more_is_spent_on_files_than_a_day_allows(
    type_in: Shell, with_reader: UseReader, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOREADER_OCR__USD_PER_GPU_SECOND", "0.001")
    reader = with_reader(FakeReader("surya/fake"))

    _, out, _ = type_in("read", pdf, "--json")

    assert reader.seen == []
    assert "none may be spent" in json.loads(out)["pages"][1]["reason"]


def test_an_unknown_engine_is_bad_usage(type_in: Shell, pdf: Path) -> None:
    code, out, err = type_in("read", pdf, "--engine", "tesseract")

    assert (code, out) == (2, "")
    assert "no engine 'tesseract'; there are: auto, text_layer, layout, rapidocr, surya" in err


@pytest.fixture
def home_with_failures(with_reader: UseReader) -> Path:
    """A home in which one page was read and another was given up."""
    with_reader(FakeReader(answer=answers({2: fail})))
    with flows.wiring.open_parts(load_settings()) as parts:
        put_paper(parts.context, parts.engines, document=make_document("one formula", "two formulas"))
        read_pages(parts.context, parts.engines, parts.page_limits, parts.owner)
        place_pages(parts.context, parts.engines.assembler)
        return parts.home.root


def test_the_queue_shows_what_stands_where_and_what_was_given_up(type_in: Shell, home_with_failures: Path) -> None:
    del home_with_failures
    code, out, _ = type_in("pages", "--json")

    shown = json.loads(out)
    assert code == 0
    assert shown["counts"] == [
        {"engine": "rapidocr", "state": "done", "pages": 1},
        {"engine": "rapidocr", "state": "dead", "pages": 1},
    ]
    assert shown["waiting"] == []
    assert shown["today"] == {"cost_usd": 0.0, "max_usd": 0.0, "cpu_seconds": 5.0, "max_cpu_seconds": 3600.0}


def test_the_dead_letters_are_listed(type_in: Shell, home_with_failures: Path) -> None:
    del home_with_failures
    code, out, _ = type_in("pages", "--failed", "--json")
    _, table, _ = type_in("pages", "--failed")

    assert code == 0
    assert json.loads(out) == {
        "failed": [
            {
                "id": "2611.00001",
                "version": 1,
                "page": 2,
                "engine": "rapidocr",
                "route": "mathematics",
                "attempts": 3,
                "reason": "it loops",
                "cost_usd": 0.0,
                "cpu_seconds": 3.0,
            }
        ]
    }
    assert "2611.00001v1" in table


def test_dead_letters_are_replayed(type_in: Shell, home_with_failures: Path) -> None:
    del home_with_failures
    first, again = type_in("pages", "--retry", "--json"), type_in("pages", "--retry", "--json")

    assert (first[0], json.loads(first[1])) == (0, {"queued": 1})
    assert (again[0], json.loads(again[1])) == (3, {"queued": 0})
    waiting = json.loads(type_in("pages", "--json")[1])["waiting"]
    assert waiting == [{"engine": "rapidocr", "pages": 1, "why": "it loops"}]


def test_all_pages_of_a_named_paper_are_replayed(type_in: Shell, home_with_failures: Path) -> None:
    del home_with_failures

    assert json.loads(type_in("pages", "2611.00001v1", "--retry", "--json")[1]) == {"queued": 2}


@pytest.mark.parametrize(
    "words,code,message",
    [
        (("pages",), 3, "no page was ever sent to OCR"),
        (("pages", "--failed"), 3, "no page was given up"),
        (("pages", "--retry"), 3, "none to retry"),
        (("pages", "2611.09999"), 1, "no paper 2611.09999 here"),
        (("pages", "nonsense"), 2, "not an arXiv identifier: 'nonsense'"),
    ],
)
def test_an_empty_queue_says_so(type_in: Shell, words: tuple[str, ...], code: int, message: str) -> None:
    ended, out, err = type_in(*words)

    assert (ended, out) == (code, "")
    assert message in err


def test_an_engine_that_is_not_set_up_cannot_be_forced(type_in: Shell, pdf: Path) -> None:
    code, out, err = type_in("read", pdf, "--engine", "surya")

    assert (code, out) == (2, "")
    assert err == "autoreader: ocr.engine is 'surya', but no Surya is set up (ocr.surya_url, ocr.runpod_endpoint)\n"


def test_without_an_engine_to_force_a_good_text_layer_is_enough(type_in: Shell, pdf: Path) -> None:
    code, out, _ = type_in("read", pdf, "--engine", "text_layer", "--json")

    document = json.loads(out)
    assert (code, document["engine_by_page"]) == (0, {"1": "text_layer", "2": "text_layer"})
    assert document["pages"][0]["route"] == "ocr.engine asks for text_layer on every page"
