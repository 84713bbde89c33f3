"""From a stored figure to the picture in a subscriber's mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailer import open_composer, open_transport
from mailer.pictures import MOST_PICTURES, attached_to
from pipeline.blobs import Blobs
from pipeline.config import MailSettings, WebSettings
from pipeline.digest import DigestItem, Teaser
from pipeline.document import Box, Figure, FigureKind
from pipeline.errors import ReadError
from pipeline.illustrations import Illustrator
from pipeline.ports import ComposedMail
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage
from pipeline.store import Store, open_store
from pipeline.teasers import IllustratedComposer
from tests.fakes.images import FakeImages, noise, png
from tests.fakes.issues import FixedClock, make_issue, make_item
from tests.fakes.papers import make_paper

NOW = datetime(2026, 11, 17, 8, tzinfo=UTC)
FREE, CLOSED = "http://creativecommons.org/licenses/by/4.0/", "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
CAPTION = "Figure 1: Memory of the pruned index against the full one."
FIGURE = Figure(FigureKind.FIGURE, "Figure 1", CAPTION, 3, Box(100, 100, 500, 300))
TABLE = Figure(FigureKind.TABLE, "Table 1", "Table 1: Memory of the pruned index and of others.", 2, FIGURE.box)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One kind is enough: nothing here asks the database what others do not."""
    opened = open_store(f"sqlite:///{tmp_path / 'autoreader.db'}")
    yield opened
    opened.close()


def composer(store: Store, tmp_path: Path, images: FakeImages, owner: str = "") -> IllustratedComposer:
    plain = open_composer(MailSettings(sender="a <digest@example.org>"), WebSettings(), "s" * 32, FixedClock())
    return IllustratedComposer(plain, store, Illustrator(store, Blobs(tmp_path / "blobs"), images), owner)


def save(store: Store, tmp_path: Path, paper_id: str, licence: str, *figures: Figure) -> DigestItem:
    key = PaperKey(paper_id, 1)
    pdf = Blobs(tmp_path / "blobs").put(paper_id.encode())
    with store.begin() as work:
        work.papers.save([make_paper(paper_id, licence=licence)], NOW.date())
        work.reading.save_outcome(Outcome(key, Stage.DOWNLOAD, OutcomeState.DONE, NOW, blob_sha256=pdf))
        work.figures.replace(key, figures, [])
    return make_item(paper_id)


def sent(mail: ComposedMail) -> EmailMessage:
    """As it arrives."""
    return message_from_bytes(mail.message.as_bytes(policy=policy.SMTP), policy=policy.SMTP)


def shape(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_a_paper_that_may_be_shared_comes_with_its_first_figure(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", FREE, TABLE, FIGURE)

    mail = composer(store, tmp_path, FakeImages()).compose(make_issue(item))

    message = sent(mail)
    assert shape(message) == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
    ]
    assert list(message.walk())[2].get_param("type") == "text/html"
    picture = next(attached_to(message))
    page = message.get_body(("html",))
    assert page is not None
    shown = re.search(r'<img [^>]*src="cid:([^"]+)"[^>]*>', page.get_content())
    assert shown is not None
    assert shown[1] == picture.cid
    assert 'alt="Figure 1, page 3"' in shown[0]
    assert re.search(r'width="\d+" height="\d+"', shown[0])
    assert "Figure 1. Memory of the pruned index against the full one." in page.get_content()
    assert f'href="{FREE}"' in page.get_content()
    assert list(message.walk())[-1].get_content_disposition() == "inline"


def test_a_paper_that_may_not_be_shared_comes_without(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", CLOSED, FIGURE)
    images = FakeImages()

    mail = composer(store, tmp_path, images).compose(make_issue(item))

    assert shape(sent(mail)) == ["multipart/alternative", "text/plain", "text/html"]
    assert images.asked == []


def test_the_owner_gets_their_own_copy(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", CLOSED, FIGURE)

    mail = composer(store, tmp_path, FakeImages(), "Ada <ADA@example.org>").compose(make_issue(item))

    assert "image/png" in shape(sent(mail))
    assert "Shown to you alone." in mail.html


def test_a_figure_that_cannot_be_drawn_costs_the_mail_nothing_but_the_figure(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", FREE, FIGURE)

    mail = composer(store, tmp_path, FakeImages(ReadError("broken"))).compose(make_issue(item))

    assert shape(sent(mail)) == ["multipart/alternative", "text/plain", "text/html"]
    assert "A study numbered 2611.00001" in mail.html


def test_an_older_versions_figure_is_not_shown(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", FREE, FIGURE)

    mail = composer(store, tmp_path, FakeImages()).compose(make_issue(replace(item, version=2)))

    assert "image/png" not in shape(sent(mail))


def test_composed_again_it_is_the_same_message_to_the_byte(store: Store, tmp_path: Path) -> None:
    issue = make_issue(save(store, tmp_path, "2611.00001", FREE, FIGURE))

    first, second = (composer(store, tmp_path, FakeImages()).compose(issue) for _ in range(2))

    assert first.message.as_bytes() == second.message.as_bytes()
    assert first.html == second.html


def test_the_plain_text_is_the_same_with_and_without_figures(store: Store, tmp_path: Path) -> None:
    item = save(store, tmp_path, "2611.00001", FREE, FIGURE)
    issue = make_issue(item)

    with_figure = composer(store, tmp_path, FakeImages()).compose(issue).message.get_body(("plain",))
    without = composer(store, tmp_path, FakeImages(ReadError("broken"))).compose(issue).message.get_body(("plain",))

    assert with_figure is not None
    assert without is not None
    assert with_figure.get_content() == without.get_content()


def _with_picture(paper_id: str, content: bytes) -> DigestItem:
    return make_item(paper_id, teaser=Teaser(content, "Figure 1", CAPTION, 3, FREE))


def _compose(*items: DigestItem) -> ComposedMail:
    plain = open_composer(MailSettings(sender="a <digest@example.org>"), WebSettings(), "s" * 32, FixedClock())
    return plain.compose(make_issue(*items))


def test_a_mail_stays_below_600_kb_however_many_figures_there_are() -> None:
    heavy = noise(1100, 800)

    mail = _compose(*(_with_picture(f"2611.{number:05}", heavy) for number in range(10)))

    assert len(mail.message.as_bytes()) < 600_000
    assert 3 <= len(list(attached_to(mail.message))) <= MOST_PICTURES


def test_only_the_first_papers_have_a_figure() -> None:
    light = png(528, 320)

    mail = _compose(*(_with_picture(f"2611.{number:05}", light) for number in range(12)))

    shown = [f"cid:{picture.cid}" in str(mail.message) for picture in attached_to(mail.message)]
    assert len(shown) == MOST_PICTURES
    assert all(shown)
    assert mail.html.count("<img") == MOST_PICTURES


def test_a_picture_that_is_none_is_left_out() -> None:
    mail = _compose(_with_picture("2611.00001", b"not a picture"))

    assert list(attached_to(mail.message)) == []
    assert "cid:" not in mail.html


def test_a_paper_with_a_slash_in_its_identifier_has_a_figure_too() -> None:
    mail = _compose(_with_picture("hep-th/9901001", png(528, 320)))

    assert [picture.filename.partition("-")[0] for picture in attached_to(mail.message)] == ["hep"]
    assert next(attached_to(mail.message)).cid.startswith("hep-th.9901001-")


def test_markup_in_a_caption_is_text() -> None:
    teaser = Teaser(png(200, 100), "<b>Figure</b>", '<script>alert(1)</script>" onerror="x', 3, "javascript:alert(1)")

    page = _compose(make_item(teaser=teaser)).html

    assert "<script" not in page
    assert "javascript" not in page
    assert 'alt="<b>Figure</b>, page 3"' in page
    assert "&lt;b&gt;Figure&lt;/b&gt;. &lt;script&gt;" in page


def test_the_page_for_the_browser_holds_its_pictures(tmp_path: Path) -> None:
    mail = _compose(_with_picture("2611.00001", png(528, 320)))
    arrived = sent(mail)

    written = open_transport(MailSettings(), tmp_path).send(arrived, lambda: None)

    page = Path(written).with_suffix(".html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert "cid:" not in page
    assert page.split() == mail.html.split()
