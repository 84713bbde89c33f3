"""Replays of what arXiv and other OAI-PMH servers really answered; skipped where the captures are not at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from pipeline.arxiv_source import Lookup
from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.oai import Page, read_page
from pipeline.arxiv_source.records import read_record
from pipeline.config import ArxivSettings
from pipeline.errors import NotFoundError, SourceError, SourceFormatError, UsageError
from tests.fakes.arxiv_server import ArxivServer, Reply

CAPTURES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "protocol"
pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"the protocol captures are not at {CAPTURES}")


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


def oai(name: str) -> bytes:
    return (CAPTURES / "oai" / name).read_bytes()


@dataclass(frozen=True, slots=True)
class Capture:
    """One recorded exchange with the API."""

    asked: dict[str, list[str]]
    reply: Reply


@pytest.fixture
def api() -> Iterator[ArxivServer]:
    """The API, as far as it was recorded; 404 for the rest."""
    captures = []
    for path in sorted((CAPTURES / "api").glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        asked = parse_qs(urlsplit(told["url"]).query, keep_blank_values=True)
        captures.append(Capture(asked, Reply(told["body"].encode(), told["status_code"])))

    def answer(path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query, keep_blank_values=True)
        return next((capture.reply for capture in captures if capture.asked == asked), Reply(status=404))

    with ArxivServer(answer) as server:
        yield server


def lookup_for(server: ArxivServer, home: Path, page_size: int = 100) -> Lookup:
    settings = ArxivSettings(base_url=server.url, interval_s=0.0, attempts=1)
    return Lookup(PoliteClient(settings, home), f"{server.url}/api/query", page_size)


def test_four_recorded_pages_are_one_list_and_deletions_fall_away() -> None:
    names, kept = ["ListRecords.xml"], 0
    while names[-1]:
        page = read_page(oai(names[-1]), "ListRecords", "capture")
        kept += len(page.records)
        names.append(page.token)

    assert names == ["ListRecords.xml", "ListRecords2.xml", "ListRecords3.xml", "ListRecords4.xml", ""]
    assert kept == 4


def test_recorded_records_in_another_format_are_an_error_not_a_paper() -> None:
    (record,) = read_page(oai("arxiv-single.xml"), "GetRecord", "capture").records

    with pytest.raises(SourceFormatError, match=r"record oai:arXiv\.org:1401\.2122 holds no arXivRaw"):
        read_record(record, "capture")


@pytest.mark.parametrize("name", ["noRecordsMatch.xml", "idDoesNotExist.xml"])
def test_recorded_answers_of_nothing_are_empty(name: str) -> None:
    assert read_page(oai(name), "ListRecords", "capture") == Page(())


@pytest.mark.parametrize(
    "name,message,permanent",
    [
        ("badArgument.xml", "arXiv answered badArgument", True),
        ("badResumptionToken.xml", "arXiv answered badResumptionToken: This resumptionToken is invalid", False),
        ("cannotDisseminateFormat.xml", "arXiv answered cannotDisseminateFormat", True),
        ("noSetHierarchy.xml", "arXiv answered noSetHierarchy: This repository does not support sets", True),
        ("undefinedError.xml", "arXiv answered undefinedError", True),
    ],
)
def test_recorded_errors_are_told(name: str, message: str, permanent: bool) -> None:
    with pytest.raises(SourceError) as caught:
        read_page(oai(name), "ListRecords", "capture")

    assert caught.value.message == message
    assert caught.value.permanent is permanent


@pytest.mark.parametrize("name", ["ListRecordsBroken.xml", "Identify.xml", "ListSets.xml", "ListIdentifiers.xml"])
def test_recorded_answers_to_something_else_are_an_error(name: str) -> None:
    with pytest.raises(SourceFormatError):
        read_page(oai(name), "ListRecords", "capture")


@pytest.mark.parametrize("name", sorted(path.name for path in (CAPTURES / "oai").glob("*.xml")))
def test_no_recorded_answer_survives_being_cut_off(name: str) -> None:
    with pytest.raises(SourceFormatError):
        read_page(oai(name)[:-15], "GetRecord", "capture")


def test_a_recorded_search_of_a_hundred_comes_whole(api: ArxivServer, tmp_path: Path) -> None:
    found = lookup_for(api, tmp_path).find("testing", 100)

    assert len(found) == 100
    assert len({paper.id for paper in found}) == 100
    assert all(paper.title and paper.authors and paper.categories and paper.versions for paper in found)


def test_a_recorded_search_is_paged(api: ArxivServer, tmp_path: Path) -> None:
    found = lookup_for(api, tmp_path, page_size=10).find("testing", 55)

    assert len(found) == 55
    assert len(api.asked) == 6


def test_a_recorded_old_identifier_is_found(api: ArxivServer, tmp_path: Path) -> None:
    (found,) = lookup_for(api, tmp_path).find_ids(["astro-ph/0601001"])

    assert found.id == "astro-ph/0601001"
    assert found.authors[0] == "Andrew Gould"
    assert found.journal_ref == "ActaAstron.56:1-50,2006"
    assert found.primary_category == "astro-ph"


def test_a_recorded_unknown_identifier_is_named(api: ArxivServer, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"arXiv does not know 0000\.0000"):
        lookup_for(api, tmp_path).find_ids(["0000.0000"])


def test_of_two_recorded_identifiers_the_missing_one_is_named(api: ArxivServer, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"does not know 0808\.05394$"):
        lookup_for(api, tmp_path).find_ids(["0808.05394", "1707.08567"])


def test_a_recorded_versioned_identifier_gives_that_version(api: ArxivServer, tmp_path: Path) -> None:
    (found,) = lookup_for(api, tmp_path).find_ids(["quant-ph/0201082v1"])

    assert found.id == "quant-ph/0201082"
    assert found.latest_version == 1


def test_a_recorded_objection_of_the_api_is_passed_on(tmp_path: Path) -> None:
    told = json.loads(next((CAPTURES / "api").glob("id_abc_*.json")).read_text(encoding="utf-8"))
    reply = Reply(told["body"].encode(), told["status_code"])

    with ArxivServer([reply]) as server, pytest.raises(UsageError, match="incorrect id format for abc"):
        lookup_for(server, tmp_path).find_ids(["2611.00001"])


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_a_recorded_search_cut_off_anywhere_is_an_error(tmp_path: Path, keep: float) -> None:
    told = json.loads(next((CAPTURES / "api").glob("q_testing_s0_m10_*.json")).read_text(encoding="utf-8"))
    body = told["body"].encode()

    with ArxivServer([Reply(body[: int(len(body) * keep)])]) as server, pytest.raises(SourceFormatError):
        lookup_for(server, tmp_path).find("testing", 10)
