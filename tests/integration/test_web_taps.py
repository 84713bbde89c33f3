"""The taps of a digest, from the link to what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from itsdangerous import URLSafeSerializer
from starlette.testclient import TestClient

from mailer.links import Tap, TapLink, tap_url
from pipeline.subscriber import Feedback, FeedbackKind, Origin, Profile
from tests.fakes.site import CLOSED, EMAIL, NOW, OPEN, SECRET, Built
from web import create_app

Address = Callable[..., str]


@pytest.fixture
def address(built: Built) -> Address:
    """The path that a link of the reader's mail leads to."""

    def of(tap: Tap, paper_id: str = OPEN.id, secret: str = SECRET, subscriber_id: int = 0) -> str:
        return tap_url("", secret, TapLink(subscriber_id or built.reader, tap, paper_id))

    return of


def profile(built: Built) -> Profile:
    with built.store.read() as work:
        return work.subscribers.by_id(built.reader).profile


def standing(built: Built, paper_id: str = OPEN.id) -> Feedback | None:
    with built.store.read() as work:
        return work.taps.standing(built.reader, paper_id)


def undo_in(page: str) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def teach(built: Built, *given: Feedback) -> None:
    with built.store.begin() as work:
        work.subscribers.add_feedback(built.reader, given)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(client: TestClient, built: Built, address: Address, method: str) -> None:
    before = profile(built)

    answers = [client.request(method, address(tap)) for tap in Tap]

    assert {answer.status_code for answer in answers} == {200}
    assert profile(built) == before


@pytest.mark.parametrize(
    "tap, kind",
    [(Tap.MORE, FeedbackKind.LIKE), (Tap.LESS, FeedbackKind.DISLIKE), (Tap.SAVE, FeedbackKind.SAVE)],
)
def test_pressing_the_button_records_the_tap(
    client: TestClient, built: Built, address: Address, tap: Tap, kind: FeedbackKind
) -> None:
    answer = client.post(address(tap))

    assert answer.status_code == 200
    assert standing(built) == Feedback(OPEN.id, kind, NOW, Origin.TAP)
    assert "The next day's ranking learns from it." in unescape(answer.text)


@pytest.mark.parametrize(
    "tap, button", [(Tap.MORE, "More like this"), (Tap.LESS, "Less like this"), (Tap.SAVE, "Save")]
)
def test_the_page_has_one_button(client: TestClient, address: Address, tap: Tap, button: str) -> None:
    page = client.get(address(tap)).text

    assert re.findall(r"<button[^>]*>([^<]*)</button>", page) == [button]
    assert f'<form method="post" action="{address(tap)}">' in page


def test_the_page_shows_the_paper_and_no_whole_address(client: TestClient, address: Address) -> None:
    page = client.get(address(Tap.MORE)).text

    assert "Searching long documents in" in page
    assert "For the digest of r…@example.org." in page
    assert EMAIL not in page


def test_a_tap_can_be_undone_from_its_answer_and_from_a_later_look(
    client: TestClient, built: Built, address: Address
) -> None:
    for look in (client.post, client.get):
        client.post(address(Tap.MORE))
        undo = undo_in(look(address(Tap.MORE)).text)

        answer = client.post(address(Tap.MORE), data={"undo": undo})

        assert "It is as if you had never tapped." in answer.text
        assert standing(built) is None


def test_undo_brings_back_what_was_said_before(client: TestClient, built: Built, address: Address) -> None:
    before = Feedback(OPEN.id, FeedbackKind.LIKE, NOW, Origin.LIBRARY)
    teach(built, before)

    asked = client.get(address(Tap.LESS)).text
    undo = undo_in(client.post(address(Tap.LESS)).text)
    taken_back = client.post(address(Tap.LESS), data={"undo": undo}).text

    assert "So far you said “more like this”; this takes its place." in asked
    assert "What you said before, “more like this”, stands again." in taken_back
    assert standing(built) == before


def test_a_like_from_a_library_is_no_tap_yet(client: TestClient, built: Built, address: Address) -> None:
    teach(built, Feedback(OPEN.id, FeedbackKind.LIKE, NOW, Origin.LIBRARY))

    assert "More like this?" in client.get(address(Tap.MORE)).text
    client.post(address(Tap.MORE))
    assert standing(built) == Feedback(OPEN.id, FeedbackKind.LIKE, NOW, Origin.TAP)


def test_a_second_press_of_the_button_is_the_first_and_is_undone_by_one_undo(
    client: TestClient, built: Built, address: Address
) -> None:
    client.post(address(Tap.SAVE))
    undo = undo_in(client.post(address(Tap.SAVE)).text)

    client.post(address(Tap.SAVE), data={"undo": undo})

    assert standing(built) is None


def test_an_undo_leaves_a_newer_word_alone(client: TestClient, built: Built, address: Address) -> None:
    undo = undo_in(client.post(address(Tap.MORE)).text)
    client.post(address(Tap.LESS))

    page = client.post(address(Tap.MORE), data={"undo": undo}).text

    assert standing(built) == Feedback(OPEN.id, FeedbackKind.DISLIKE, NOW, Origin.TAP)
    assert "So far you said “less like this”" in page


def test_an_undo_counts_for_its_own_link_alone(client: TestClient, built: Built, address: Address) -> None:
    undo = undo_in(client.post(address(Tap.MORE)).text)
    client.post(address(Tap.MORE, CLOSED.id))

    for forged in (undo, "x", undo[:-2] + "AA"):
        answer = client.post(address(Tap.MORE, CLOSED.id), data={"undo": forged})
        assert answer.status_code == 400

    assert standing(built, CLOSED.id) is not None


def test_an_undo_that_another_release_signed_otherwise_is_a_400(
    client: TestClient, built: Built, address: Address
) -> None:
    client.post(address(Tap.MORE))
    token = address(Tap.MORE).rpartition("/")[2]
    undo = URLSafeSerializer(SECRET, salt=f"undo {token}").dumps(["loved", NOW.isoformat(), "tap"])

    assert client.post(address(Tap.MORE), data={"undo": undo}).status_code == 400
    assert standing(built) is not None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_not_signed_here_is_a_400_that_reveals_nothing(
    client: TestClient, built: Built, address: Address, method: str
) -> None:
    before = profile(built)
    forged = [address(tap, secret="another") for tap in Tap]
    misled = [address(Tap.MORE).replace("/tap/", "/never/"), address(Tap.NEVER).replace("/never/", "/tap/")]
    nonsense = ["/tap/x", "/never/%00", "/volume/x"]

    answers = [client.request(method, one, data={"volume": "few"}) for one in forged + misled + nonsense]

    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1
    assert "Please use the one in your newest digest." in answers[0].text
    assert profile(built) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_reader_who_unsubscribed_is_told_so_and_nothing_is_stored(
    client: TestClient, built: Built, address: Address, method: str
) -> None:
    with built.store.begin() as work:
        work.subscribers.set_active(built.reader, is_active=False)
    before = profile(built)

    answers = [client.request(method, address(tap), data={"volume": "few", "author": "1"}) for tap in Tap]

    assert {answer.status_code for answer in answers} == {410}
    assert all("The digest for r…@example.org is stopped" in answer.text for answer in answers)
    assert profile(built) == before
    with built.store.read() as work:
        assert not work.subscribers.by_id(built.reader).is_active


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_reader_who_was_erased_is_told_so(client: TestClient, address: Address, method: str) -> None:
    answer = client.request(method, address(Tap.MORE, subscriber_id=4711))

    assert answer.status_code == 410
    assert "was erased, and all that was known of it" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_paper_that_the_archive_no_longer_holds_teaches_nothing(client: TestClient, address: Address) -> None:
    for tap in (Tap.MORE, Tap.NEVER):
        answer = client.post(address(tap, "2501.00001"), data={"author": "1"})

        assert answer.status_code == 410
        assert "The paper 2501.00001 is no longer in this archive" in answer.text


def test_the_pages_are_kept_by_no_cache_and_no_search_engine(client: TestClient, address: Address) -> None:
    for tap in Tap:
        headers = client.get(address(tap)).headers

        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "form-action 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("prefix", ["", "/papers"])  # a proxy may take the folder off or leave it
def test_a_site_in_a_proxy_s_folder_posts_into_that_folder(built: Built, address: Address, prefix: str) -> None:
    settings = built.site.settings.model_copy(update={"base_url": "https://example.org/papers"})
    client = TestClient(create_app(replace(built.site, settings=settings)))

    for tap in Tap:
        page = client.get(prefix + address(tap)).text
        assert f'<form method="post" action="/papers{address(tap)}">' in page
