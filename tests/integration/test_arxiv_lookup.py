"""Ad-hoc look-ups through the `arxiv` package, against hand-written answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from pipeline.arxiv_source import Lookup, open_lookup
from pipeline.arxiv_source.client import PoliteClient
from pipeline.config import ArxivSettings
from pipeline.errors import NotFoundError, SourceFormatError, SourceUnavailableError, UsageError
from pipeline.paper import Paper, PaperVersion
from tests.fakes.arxiv_server import ArxivServer, Reply


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


def entry(name: str) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>Sorting\n letters</title>"
        f"<updated>2026-11-24T09:00:00Z</updated><published>2026-11-02T17:05:09Z</published>"
        f"<summary>  We weigh\nletters.</summary><category term='cs.CL'/><category term='cs.IR'/>"
        f"<arxiv:primary_category term='cs.IR'/><arxiv:comment>12 pages</arxiv:comment>"
        f"<arxiv:doi>10.5555/l.3</arxiv:doi><author><name>Ada Byron</name></author></entry>"
    )


def page(*names: str, total: int | None = None, start: int = 0, size: int = 100) -> bytes:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:arxiv='http://arxiv.org/schemas/atom' "
        "xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/'>"
        f"<opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{len(names) if total is None else total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{''.join(map(entry, names))}</feed>"
    ).encode()


ERROR = page(total=1, size=1).replace(
    b"</feed>",
    b"<entry><id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title>"
    b"<summary>incorrect id format for 9999.99999</summary></entry></feed>",
)


def lookup_for(server: ArxivServer, home: Path, page_size: int = 100) -> Lookup:
    settings = ArxivSettings(base_url=server.url, interval_s=0.0, attempts=2)
    return Lookup(PoliteClient(settings, home), f"{server.url}/api/query", page_size)


def test_a_paper_is_read_with_what_the_api_tells_of_its_history(tmp_path: Path) -> None:
    with ArxivServer([Reply(page("2611.01234v3"))]) as server:
        (found,) = lookup_for(server, tmp_path).find_ids(["2611.01234"])

    assert found == Paper(
        id="2611.01234",
        title="Sorting letters",
        authors=("Ada Byron",),
        abstract="We weigh letters.",
        categories=("cs.IR", "cs.CL"),
        versions=(
            PaperVersion(1, datetime(2026, 11, 2, 17, 5, 9, tzinfo=UTC)),
            PaperVersion(3, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ),
        comment="12 pages",
        doi="10.5555/l.3",
    )


def test_a_query_is_paged_to_its_limit(tmp_path: Path) -> None:
    def answer(path: str) -> Reply:
        start = int(parse_qs(urlsplit(path).query)["start"][0])
        return Reply(
            page(*(f"2611.{number:05d}v1" for number in range(start, start + 2)), total=9, start=start, size=2)
        )

    with ArxivServer(answer) as server:
        found = lookup_for(server, tmp_path, page_size=2).find("ti:letters", 5)

    assert [paper.id for paper in found] == [f"2611.{number:05d}" for number in range(5)]
    assert [parse_qs(urlsplit(path).query)["start"][0] for path in server.paths] == ["0", "2", "4"]


def test_papers_come_in_the_order_asked_for_with_versions_and_doubles(tmp_path: Path) -> None:
    with ArxivServer([Reply(page("2611.00002v1", "2611.00001v2"))]) as server:
        found = lookup_for(server, tmp_path).find_ids(["arXiv:2611.00001v2", "2611.00002", "2611.00002"])

    assert [paper.id for paper in found] == ["2611.00001", "2611.00002"]


def test_missing_identifiers_are_named(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(page("2611.00001v1"))]) as server,
        pytest.raises(NotFoundError, match=r"arXiv does not know 2611\.00002, 2611\.00003v4$"),
    ):
        lookup_for(server, tmp_path).find_ids(["2611.00001", "2611.00002", "2611.00003v4"])


def test_missing_identifiers_can_be_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ArxivServer([Reply(page("2611.00001v1"))]) as server:
        found = lookup_for(server, tmp_path).find_ids(["2611.00002", "2611.00001"], skip_missing=True)

    assert [paper.id for paper in found] == ["2611.00001"]
    assert "arXiv does not know 2611.00002" in caplog.text


def test_many_identifiers_are_asked_for_in_batches(tmp_path: Path) -> None:
    def answer(path: str) -> Reply:
        names = parse_qs(urlsplit(path).query)["id_list"][0].split(",")
        return Reply(page(*(f"{name}v1" for name in names)))

    wanted = [f"2611.{number:05d}" for number in range(250)]
    with ArxivServer(answer) as server:
        found = lookup_for(server, tmp_path).find_ids(wanted)

    assert [paper.id for paper in found] == wanted
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"Rate exceeded.",
        b"<html><body>Down</body></html>",
        page("2611.00001v1", "2611.00002v1")[:-30],
        page("2611.00001v1", total=2),
        page(total=214_881),
        page("2611.00001v1").replace(b"totalResults", b"total"),
        page("2611.00001v1").replace(b"<updated>2026-11-24T09:00:00Z</updated>", b""),
        page("2611.00001v1").replace(b"<updated>2026-11-24T09:00:00Z</updated>", b"<updated>today</updated>"),
        page("no/paper/v1"),
    ],
)
def test_fewer_or_other_results_than_promised_are_an_error(tmp_path: Path, body: bytes) -> None:
    with ArxivServer([Reply(body)]) as server, pytest.raises(SourceFormatError):
        lookup_for(server, tmp_path).find("ti:letters", 10)
    with ArxivServer([Reply(body)]) as server, pytest.raises(SourceFormatError):
        lookup_for(server, tmp_path).find_ids(["2611.00001", "2611.00002"])


def test_a_later_page_that_is_empty_is_an_error(tmp_path: Path) -> None:
    def answer(path: str) -> Reply:
        first = "start=0" in path
        return Reply(page("2611.00001v1", total=3, size=1) if first else page(total=3, start=1, size=1))

    with ArxivServer(answer) as server, pytest.raises(SourceFormatError, match="promised 1 results on this page"):
        lookup_for(server, tmp_path, page_size=1).find("ti:letters", 3)


@pytest.mark.parametrize("status", [200, 400])
def test_arxivs_own_objection_is_passed_on(tmp_path: Path, status: int) -> None:
    with (
        ArxivServer([Reply(ERROR, status=status)]) as server,
        pytest.raises(UsageError, match="incorrect id format for 9999"),
    ):
        lookup_for(server, tmp_path).find_ids(["9999.99999"])


def test_an_objection_without_a_reason_is_an_error(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(page(), status=400)]) as server,
        pytest.raises(SourceFormatError, match="answered 400 without a reason"),
    ):
        lookup_for(server, tmp_path).find("ti:letters")


def test_a_busy_api_is_asked_again_and_then_given_up(tmp_path: Path) -> None:
    with ArxivServer([Reply(status=429)]) as server, pytest.raises(SourceUnavailableError):
        lookup_for(server, tmp_path).find("ti:letters")

    assert len(server.asked) == 2


def test_requests_are_ours_not_the_packages(tmp_path: Path) -> None:
    with ArxivServer([Reply(page())]) as server:
        settings = ArxivSettings(base_url=server.url, interval_s=0.2, contact="me@example.org")
        lookup = open_lookup(settings, tmp_path)
        assert lookup.find("ti:nothing") == []
        assert lookup.find("ti:nothing") == []

    assert {asked.user_agent.partition("/")[0] for asked in server.asked} == {"autoreader"}
    assert min(server.gaps_s) >= 0.2


@pytest.mark.parametrize("query,limit", [("  ", 10), ("ti:x", 0), ("ti:x", 30_001)])
def test_a_request_that_makes_no_sense_is_refused_unasked(tmp_path: Path, query: str, limit: int) -> None:
    with ArxivServer([Reply(page())]) as server, pytest.raises(UsageError):
        lookup_for(server, tmp_path).find(query, limit)

    assert server.asked == []


def test_what_is_no_identifier_is_refused_unasked(tmp_path: Path) -> None:
    with ArxivServer([Reply(page())]) as server, pytest.raises(UsageError, match="not an arXiv identifier: 'letters'"):
        lookup_for(server, tmp_path).find_ids(["2611.00001", "letters"])

    assert server.asked == []
