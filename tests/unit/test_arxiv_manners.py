"""The rules of politeness that need no network: intervals, headers, and the translation of errors."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from pipeline.arxiv_source.client import retry_after_s, translated, user_agent
from pipeline.arxiv_source.endpoints import Endpoints
from pipeline.arxiv_source.turnstile import polite_interval_s
from pipeline.errors import ConfigError, SourceError, SourceFormatError, SourceUnavailableError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_may_be_asked_as_often_as_set(host: str) -> None:
    assert polite_interval_s(f"http://{host}:8000/oai", 0.0) == 0.0


@pytest.mark.parametrize(
    "url",
    [
        "https://oaipmh.arxiv.org/oai",
        "https://mirror.example/oai",
        "http://localhost.example/oai",
        "http://127.0.0.1.example/oai",
        "http://127.0.0.1@export.arxiv.org/api/query",
        "http://10.0.0.1/oai",
    ],
)
def test_any_other_host_is_asked_once_in_three_seconds_at_most(url: str) -> None:
    assert polite_interval_s(url, 0.0) == 3.0
    assert polite_interval_s(url, 10.0) == 10.0


@pytest.mark.parametrize(
    "header,expected",
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 12:01:00 -0000", 60.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, expected: float | None) -> None:
    assert retry_after_s(header, NOON) == expected


def test_the_user_agent_names_the_product_and_the_contact() -> None:
    name, _, rest = user_agent("me@example.org").partition("/")

    assert name == "autoreader"
    assert rest.endswith(" (+me@example.org)")
    assert "(" not in user_agent("")


@pytest.mark.parametrize("contact", ["mé@example.org", "me@example.org\r\nX-Evil: 1"])
def test_a_contact_that_fits_no_header_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match=r"arxiv\.contact"):
        user_agent(contact)


def _errors_of(base: type[Exception]) -> list[type[Exception]]:
    return [base, *(deeper for child in base.__subclasses__() for deeper in _errors_of(child))]


@pytest.mark.parametrize("kind", [*_errors_of(httpx.HTTPError), httpx.InvalidURL])
def test_every_error_of_httpx_becomes_one_of_ours(kind: type[Exception]) -> None:
    error = (
        httpx.HTTPStatusError("no", request=httpx.Request("GET", "http://x"), response=httpx.Response(500))
        if kind is httpx.HTTPStatusError
        else kind("no")
    )

    with pytest.raises(SourceError) as caught, translated("http://x"):
        raise error

    assert caught.value.__cause__ is error
    assert caught.value.url == "http://x"


@pytest.mark.parametrize(
    "error,ours,permanent",
    [
        (httpx.ConnectError("no"), SourceUnavailableError, False),
        (httpx.ReadTimeout("no"), SourceUnavailableError, False),
        (httpx.RemoteProtocolError("no"), SourceUnavailableError, False),
        (httpx.DecodingError("no"), SourceFormatError, False),
        (httpx.UnsupportedProtocol("no"), SourceError, True),
    ],
)
def test_what_can_pass_is_not_permanent(error: Exception, ours: type[SourceError], permanent: bool) -> None:
    with pytest.raises(ours) as caught, translated("http://x"):
        raise error

    assert type(caught.value) is ours
    assert caught.value.permanent is permanent


def test_arxivs_services_live_on_their_own_hosts() -> None:
    found = Endpoints.under("")

    assert found.oai == "https://oaipmh.arxiv.org/oai"
    assert found.api == "https://export.arxiv.org/api/query"
    assert found.feed(["cs.IR", "cs.CL"]) == "https://rss.arxiv.org/atom/cs.IR+cs.CL"
    assert found.pdf("hep-th/9901001", 2) == "https://arxiv.org/pdf/hep-th/9901001v2"


def test_one_base_stands_in_for_all_of_them() -> None:
    found = Endpoints.under("http://127.0.0.1:9000/")

    assert found.oai == "http://127.0.0.1:9000/oai"
    assert found.rss == "http://127.0.0.1:9000/rss"
    assert found.api == "http://127.0.0.1:9000/api/query"
    assert found.feed(["cs.IR"]) == "http://127.0.0.1:9000/atom/cs.IR"
    assert found.pdf("2611.01234", 1) == "http://127.0.0.1:9000/pdf/2611.01234v1"


def test_a_base_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"arxiv\.base_url"):
        Endpoints.under("ftp://mirror.example")
