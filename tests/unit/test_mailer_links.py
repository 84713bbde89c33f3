"""Signed links."""

from __future__ import annotations

import pytest
from itsdangerous import URLSafeSerializer

from mailer.links import read_unsubscribe, sign_unsubscribe, unsubscribe_url
from pipeline.errors import UsageError

SECRET = "a" * 32


def test_a_token_names_the_subscriber_it_was_signed_for() -> None:
    assert read_unsubscribe(SECRET, sign_unsubscribe(SECRET, 7)) == 7


def test_a_link_is_the_same_every_time() -> None:
    assert sign_unsubscribe(SECRET, 7) == sign_unsubscribe(SECRET, 7)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "7",
        "Nw.AAAA",
        sign_unsubscribe("b" * 32, 7),
        sign_unsubscribe(SECRET, 7)[:-1],
        sign_unsubscribe(SECRET, 7).replace("Nw", "OA"),
        URLSafeSerializer(SECRET, salt="sign-in").dumps(7),
        URLSafeSerializer(SECRET, salt="unsubscribe").dumps("seven"),
        URLSafeSerializer(SECRET, salt="unsubscribe").dumps(obj=True),
        "\u00fc.\ud800",
    ],
)
def test_a_token_that_was_not_signed_for_this_is_refused(token: str) -> None:
    with pytest.raises(UsageError, match="not valid"):
        read_unsubscribe(SECRET, token)


@pytest.mark.parametrize("base_url", ["https://papers.example.org", "https://papers.example.org/"])
def test_the_link_leads_to_the_unsubscribe_page(base_url: str) -> None:
    token = sign_unsubscribe(SECRET, 7)

    assert unsubscribe_url(base_url, SECRET, 7) == f"https://papers.example.org/unsubscribe/{token}"
