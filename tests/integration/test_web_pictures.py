"""Figures and pages as pictures: what they show, to whom, and at what price."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from pipeline.config import WebSettings
from pipeline.document import Box
from pipeline.errors import ReadError
from pipeline.illustrations import FIGURE_DPI, PAGE_DPI
from tests.fakes.site import CLOSED, OPEN, Built
from web import create_app

FIGURE = f"/paper/{OPEN.id}/figures/2.png"
PAGE = f"/paper/{OPEN.id}/pages/3"
PICTURES = (FIGURE, f"{PAGE}.png")
CLOSED_PATHS = (
    *(f"/paper/{CLOSED.id}/figures/1.png", f"/paper/{CLOSED.id}/pages/1.png", f"/paper/{CLOSED.id}/pages/1"),
    f"/paper/{CLOSED.id}/pages/99.png",
)


def test_a_figure_is_the_part_of_its_page(client: TestClient, built: Built) -> None:
    answer = client.get(FIGURE)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert built.images.asked == [(3, Box(99, 349, 481, 551), FIGURE_DPI)]


def test_a_page_is_drawn_whole_and_once(client: TestClient, built: Built) -> None:
    first, second = client.get(f"{PAGE}.png"), client.get(f"{PAGE}.png")

    assert first.content == second.content
    assert built.images.asked == [(3, None, PAGE_DPI)]


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_the_browser_has_is_not_drawn(client: TestClient, built: Built, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    built.images.asked.clear()

    answer = client.get(path, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert built.images.asked == []


@pytest.mark.parametrize("path", PICTURES)
def test_an_address_with_the_pictures_name_holds_for_ever_and_one_without_does_not(
    client: TestClient, path: str
) -> None:
    plain = client.get(path)
    name = plain.headers["ETag"].strip('"')

    named, misnamed = client.get(f"{path}?v={name}"), client.get(f"{path}?v=other")

    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == misnamed.headers["Cache-Control"] == "public, no-cache"


def test_what_only_the_owner_sees_stays_in_their_browser(owner: TestClient) -> None:
    answer = owner.get(CLOSED_PATHS[0])

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", CLOSED_PATHS)
def test_others_are_sent_to_arxiv_for_what_the_licence_keeps_from_them(
    client: TestClient, built: Built, path: str
) -> None:
    answer = client.get(path)

    assert answer.status_code == 403
    assert f'<a class="button" href="https://arxiv.org/abs/{CLOSED.id}">See it at arXiv</a>' in answer.text
    assert "all other rights stay with the authors" in answer.text
    assert built.images.asked == []


@pytest.mark.parametrize("path", CLOSED_PATHS[:3])
def test_the_owner_sees_everything(owner: TestClient, path: str) -> None:
    assert owner.get(path).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "papers.example.org"},
        {"Host": "192.168.1.5:8421"},
        {"Host": "localhost.example.org"},
        {"Host": "[::1"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 proxy"},
    ],
)
def test_who_comes_by_another_name_or_through_a_proxy_is_not_the_owner(
    owner: TestClient, headers: dict[str, str]
) -> None:
    assert owner.get(CLOSED_PATHS[0], headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8421", "127.0.0.1", "[::1]:8421"])
def test_this_machine_has_several_names(owner: TestClient, host: str) -> None:
    assert owner.get(CLOSED_PATHS[0], headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "settings", [WebSettings(base_url="https://papers.example.org"), WebSettings(host="192.168.1.5")]
)
def test_a_site_that_others_reach_has_no_owner(built: Built, settings: WebSettings) -> None:
    site = replace(built.site, settings=settings)

    assert TestClient(create_app(site), "http://127.0.0.1").get(CLOSED_PATHS[0]).status_code == 403


@pytest.mark.parametrize(
    "path, status",
    [
        (f"/paper/{OPEN.id}/figures/0.png", 404),
        (f"/paper/{OPEN.id}/figures/4.png", 404),
        (f"/paper/{OPEN.id}/pages/0", 404),
        (f"/paper/{OPEN.id}/pages/10.png", 404),
        (f"/paper/{OPEN.id}/pages/-1.png", 404),
        (f"/paper/{OPEN.id}/pages/{'9' * 30}", 404),
        (f"/paper/{OPEN.id}/pages/{'9' * 5000}", 400),
        (f"/paper/{OPEN.id}/pages/three", 400),
        ("/paper/2611.99999/pages/1", 404),
        ("/paper/nonsense/pages/1.png", 404),
        ("/paper/hep-th/9901001/pages/1", 404),  # was never read
    ],
)
def test_what_is_not_there_is_not_drawn(client: TestClient, built: Built, path: str, status: int) -> None:
    assert client.get(path).status_code == status
    assert built.images.asked == []


@pytest.mark.parametrize("path", PICTURES)
def test_what_cannot_be_drawn_is_missing_and_no_failure_of_the_site(
    client: TestClient, built: Built, path: str
) -> None:
    built.images.error = ReadError("the page is 40 m wide, says /home/ada/secret.pdf")

    answer = client.get(path)

    assert answer.status_code == 404
    assert "It could not be drawn" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", PICTURES)
def test_a_busy_moment_is_told_apart(client: TestClient, built: Built, path: str) -> None:
    built.images.error = ReadError("too many", permanent=False)

    answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_figure_known_not_to_be_drawable_is_its_caption_alone(client: TestClient, built: Built) -> None:
    built.images.error = ReadError("broken")
    client.get(FIGURE)

    page = client.get(f"/paper/{OPEN.id}").text

    assert "figures/2.png" not in page
    assert "figures/3.png" in page
    assert "Memory taken by the two walks" in page


def test_the_page_shows_the_passage_where_it_stands_and_in_words(client: TestClient, built: Built) -> None:
    page = client.get(f"{PAGE}?p={built.chunk_ids[OPEN.id, 2]}&q=landmark").text

    assert re.search(rf'<image href="{PAGE}\.png\?v=[0-9a-f]{{20}}" width="1000" height="1294"/>', page)
    assert '<rect class="found" id="found" x="80" y="129.4" width="840" height="258.8" rx="4"/>' in page
    assert "We walk the document twice &amp; keep &lt;every&gt; <mark>landmark</mark>." in page
    assert f'href="/paper/{OPEN.id}?q=landmark#p{built.chunk_ids[OPEN.id, 2]}">Back to the paper</a>' in page
    assert 'aria-label="Picture of page 3 with the passage marked"' in page
    assert "CC BY 4.0</a>, you may share and adapt it, with attribution." in page


def test_the_page_is_drawn_before_the_browser_asks_for_it(client: TestClient, built: Built) -> None:
    page = client.get(PAGE).text
    source = re.search(r'<image href="([^"]+)"', page)
    assert source is not None

    client.get(source[1])

    assert built.images.asked == [(3, None, PAGE_DPI)]


@pytest.mark.parametrize(
    "query, marked",
    [
        ("figure=2", "Figure 2 is marked"),
        ("figure=1", ""),  # stands on another page
        ("p=1", ""),
        ("p=999999", ""),
        ("ref=1", ""),
        ("", ""),
    ],
)
def test_only_what_stands_on_the_page_is_marked(client: TestClient, query: str, marked: str) -> None:
    page = client.get(f"{PAGE}?{query}").text

    assert ("is marked" in page) == bool(marked)
    assert marked in page
    assert ('<rect class="found"' in page) == bool(marked)


def test_a_reference_is_marked_on_its_page(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}/pages/9?ref=2").text

    assert "the reference is marked" in page
    assert 'rel="next"' not in page


def test_a_page_that_cannot_be_drawn_still_gives_the_words(client: TestClient, built: Built) -> None:
    built.images.error = ReadError("broken")

    answer = client.get(f"{PAGE}?p={built.chunk_ids[OPEN.id, 2]}")

    assert answer.status_code == 200
    assert "This page cannot be drawn here." in answer.text
    assert "<svg class" not in answer.text
    assert "We walk the document twice" in answer.text


def test_the_pages_of_a_paper_with_a_slash_have_addresses(client: TestClient) -> None:
    assert "Of the paper hep-th/9901001 there is no page 1 here" in client.get("/paper/hep-th/9901001/pages/1").text
