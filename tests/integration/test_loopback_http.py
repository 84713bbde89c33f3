from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest
from lxml import etree

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import PdfQuirk, SampleDay
from pipeline.paper import EventKind, PaperVersion, SourceName
from tests.fakes.papers import make_sample, make_version, print_sample

_MONDAY, _TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
_LIST = "/oai?verb=ListRecords&metadataPrefix=arXivRaw"
_WITHDRAWAL = PaperVersion(2, datetime(2026, 11, 16, 12, tzinfo=UTC), 0, "I")


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    monday = SampleDay(_MONDAY, (make_sample("2611.00001"),))
    tuesday = SampleDay(
        _TUESDAY,
        (
            make_sample("2611.00002", title="Fish & <chips>"),
            make_sample("2611.00003", listed_by=[SourceName.FEED]),
            make_sample("2611.00004", pdf=PdfQuirk.NONE),
            make_sample("2611.00005", EventKind.WITHDRAWN, versions=(make_version(), _WITHDRAWAL), is_withdrawn=True),
            make_sample("hep-th/9901001", categories=("hep-th",)),
        ),
    )
    with LoopbackArxiv([monday, tuesday], print_sample) as served:
        yield served


@pytest.fixture
def client(arxiv: LoopbackArxiv) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=arxiv.url, timeout=5, headers={"User-Agent": "test (a@example.org)"}) as client:
        yield client


def _guids(answer: httpx.Response) -> list[str]:
    return [guid.text or "" for guid in etree.fromstring(answer.content).iterfind("channel/item/guid")]


def _harvested(answer: httpx.Response) -> list[str]:
    found = etree.fromstring(answer.content).iterfind(".//{http://arxiv.org/OAI/arXivRaw/}id")
    return [element.text or "" for element in found]


@pytest.mark.parametrize(
    "path, content_type",
    [
        ("/oai?verb=Identify", "text/xml; charset=utf-8"),
        ("/rss/cs.IR", "application/rss+xml; charset=utf-8"),
        ("/atom/cs.IR+hep-th", "application/atom+xml; charset=utf-8"),
        ("/api/query?id_list=2611.00001", "application/atom+xml; charset=utf-8"),
        ("/pdf/2611.00001v1", "application/pdf"),
        ("/pdf/2611.00001", "application/pdf"),
        ("/pdf/2611.00001v1.pdf", "application/pdf"),
        ("/pdf/hep-th/9901001v1", "application/pdf"),
        ("/abs/2611.00001", "text/html; charset=utf-8"),
    ],
)
def test_every_service_answers_under_one_address(client: httpx.Client, path: str, content_type: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(
    "path, status",
    [
        ("/", 404),
        ("/list/cs.IR/new", 404),
        ("/api/other", 404),
        ("/pdf/2611.09999v1", 404),
        ("/pdf/2611.00001v2", 404),
        ("/pdf/2611.00004v1", 404),
        ("/pdf/2611.00005v2", 404),
        ("/pdf/2611.00005", 404),
        ("/pdf/2611.00005v1", 200),
        ("/pdf/nonsense", 400),
        ("/rss/cs%20IR", 400),
    ],
)
def test_what_is_not_there_is_told_by_status(client: httpx.Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_pdf_is_what_was_printed(client: httpx.Client) -> None:
    assert client.get("/pdf/2611.00002v1").content == print_sample(make_sample("2611.00002", title="Fish & <chips>"))


def test_an_abstract_page_escapes_what_it_shows(client: httpx.Client) -> None:
    assert "<h1>Fish &amp; &lt;chips&gt;</h1>" in client.get("/abs/2611.00002").text


def test_time_can_be_advanced(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.at = _MONDAY
    before = _guids(client.get("/rss/cs.IR")), _harvested(client.get(_LIST))
    arxiv.at = _TUESDAY
    after = _guids(client.get("/rss/hep-th")), _harvested(client.get(_LIST))

    assert before == (["oai:arXiv.org:2611.00001v1"], ["2611.00001"])
    assert after[0] == ["oai:arXiv.org:hep-th/9901001v1"]
    assert after[1] == ["2611.00001", "2611.00002", "2611.00004", "2611.00005", "hep-th/9901001"]


def test_it_begins_at_its_last_day(arxiv: LoopbackArxiv) -> None:
    assert arxiv.at == _TUESDAY


def test_healing_ends_the_omissions_of_oai(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    assert "2611.00003" not in _harvested(client.get(_LIST))

    arxiv.heal()

    assert "2611.00003" in _harvested(client.get(_LIST))


def test_a_service_refuses_as_often_as_told_and_others_do_not(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("oai", status=503, retry_after=1, times=2)

    statuses = [client.get(path).status_code for path in (_LIST, "/rss/cs.IR", _LIST, _LIST)]

    assert statuses == [503, 200, 503, 200]


def test_a_refusal_may_say_how_long_to_wait(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("pdf", status=429, retry_after=3)

    answer = client.get("/pdf/2611.00001v1")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


def test_rate_exceeded_is_said_with_status_200(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("api", "rate_exceeded")

    answer = client.get("/api/query?id_list=2611.00001")

    assert (answer.status_code, answer.text) == (200, "Rate exceeded.")


def test_a_cut_off_answer_is_complete_to_http_but_not_to_xml(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    whole = client.get(_LIST).content
    arxiv.fail("oai", "cut_off")

    cut = client.get(_LIST)

    assert cut.content == whole[: len(whole) // 2]
    assert cut.headers["content-length"] == str(len(cut.content))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(cut.content)


def test_an_empty_day_is_well_formed(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("feed", "empty")
    arxiv.fail("oai", "empty")

    feed, oai = client.get("/rss/cs.IR"), client.get(f"{_LIST}&from=2026-11-17")

    assert _guids(feed) == []
    assert b"<pubDate>Tue, 17 Nov 2026" in feed.content
    assert b'<error code="noRecordsMatch">' in oai.content


@pytest.mark.parametrize("failure, head", [("stale", b"Mon, 16 Nov 2026"), ("redated", b"Tue, 17 Nov 2026")])
def test_a_stale_feed_lists_the_day_before(
    arxiv: LoopbackArxiv, client: httpx.Client, failure: str, head: bytes
) -> None:
    arxiv.fail("feed", failure)

    answer = client.get("/rss/cs.IR")

    root = etree.fromstring(answer.content)
    assert _guids(answer) == ["oai:arXiv.org:2611.00001v1"]
    assert root.findtext("channel/item/pubDate") == "Mon, 16 Nov 2026 00:00:00 -0500"
    assert b"<lastBuildDate>" + head in answer.content


def test_a_stale_oai_has_nothing_new(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("oai", "stale")

    assert _harvested(client.get(_LIST)) == ["2611.00001"]


def test_a_hanging_service_never_answers_and_is_let_go_at_the_end() -> None:
    with LoopbackArxiv([SampleDay(_TUESDAY, (make_sample(),))], print_sample) as arxiv:
        arxiv.fail("feed", "hang")
        with httpx.Client(base_url=arxiv.url) as client, pytest.raises(httpx.ReadTimeout):
            client.get("/rss/cs.IR", timeout=0.2)


def test_all_failures_can_be_taken_back(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    arxiv.fail("oai", status=503, times=None)
    assert [client.get(_LIST).status_code for _ in range(3)] == [503] * 3

    arxiv.recover()

    assert client.get(_LIST).status_code == 200


def test_an_unknown_failure_or_route_is_refused(arxiv: LoopbackArxiv) -> None:
    with pytest.raises(ValueError, match="'explode' is not a valid Failure"):
        arxiv.fail("oai", "explode")
    with pytest.raises(ValueError, match="'fax' is not a valid Route"):
        arxiv.fail("fax")


def test_requests_are_remembered_in_order_with_time_and_agent(arxiv: LoopbackArxiv, client: httpx.Client) -> None:
    began = time.monotonic()

    client.get("/rss/cs.IR")
    client.get("/pdf/2611.00001v1")

    assert [seen.path for seen in arxiv.requests] == ["/rss/cs.IR", "/pdf/2611.00001v1"]
    assert [seen.user_agent for seen in arxiv.requests] == ["test (a@example.org)"] * 2
    assert began <= arxiv.requests[0].time <= arxiv.requests[1].time <= time.monotonic()


def test_it_knows_how_many_requests_were_under_way_at_once() -> None:
    both = threading.Barrier(2, timeout=10)

    def print_together(sample: object) -> bytes:
        both.wait()
        return repr(sample).encode()

    with LoopbackArxiv([SampleDay(_TUESDAY, (make_sample(),))], print_together) as arxiv:
        threads = [threading.Thread(target=httpx.get, args=(f"{arxiv.url}/pdf/2611.00001v1",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert arxiv.busiest == 2


def test_it_stops_while_a_client_keeps_its_connection_open() -> None:
    with LoopbackArxiv([SampleDay(_TUESDAY, (make_sample(),))], print_sample) as arxiv:
        connection = http.client.HTTPConnection("127.0.0.1", int(arxiv.url.rpartition(":")[2]), timeout=5)
        connection.request("GET", "/abs/2611.00001")
        connection.getresponse().read()
        began = time.monotonic()
    took_s = time.monotonic() - began
    connection.close()

    assert took_s < 2


def test_days_may_replace_papers_of_earlier_ones() -> None:
    first = make_sample("2611.00001")
    second = make_sample("2611.00001", EventKind.REPLACE, title="Better", versions=(make_version(1), make_version(2)))
    days = [SampleDay(_MONDAY, (first,)), SampleDay(_TUESDAY, (second,))]

    with LoopbackArxiv(days, print_sample) as arxiv, httpx.Client(base_url=arxiv.url) as client:
        old, new = client.get("/pdf/2611.00001v1").content, client.get("/pdf/2611.00001v2").content

    assert (old, new) == (print_sample(first), print_sample(second))
