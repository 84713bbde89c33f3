from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from mailer import sign_unsubscribe
from tests.fakes.site import EMAIL, SECRET, Built


@pytest.fixture
def address(built: Built) -> str:
    return f"/unsubscribe/{sign_unsubscribe(SECRET, built.reader)}"


def is_active(built: Built) -> bool:
    with built.store.read() as work:
        return work.subscribers.by_id(built.reader).is_active


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_changes_nothing(client: TestClient, built: Built, address: str, method: str) -> None:
    answer = client.request(method, address)

    assert answer.status_code == 200
    assert is_active(built)


def test_the_page_asks_once_more_and_shows_no_whole_address(client: TestClient, address: str) -> None:
    page = client.get(address).text

    assert "The digest for <b>r…@example.org</b> will stop at once." in page
    assert f'<form method="post" action="{address}">' in page
    assert EMAIL not in page


def test_one_click_from_a_mail_program_stops_the_mail(client: TestClient, built: Built, address: str) -> None:
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "Nothing more will be sent." in answer.text
    assert not is_active(built)


def test_the_body_may_come_as_form_data_or_not_at_all(client: TestClient, built: Built, address: str) -> None:
    client.post(address, files={"List-Unsubscribe": (None, "One-Click")})

    assert not is_active(built)
    assert client.post(address).status_code == 200


def test_a_second_click_and_a_later_look_say_it_is_stopped(client: TestClient, address: str) -> None:
    client.post(address)

    assert "Nothing more will be sent." in client.post(address).text
    assert "Nothing more will be sent." in client.get(address).text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_token_is_a_400_that_reveals_nothing(client: TestClient, built: Built, method: str) -> None:
    forged = sign_unsubscribe("another secret", built.reader)
    nobody = sign_unsubscribe(SECRET, 4711)

    answers = [client.request(method, f"/unsubscribe/{token}") for token in (forged, nobody, "x", "%00")]

    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1
    assert "Please use the one in your newest digest." in answers[0].text
    assert is_active(built)


def test_the_page_is_kept_by_no_cache_and_no_search_engine(client: TestClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"
