"""A real browser, a real server, and axe. Skipped with a reason where chromium (or npm, for axe) is not installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.visit import CHROMIUM, Visit, open_browser, served
from tests.fakes.site import Built, empty_site, full_site
from web import create_app

_AXE_VERSION = "4.14.1"
_CACHE = Path(__file__).parent / ".cache"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = full_site(tmp_path_factory.mktemp("site"))
    yield built
    built.store.close()


@pytest.fixture(scope="session")
def base(built: Built) -> Iterator[str]:
    with served(create_app(built.site)) as address:
        yield address


@pytest.fixture(scope="session")
def empty_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    built = empty_site(tmp_path_factory.mktemp("empty"))
    with served(create_app(built.site)) as address:
        yield address
    built.store.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, base: str) -> Visit:
    return Visit(context.new_page(), base)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, fetched by npm once."""
    if (npm := shutil.which("npm")) is None:
        pytest.skip("needs npm to fetch axe-core: apt-get install npm")
    source = _CACHE / "node_modules" / "axe-core" / "axe.min.js"
    package = source.with_name("package.json")
    if not (source.exists() and f'"version": "{_AXE_VERSION}"' in package.read_text(encoding="utf-8")):
        _CACHE.mkdir(exist_ok=True)
        wanted = ["install", f"axe-core@{_AXE_VERSION}", "--prefix", str(_CACHE)]
        subprocess.run(
            [npm, *wanted, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], check=True
        )
    return source.read_text(encoding="utf-8")
