from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.errors import IndexStateError, StoreError
from pipeline.paper import FetchState, SourceFetch, SourceName
from tests.fakes.site import DAY, MISSING_ID, NOW, Built, empty_site, full_site
from web import create_app
from web.headers import SECURITY_HEADERS

PAGES = ("/", "/?q=memory", "/paper/2611.00001", "/days", "/day/2026-11-17", "/nowhere", "/paper/2699.99999")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_scripts_frames_and_sniffing_and_sets_no_cookie(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_a_script_an_inline_style_or_an_event_handler(client: TestClient, path: str) -> None:
    page = client.get(path).text.lower()

    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert " onload=" not in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_first_heading_a_language_and_a_way_past_the_header(client: TestClient, path: str) -> None:
    page = client.get(path).text

    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    assert '<a class="skip" href="#main">' in page


def test_the_front_page_sums_up_the_newest_day(client: TestClient) -> None:
    page = client.get("/").text

    assert "6 papers from arXiv to ask." in page
    assert "Tuesday, 17 November 2026" in page
    assert "<b>7</b> listed by arXiv" in page
    assert "<b>6</b> stored" in page
    assert "<b>2</b> read in full" in page
    assert "Ranking with few labels" in page


def test_an_empty_installation_says_what_to_do(tmp_path: Path) -> None:
    built = empty_site(tmp_path)

    page = TestClient(create_app(built.site)).get("/").text

    assert "Nothing has been read yet" in page
    assert "<code>autoreader run</code>" in page
    assert "No day has been read yet" in TestClient(create_app(built.site)).get("/days").text
    built.store.close()


def test_searching_without_an_index_is_a_503_that_says_how_to_get_one(client: TestClient, built: Built) -> None:
    built.search.error = IndexStateError("there is no search index yet in /home/owner/index")

    answer = client.get("/?q=memory")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "<code>autoreader run</code> reads a day and builds the index" in answer.text
    assert "/home/owner" not in answer.text


def test_an_unexpected_error_is_a_500_page_that_tells_nothing_of_the_inside(client: TestClient, built: Built) -> None:
    built.search.error = RuntimeError("/home/owner/model.bin exploded")

    answer = client.get("/?q=memory")

    assert answer.status_code == 500
    assert "It is not your fault." in answer.text
    assert "exploded" not in answer.text
    assert answer.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_a_broken_database_is_a_503(client: TestClient, built: Built) -> None:
    built.search.error = StoreError("database sqlite:////home/owner/site.db: disk I/O error")

    answer = client.get("/?q=memory")

    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    assert "/home/owner" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/paper/2699.99999", "/paper/nonsense", "/paper/", "/paper/2699.99999.bib", "/day/2020-01-01"),
        *("/day/yesterday", "/static/missing.css", "/static/../app.py", "/docs", "/openapi.json"),
    ],
)
def test_what_is_not_there_is_a_404_page(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Not found" in answer.text


def test_a_page_takes_no_post(client: TestClient) -> None:
    answer = client.post("/")

    assert answer.status_code == 405
    assert "does not take that kind of request" in answer.text


@pytest.mark.parametrize("path", ["/", "/?q=memory", "/paper/2611.00001", "/days", "/day/2026-11-17", "/healthz"])
def test_monitors_may_ask_with_head(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == 200


def test_the_stylesheet_is_kept_for_ever_under_a_name_that_changes_with_it(client: TestClient) -> None:
    address = client.get("/").text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "?v=" in address


def test_health_tells_database_generation_and_newest_day(client: TestClient) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "generation": 7, "newest_day": "2026-11-17"}


def test_health_is_503_where_the_database_is_broken(client: TestClient, built: Built, tmp_path: Path) -> None:
    built.store.close()
    (tmp_path / "site.db").write_bytes(b"no database any more" * 100)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": False, "generation": 7, "newest_day": None}


def test_browsers_learn_to_search_here_at_the_public_address(tmp_path: Path) -> None:
    built = full_site(tmp_path, base_url="https://papers.example.org/read/")

    answer = TestClient(create_app(built.site)).get("/opensearch.xml")

    assert answer.headers["Content-Type"] == "application/opensearchdescription+xml"
    assert 'template="https://papers.example.org/read/?q={searchTerms}"' in answer.text
    built.store.close()


def test_without_a_public_address_browsers_learn_that_of_this_machine(owner: TestClient) -> None:
    assert 'template="http://127.0.0.1:8421/?q={searchTerms}"' in owner.get("/opensearch.xml").text


def test_no_browser_learns_an_address_that_a_visitor_made_up(owner: TestClient) -> None:
    answer = owner.get("/opensearch.xml", headers={"Host": "evil.example"})

    assert answer.status_code == 404
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("path", ["/", "/read/"])
def test_a_site_in_a_folder_links_within_it_however_the_proxy_hands_paths_on(tmp_path: Path, path: str) -> None:
    built = full_site(tmp_path, base_url="https://example.org/read")

    page = TestClient(create_app(built.site)).get(path).text

    assert 'href="/read/days"' in page
    assert f'href="/read/day/{DAY.isoformat()}"' in page
    assert 'action="/read/"' in page
    built.store.close()


def test_days_are_listed_with_their_figures_and_what_is_wrong(client: TestClient) -> None:
    page = client.get("/days").text

    assert "Tuesday, 17 November 2026" in page
    assert '<td class="figure lacking">6</td>' in page
    assert "1 missing</span>" in page
    assert "complete</span>" not in page
    assert "awaiting arXiv" in page
    assert "arXiv asked for patience" in page


def test_older_days_are_a_click_away(client: TestClient, built: Built) -> None:
    with built.store.begin() as work:
        for age in range(2, 13):
            work.days.save_fetch(SourceFetch(DAY - timedelta(days=age), SourceName.OAI, FetchState.EMPTY, 0, NOW))

    first = client.get("/days").text
    second = client.get("/days?before=2026-11-08").text

    assert '<a class="button quiet" href="/days?before=2026-11-08">Older days</a>' in first
    assert "Saturday, 7 November 2026" not in first
    assert "Saturday, 7 November 2026" in second
    assert "Older days</a>" not in second
    assert client.get("/days?before=noon").status_code == 400


def test_a_day_explains_every_difference(client: TestClient) -> None:
    page = client.get("/day/2026-11-17").text

    assert "1 listed paper is not here yet." in page
    assert "Missing: the feed lists it, but OAI-PMH does not know it yet; asked again by the next run." in page
    assert f'<span class="one">{MISSING_ID}</span>' in page
    assert "Abstract only: the PDF is encrypted." in page
    assert page.index("Missing: the feed") < page.index("Abstract only: the PDF")


def test_a_day_lists_its_papers_by_what_happened_to_them(client: TestClient) -> None:
    page = client.get("/day/2026-11-17").text

    headings = ["New papers", "Cross-listed", "Replaced by a new version", "Withdrawn"]
    places = [page.index(f"<h3>{heading} ") for heading in headings]
    assert places == sorted(places)
    assert places[1] < page.rindex("An encrypted report on caches") < places[2]
    assert '<a rel="prev" href="/day/2026-11-16">' in page


def test_a_day_can_be_narrowed_to_a_category(client: TestClient) -> None:
    page = client.get("/day/2026-11-17?cat=hep-th").text

    assert "Strings before the millennium" in page
    assert "Ranking with few labels" not in page


def test_a_day_that_arxiv_has_not_filled_yet_says_so(client: TestClient) -> None:
    answer = client.get("/day/2026-11-16")

    assert answer.status_code == 200
    assert "awaiting arXiv" in answer.text
    assert "No source lists a paper for this day yet." in answer.text
