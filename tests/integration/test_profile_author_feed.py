"""What arXiv lists under an author, over loopback: as arXiv-browse's source says it answers, and as it may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import stamina

from flows.authors import refresh_followed
from flows.demo.author_pages import author_id_for
from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import SampleDay
from pipeline.arxiv_source import AuthorFeed, open_author_feed
from pipeline.arxiv_source.author_feed import read_author_feed
from pipeline.author_papers import AuthorPapers, AuthorSource
from pipeline.config import ArxivSettings
from pipeline.errors import NotFoundError, SourceFormatError, SourceUnavailableError
from pipeline.stages.authors import authored
from pipeline.subscriber import Profile, Subscriber
from tests.fakes.papers import make_sample, print_sample
from tests.fakes.parts import make_settings, open_test_parts

DAY = date(2026, 11, 17)
SAMPLES = (
    make_sample("2611.00001"),
    make_sample("2611.00002", authors=("Zoë Ångström",)),
    make_sample("2611.00003", authors=("Bo Okafor", "Ada Lind")),
)


@pytest.fixture(autouse=True)
def _no_back_off() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def arxiv() -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([SampleDay(DAY, SAMPLES)], print_sample) as server:
        yield server


@pytest.fixture
def feed(arxiv: LoopbackArxiv, tmp_path: Path) -> Iterator[AuthorFeed]:
    with open_author_feed(ArxivSettings(base_url=arxiv.url, interval_s=0.0, attempts=2), tmp_path) as opened:
        yield opened


def test_an_authors_papers_come_with_the_name_that_arxiv_prints(arxiv: LoopbackArxiv, feed: AuthorFeed) -> None:
    source: AuthorSource = feed

    found = source.papers_of("lind_a_1")

    assert found == AuthorPapers("Ada Lind", ("2611.00003", "2611.00001"))
    assert [request.path for request in arxiv.requests] == ["/a/lind_a_1.atom2"]


def test_an_id_that_nobody_has_is_not_found(feed: AuthorFeed) -> None:
    with pytest.raises(NotFoundError, match="arXiv knows no author nobody_x_9"):
        feed.papers_of("nobody_x_9")


def test_an_outage_may_pass(arxiv: LoopbackArxiv, feed: AuthorFeed) -> None:
    arxiv.fail("author", status=500, times=None)

    with pytest.raises(SourceUnavailableError):
        feed.papers_of("lind_a_1")


@pytest.mark.parametrize("failure", ["rate_exceeded", "cut_off"])
def test_half_an_answer_is_none(arxiv: LoopbackArxiv, feed: AuthorFeed, failure: str) -> None:
    arxiv.fail("author", failure, times=None)

    with pytest.raises(SourceFormatError):
        feed.papers_of("lind_a_1")


def test_older_answers_are_read_as_well() -> None:
    content = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Ada Lind's articles on arXiv</title>
    <entry><id>http://arxiv.org/abs/hep-th/9901001v3</id></entry><entry><id>http://arxiv.org/abs/0704.0001v1</id></entry>
    <entry><id>http://arxiv.org/a/lind_a_1</id></entry></feed>"""

    assert read_author_feed(content, "u") == AuthorPapers("Ada Lind", ("hep-th/9901001", "0704.0001"))


def test_a_feed_of_other_things_is_not_taken_for_an_empty_one() -> None:
    content = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id></entry></feed>'

    with pytest.raises(SourceFormatError, match="lists 1 entries, and none has an arXiv identifier"):
        read_author_feed(content, "u")


def test_somebody_without_papers_is_known_by_name() -> None:
    assert read_author_feed(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A B</title></feed>', "u") == (
        AuthorPapers("A B", ())
    )


def test_the_loopback_gives_ids_as_arxiv_does() -> None:
    assert [author_id_for(name) for name in ("Ada Lind", "Zoë van der Ångström", "Plato")] == [
        "lind_a_1",
        "angstrom_z_1",
        "plato_1",
    ]


def test_a_run_asks_for_those_who_are_followed_by_number_once(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    with open_test_parts(make_settings(tmp_path / "home", arxiv.url)) as parts:
        profile = Profile(authors=("lind_a_1", "Bo Okafor"))
        with parts.store.begin() as work:
            work.subscribers.save(Subscriber("a@example.org", parts.clock.now(), profile))

        asked = [refresh_followed(parts), refresh_followed(parts)]

        with parts.store.read() as work:
            assert authored(work, profile) == {"2611.00001": "Ada Lind", "2611.00003": "Ada Lind"}
    assert asked == [1, 0]
    assert [request.path for request in arxiv.requests] == ["/a/lind_a_1.atom2"]


def test_a_run_goes_on_where_arxiv_does_not(
    arxiv: LoopbackArxiv, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    arxiv.fail("author", status=503, times=None)
    with open_test_parts(make_settings(tmp_path / "home", arxiv.url)) as parts:
        with parts.store.begin() as work:
            work.subscribers.save(Subscriber("a@example.org", parts.clock.now(), Profile(authors=("lind_a_1",))))

        assert refresh_followed(parts) == 0

    assert "the papers of lind_a_1 are those of the last time: arXiv answered 503" in caplog.text
