"""OAI-PMH over loopback: lists, tokens, deletions, and every way an answer can be wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from pipeline.arxiv_source import open_arxiv_source
from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.oai import OaiService
from pipeline.config import ArxivSettings
from pipeline.errors import SourceError, SourceFormatError
from tests.fakes.arxiv_records import RawRecord, error_page, list_page, record_page
from tests.fakes.arxiv_server import ArxivServer, Reply

SINCE = date(2026, 11, 17)
A, B, C = RawRecord("2611.00001"), RawRecord("2611.00002"), RawRecord("2611.00003")
DELETED = '<record><header status="deleted"><identifier>oai:arXiv.org:2611.00009</identifier></header></record>'


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


def service(server: ArxivServer, home: Path) -> OaiService:
    settings = ArxivSettings(base_url=server.url, interval_s=0.0, attempts=2)
    return OaiService(PoliteClient(settings, home), f"{server.url}/oai")


def listed(server: ArxivServer, home: Path) -> list[list[str]]:
    return [[record.paper.id for record in page] for page in service(server, home).list_records(SINCE, "cs:cs:IR")]


def test_a_list_is_asked_for_from_a_day_in_a_set_and_never_until(tmp_path: Path) -> None:
    with ArxivServer([Reply(list_page(A))]) as server:
        found = listed(server, tmp_path)

    assert found == [["2611.00001"]]
    assert server.paths == ["/oai?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-17&set=cs%3Acs%3AIR"]


def test_tokens_are_followed_over_three_pages_to_the_empty_one(tmp_path: Path) -> None:
    token = "verb%3DListRecords%26from%3D2026-11-20%26skip%3D2000"  # arXiv's are quoted already
    pages = [list_page(A, token=token), list_page(B, token="next &amp; last"), list_page(C, token="")]
    with ArxivServer([Reply(page) for page in pages]) as server:
        found = listed(server, tmp_path)

    assert found == [["2611.00001"], ["2611.00002"], ["2611.00003"]]
    asked = [parse_qs(urlsplit(path).query) for path in server.paths]
    assert asked[1:] == [
        {"verb": ["ListRecords"], "resumptionToken": [token]},
        {"verb": ["ListRecords"], "resumptionToken": ["next & last"]},
    ]


def test_an_expired_token_begins_the_list_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    expired = Reply(error_page("badResumptionToken", "expired"))
    with ArxivServer(
        [Reply(list_page(A, token="t1")), expired, Reply(list_page(A, token="t2")), Reply(list_page(B))]
    ) as server:
        found = listed(server, tmp_path)

    assert found == [["2611.00001"], ["2611.00001"], ["2611.00002"]]
    assert "is begun again: arXiv answered badResumptionToken: expired" in caplog.text


def test_a_token_that_expires_again_is_an_error_that_may_pass(tmp_path: Path) -> None:
    def answer(path: str) -> Reply:
        if "resumptionToken" in path:
            return Reply(error_page("badResumptionToken", "expired"))
        return Reply(list_page(A, token="t1"))

    with ArxivServer(answer) as server, pytest.raises(SourceError, match="badResumptionToken: expired") as caught:
        listed(server, tmp_path)

    assert len(server.asked) == 4
    assert not caught.value.permanent


def test_a_token_given_twice_is_an_error_not_an_endless_list(tmp_path: Path) -> None:
    with ArxivServer([Reply(list_page(A, token="same"))]) as server, pytest.raises(SourceFormatError, match="twice"):
        listed(server, tmp_path)

    assert len(server.asked) == 2


def test_no_matching_records_is_an_empty_list(tmp_path: Path) -> None:
    with ArxivServer([Reply(error_page("noRecordsMatch"))]) as server:
        assert listed(server, tmp_path) == []


def test_deleted_records_are_passed_over_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), ArxivServer([Reply(list_page(A, extra=DELETED))]) as server:
        found = listed(server, tmp_path)

    assert found == [["2611.00001"]]
    assert "skipped a deleted record: oai:arXiv.org:2611.00009" in caplog.text


def test_a_page_of_deletions_alone_goes_on_to_the_next(tmp_path: Path) -> None:
    pages = [list_page(extra=DELETED, token="t1"), list_page(B)]
    with ArxivServer([Reply(page) for page in pages]) as server:
        assert listed(server, tmp_path) == [["2611.00002"]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: page[: len(page) // 2],
        lambda page: page.removesuffix(b"</OAI-PMH>"),
        lambda page: page.replace(b"</ListRecords>", b""),
        lambda _: b"",
        lambda _: b"Rate exceeded.",
        lambda _: b"<html><body>We will be back</body></html>",
        lambda _: b"<!DOCTYPE html>\n<html><body><p>We will be back</body></html>",
        lambda page: b'<!DOCTYPE x [<!ENTITY e "e">]>' + page.partition(b"\n")[2],
        lambda page: page.replace(b"ListRecords>", b"ListSets>"),
        lambda _: list_page(),
        lambda page: page.replace(b"arXivRaw", b"arXivOld"),
    ],
)
def test_an_answer_that_is_not_a_whole_list_is_an_error_never_an_empty_page(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    with ArxivServer([Reply(spoil(list_page(A, B)))]) as server, pytest.raises(SourceFormatError):
        listed(server, tmp_path)

    assert len(server.asked) == 1


def test_a_second_page_that_is_cut_off_is_an_error_too(tmp_path: Path) -> None:
    pages = [list_page(A, token="t1"), list_page(B)[:-12]]
    with (
        ArxivServer([Reply(page) for page in pages]) as server,
        pytest.raises(SourceFormatError, match="no complete XML"),
    ):
        listed(server, tmp_path)


def test_a_forbidden_control_character_is_dropped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = list_page(A).replace(b"We weigh letters.", b"We weigh\x0b letters\x1f.")
    with ArxivServer([Reply(page)]) as server:
        (records,) = service(server, tmp_path).list_records(SINCE)

    assert records[0].paper.abstract == "We weigh letters. Then we sort them.\nIt works."
    assert "dropped 2 forbidden control characters" in caplog.text


@pytest.mark.parametrize("code", ["badArgument", "cannotDisseminateFormat", "noSetHierarchy", "undefinedError"])
def test_other_errors_are_told_with_arxivs_code_and_words(tmp_path: Path, code: str) -> None:
    with (
        ArxivServer([Reply(error_page(code, "from date\n too early"))]) as server,
        pytest.raises(SourceError) as caught,
    ):
        listed(server, tmp_path)

    assert caught.value.message == f"arXiv answered {code}: from date too early"
    assert caught.value.permanent


def test_one_record_is_fetched_by_its_identifier(tmp_path: Path) -> None:
    with ArxivServer([Reply(record_page(RawRecord("hep-th/9901001")))]) as server:
        found = service(server, tmp_path).get_record("hep-th/9901001")

    assert found is not None
    assert found.paper.id == "hep-th/9901001"
    assert server.paths == ["/oai?verb=GetRecord&identifier=oai%3AarXiv.org%3Ahep-th%2F9901001&metadataPrefix=arXivRaw"]


@pytest.mark.parametrize(
    "page",
    [
        error_page("idDoesNotExist", "no such paper"),
        list_page(extra=DELETED).replace(b"ListRecords", b"GetRecord"),
    ],
)
def test_a_record_that_is_not_there_is_none(tmp_path: Path, page: bytes) -> None:
    with ArxivServer([Reply(page)]) as server:
        assert service(server, tmp_path).get_record("2611.00009") is None


def test_a_paper_in_several_sets_comes_once(tmp_path: Path) -> None:
    def answer(path: str) -> Reply:
        return Reply(list_page(A, B) if "IR" in path else list_page(B, C))

    with ArxivServer(answer) as server:
        source = open_arxiv_source(ArxivSettings(base_url=server.url, interval_s=0.0), tmp_path)
        with source:
            pages = list(source.changed_since(SINCE, ["cs.IR", "cs.CL"]))

    assert [[record.paper.id for record in page] for page in pages] == [["2611.00001", "2611.00002"], ["2611.00003"]]


def test_a_set_that_brings_nothing_of_its_own_adds_no_page(tmp_path: Path) -> None:
    with ArxivServer([Reply(list_page(A))]) as server:
        source = open_arxiv_source(ArxivSettings(base_url=server.url, interval_s=0.0), tmp_path)
        with source:
            pages = list(source.changed_since(SINCE, ["cs.IR", "cs.CL"]))

    assert len(pages) == 1
    assert len(server.asked) == 2


def test_the_source_asks_for_one_record(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(record_page(A))]) as server,
        open_arxiv_source(ArxivSettings(base_url=server.url, interval_s=0.0), tmp_path) as source,
    ):
        found = source.record("2611.00001")

    assert found is not None
    assert found.changed_on == date(2026, 11, 24)
