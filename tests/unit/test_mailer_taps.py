"""Signed taps: one reader, one paper, one thing to say."""

from __future__ import annotations

import base64

import pytest
from itsdangerous import URLSafeSerializer

from mailer.links import Tap, TapLink, read_tap, sign_tap, sign_unsubscribe, tap_url
from pipeline.errors import UsageError

SECRET = "a" * 32
LINK = TapLink(7, Tap.MORE, "2611.00001")
TOKEN = sign_tap(SECRET, LINK)


@pytest.mark.parametrize(
    "link", [LINK, TapLink(7, Tap.NEVER, "hep-th/9901001"), TapLink(4_000_000, Tap.VOLUME), TapLink(1, Tap.SAVE, "1")]
)
def test_a_token_says_what_was_signed(link: TapLink) -> None:
    assert read_tap(SECRET, sign_tap(SECRET, link)) == link


def test_a_link_is_the_same_every_time_so_that_it_never_grows_old() -> None:
    assert sign_tap(SECRET, LINK) == TOKEN
    assert TOKEN.count(".") == 1  # a payload and its signature: no moment is in it


@pytest.mark.parametrize("at", range(len(TOKEN)))
def test_no_character_of_a_token_can_be_changed(at: int) -> None:
    other = "A" if TOKEN[at] != "A" else "Q"  # these differ in bits that base64 keeps, even in a last character

    with pytest.raises(UsageError, match="not valid"):
        read_tap(SECRET, TOKEN[:at] + other + TOKEN[at + 1 :])


@pytest.mark.parametrize(
    "said", ['[8,"more","2611.00001"]', '[7,"more","2611.00002"]', '[7,"less","2611.00001"]', '[7,"more",""]']
)
def test_a_signature_counts_for_no_other_reader_paper_or_tap(said: str) -> None:
    payload = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
    signature = TOKEN.rpartition(".")[2]

    with pytest.raises(UsageError, match="not valid"):
        read_tap(SECRET, f"{payload}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        TOKEN.partition(".")[0],
        TOKEN[:-1],
        f"{TOKEN}x",
        sign_tap("b" * 32, LINK),  # an old token, from before the secret was changed
        sign_unsubscribe(SECRET, 7),
        URLSafeSerializer(SECRET, salt="undo").dumps([7, "more", "2611.00001"]),
        URLSafeSerializer(SECRET, salt="tap").dumps([7, "more"]),
        URLSafeSerializer(SECRET, salt="tap").dumps(["7", "more", "2611.00001"]),
        URLSafeSerializer(SECRET, salt="tap").dumps([7, "forget", "2611.00001"]),
        URLSafeSerializer(SECRET, salt="tap").dumps(7),
        "\u00fc.\ud800",
    ],
)
def test_a_token_that_was_not_signed_for_a_tap_is_refused(token: str) -> None:
    with pytest.raises(UsageError, match="not valid"):
        read_tap(SECRET, token)


def test_programs_that_make_links_of_plain_text_take_a_tap_s_address_whole() -> None:
    ends = {sign_tap(SECRET, TapLink(number, Tap.LESS, "2611.00001"))[-1] for number in range(200)}

    assert not ends & set("-_.")  # often left out of a link, at its end


@pytest.mark.parametrize("base_url", ["https://example.org/papers", "https://example.org/papers/"])
@pytest.mark.parametrize(
    "tap, page",
    [(Tap.MORE, "tap"), (Tap.LESS, "tap"), (Tap.SAVE, "tap"), (Tap.NEVER, "never"), (Tap.VOLUME, "volume")],
)
def test_each_tap_leads_to_its_page_in_the_site_s_folder(base_url: str, tap: Tap, page: str) -> None:
    link = TapLink(7, tap, "2611.00001")

    assert tap_url(base_url, SECRET, link) == f"https://example.org/papers/{page}/{sign_tap(SECRET, link)}"
