"""What a reader never wants to see, and how much they want to see at all: from the page to the profile."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from itsdangerous import URLSafeSerializer
from starlette.testclient import TestClient

from mailer.links import Tap, TapLink, tap_url
from pipeline.digest import Ranked
from pipeline.subscriber import Interest, Profile, Volume
from tests.fakes.site import DAY, HOSTILE, OPEN, SECRET, Built
from web.never import MOST_CHARS

LONG, SHORT = Interest("long documents"), Interest("short documents", weight=3.0)


@pytest.fixture
def never(built: Built) -> str:
    """The path of the page that asks what should not come again."""
    return tap_url("", SECRET, TapLink(built.reader, Tap.NEVER, OPEN.id))


@pytest.fixture
def volume(built: Built) -> str:
    """The path of the page that asks how much."""
    return tap_url("", SECRET, TapLink(built.reader, Tap.VOLUME))


def profile(built: Built) -> Profile:
    with built.store.read() as work:
        return work.subscribers.by_id(built.reader).profile


def believe(built: Built, believed: Profile, matched: str = "long documents") -> None:
    """Gives the reader a profile, and lets the day's ranking name the interest that the paper matched."""
    with built.store.begin() as work:
        reader = work.subscribers.by_id(built.reader)
        work.subscribers.save(replace(reader, profile=believed))
        work.issues.save_ranking(built.reader, DAY, [Ranked(OPEN.id, 1.0, 0.9, "It matches.", matched, place=1)])


def undo_in(page: str) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def test_the_page_offers_the_paper_s_authors_its_interest_and_a_field(
    client: TestClient, built: Built, never: str
) -> None:
    believe(built, Profile((LONG, SHORT), authors=("Bo Okafor",), avoided_authors=("Ada Lind",)))

    page = unescape(client.get(never).text)

    assert re.findall(r'name="author" value="(\d)"( checked disabled)?', page) == [
        ("1", " checked disabled"),
        ("2", ""),
        ("3", ""),
    ]
    assert 'Bo Okafor <span class="note">you follow them</span>' in page
    assert "It came for your interest “long documents”" in page
    assert re.findall(r'name="share" value="(\w+)"', page) == ["same", "half", "none"]
    assert 'name="negative"' in page


@pytest.mark.parametrize("matched", ["", "an interest of before"])
def test_an_interest_that_did_not_match_or_is_no_more_is_not_offered(
    client: TestClient, built: Built, never: str, matched: str
) -> None:
    believe(built, Profile((LONG, SHORT)), matched)

    assert "It came for your interest" not in client.get(never).text


def test_what_was_chosen_is_recorded_and_told(client: TestClient, built: Built, never: str) -> None:
    believe(built, Profile((SHORT, LONG), negatives=("drones",), authors=("Bo Okafor",)))

    chosen = {"author": ["2", "3"], "negative": "  suffix   trees ", "share": "none"}
    page = unescape(client.post(never, data=chosen).text)

    assert profile(built) == Profile(
        (SHORT,), negatives=("drones", "suffix trees"), avoided_authors=("Bo Okafor", "Chiara d'Este")
    )
    assert "No papers by <b>Bo Okafor</b>, whom you do not follow any more." in page
    assert "No papers by <b>Chiara d'Este</b>." in page
    assert "Nothing about <b>“suffix trees”</b>." in page
    assert "Your interest “long documents” is dropped." in page


def test_undo_brings_the_profile_back(client: TestClient, built: Built, never: str) -> None:
    before = Profile((SHORT, LONG), negatives=("drones",), authors=("Bo Okafor",))
    believe(built, before)
    undo = undo_in(client.post(never, data={"author": "2", "negative": "trees", "share": "none"}).text)

    page = unescape(client.post(never, data={"undo": undo}).text)

    assert profile(built) == before
    assert "Papers by <b>Bo Okafor</b> may come again, and you follow them." in page
    assert "Your interest “long documents” counts as it did before." in page


def test_an_interest_can_count_half(client: TestClient, built: Built, never: str) -> None:
    believe(built, Profile((LONG, SHORT)), "short documents")

    client.post(never, data={"share": "half"})

    assert profile(built).interests == (LONG, replace(SHORT, weight=1.5))


def test_the_only_thing_that_says_what_a_reader_wants_is_not_dropped(
    client: TestClient, built: Built, never: str
) -> None:
    believe(built, Profile((LONG,)))

    page = client.get(never).text
    answer = client.post(never, data={"share": "none"})

    assert 'value="none"' not in page
    assert answer.status_code == 400
    assert profile(built).interests == (LONG,)


@pytest.mark.parametrize("data", [{}, {"negative": "  "}, {"share": "same"}])
def test_where_nothing_was_chosen_the_page_says_so(
    client: TestClient, built: Built, never: str, data: dict[str, str]
) -> None:
    before = profile(built)

    answer = client.post(never, data=data)

    assert answer.status_code == 400
    assert "Nothing was chosen" in answer.text
    assert profile(built) == before


@pytest.mark.parametrize(
    "data",
    [
        {"author": "4"},
        {"author": "-1"},
        {"author": "Ada Lind"},
        {"share": "twice"},
        {"negative": "x" * (MOST_CHARS + 1)},
        {"negative": "!?"},
        {"undo": "x"},
        {"negative": "x" * 70_000},
        {f"field{number}": "x" for number in range(300)},
    ],
)
def test_what_the_page_does_not_offer_is_a_400(
    client: TestClient, built: Built, never: str, data: dict[str, str]
) -> None:
    before = profile(built)

    assert client.post(never, data=data).status_code == 400
    assert profile(built) == before


def test_a_form_that_is_no_text_is_a_400(client: TestClient, never: str) -> None:
    answer = client.post(never, content=b"negative=\xff")

    assert answer.status_code == 400
    assert "This form cannot be read." in answer.text


def test_an_undo_that_another_release_signed_otherwise_is_a_400(client: TestClient, built: Built, never: str) -> None:
    before = profile(built)
    undo = URLSafeSerializer(SECRET, salt=f"undo {never.rpartition('/')[2]}").dumps({"avoided": ["Ada Lind"]})

    assert client.post(never, data={"undo": undo}).status_code == 400
    assert profile(built) == before


def test_markup_in_names_and_topics_is_text(client: TestClient, built: Built) -> None:
    address = tap_url("", SECRET, TapLink(built.reader, Tap.NEVER, HOSTILE.id))

    asked = client.get(address).text
    told = client.post(address, data={"author": "1", "negative": "<i>x</i>"}).text

    for page in (asked, told):
        assert "<b>Mallory" not in page.replace("<b>&lt;b&gt;Mallory", "")
        assert "<i>" not in page
        assert "<script" not in page
    assert "“&lt;i&gt;x&lt;/i&gt;”" in told
    assert profile(built).negatives == ("<i>x</i>",)


def test_how_much_to_read_can_be_chosen_and_chosen_again(client: TestClient, built: Built, volume: str) -> None:
    assert 'value="normal" checked' in client.get(volume).text

    page = client.post(volume, data={"volume": "few"}).text

    assert profile(built).volume is Volume.FEW
    assert "From the next digest on you get only the papers that are surest to be worth your time" in page
    assert 'value="few" checked' in page


@pytest.mark.parametrize("said", ["", "all"])
def test_another_volume_than_these_is_a_400(client: TestClient, built: Built, volume: str, said: str) -> None:
    answer = client.post(volume, data={"volume": said})

    assert answer.status_code == 400
    assert profile(built).volume is Volume.NORMAL
