"""The whole source over loopback: the feed and PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import stamina

from pipeline.arxiv_source import ArxivSource, open_arxiv_source
from pipeline.config import ArxivSettings
from pipeline.errors import ConfigError, SourceError, SourceFormatError
from pipeline.ports import Feed, FeedEntry, PaperSource
from tests.fakes.arxiv_server import ArxivServer, Reply

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<title>cs.IR, cs.CL updates on arXiv.org</title><updated>2026-11-24T05:00:11+00:00</updated>
<entry><id>oai:arXiv.org:2611.01234v1</id><category term="cs.IR"/><published>2026-11-24T00:00:00-05:00</published>
<arxiv:announce_type>new</arxiv:announce_type></entry></feed>"""


@pytest.fixture(autouse=True)
def no_back_off() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


def source_for(server: ArxivServer, home: Path) -> ArxivSource:
    return open_arxiv_source(ArxivSettings(base_url=server.url, interval_s=0.0, attempts=2), home)


def test_it_is_a_paper_source(tmp_path: Path) -> None:
    source: PaperSource = open_arxiv_source(ArxivSettings(), tmp_path)

    assert isinstance(source, ArxivSource)


def test_the_feed_of_several_categories_is_one_request(tmp_path: Path) -> None:
    with ArxivServer([Reply(ATOM)]) as server, source_for(server, tmp_path) as source:
        feed = source.feed(["cs.IR", "cs.CL"])

    assert feed == Feed(date(2026, 11, 24), (FeedEntry("2611.01234", 1, "new", ("cs.IR",)),))
    assert server.paths == ["/atom/cs.IR+cs.CL"]


def test_a_pdf_comes_as_it_is_even_broken(tmp_path: Path) -> None:
    with ArxivServer([Reply(b"%PDF-1.7\ncut in the mid")]) as server, source_for(server, tmp_path) as source:
        content = source.pdf("hep-th/9901001", 3)

    assert content == b"%PDF-1.7\ncut in the mid"
    assert server.paths == ["/pdf/hep-th/9901001v3"]


def test_a_page_of_words_in_place_of_a_pdf_is_an_error_that_may_pass(tmp_path: Path) -> None:
    words = Reply(b"<html>PDF is being made</html>", headers={"content-type": "text/html; charset=utf-8"})
    with (
        ArxivServer([words]) as server,
        source_for(server, tmp_path) as source,
        pytest.raises(SourceFormatError, match="answered no PDF but text/html") as caught,
    ):
        source.pdf("2611.01234", 1)

    assert not caught.value.permanent


def test_a_pdf_that_does_not_exist_is_permanent(tmp_path: Path) -> None:
    with (
        ArxivServer([Reply(status=404)]) as server,
        source_for(server, tmp_path) as source,
        pytest.raises(SourceError) as caught,
    ):
        source.pdf("2611.01234", 1)

    assert caught.value.permanent


def test_a_category_that_cannot_exist_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with ArxivServer([Reply(ATOM)]) as server, source_for(server, tmp_path) as source:
        with pytest.raises(ConfigError):
            list(source.changed_since(date(2026, 11, 17), ["cs.IR", "sc.IR"]))
        with pytest.raises(ConfigError):
            source.feed(["sc.IR"])

    assert server.asked == []
