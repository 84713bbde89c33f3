"""A store of each kind that is supported, empty; a small site after a day, and its visitors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.store import Store, open_store
from tests.fakes.postgres import empty, is_at_hand, running_postgres
from tests.fakes.site import Built, copied_site, full_site
from web import create_app


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not is_at_hand():
        pytest.skip("no PostgreSQL: install Debian's, or name one in TEST_POSTGRES_URL")
    with running_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind that is supported."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'autoreader.db'}"
    found: str = request.getfixturevalue("postgres_url")
    empty(found)
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a site after a day consists of, to be copied."""
    folder = tmp_path_factory.mktemp("site")
    full_site(folder).store.close()
    return folder


@pytest.fixture
def built(site_folder: Path, tmp_path: Path) -> Iterator[Built]:
    """A site after a day."""
    built = copied_site(site_folder, tmp_path)
    yield built
    built.store.close()


@pytest.fixture
def client(built: Built) -> TestClient:
    """Anybody who looks at it; they see redirects and errors as they are."""
    return TestClient(create_app(built.site), raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def owner(built: Built) -> TestClient:
    """Its owner, at the machine it runs on."""
    app = create_app(built.site)
    return TestClient(app, "http://127.0.0.1:8421", raise_server_exceptions=False, follow_redirects=False)
