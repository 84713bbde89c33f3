from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from mailer import sign_unsubscribe
from tests.fakes.site import SECRET, Built

pytestmark = pytest.mark.browser

PATHS = (
    *("/", "/?q=long+memory", "/?q=xylophone", "/?q=labels&day=2020-01-01", "/days", "/day/2026-11-17"),
    *("/day/2026-11-16", "/paper/2611.00001?q=walk", "/paper/2611.00002", "/paper/2611.00003", "/paper/2611.00004"),
    *("/paper/2611.00005", "/nowhere", "/?q=x&day=someday", "/paper/2611.00001/pages/99"),
    *("/paper/2611.00001/pages/3?p=3&q=walk", "/paper/2611.00001/pages/3?figure=2", "/paper/2611.00002/pages/1"),
)
PUBLIC_PATHS = ("/paper/2611.00002", "/paper/2611.00002/pages/1", "/?q=labels")  # to others they look different


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds, all its rules, best practices included."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")  # Any: JSON
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def addresses(base: str, empty_base: str, built: Built) -> list[str]:
    """Every kind of page, of a site in use and of one before its first run."""
    unsubscribe = f"/unsubscribe/{sign_unsubscribe(SECRET, built.reader)}"
    return [base + path for path in (*PATHS, unsubscribe)] + [f"{empty_base}/", f"{empty_base}/days"]


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("is_dark", [False, True])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, addresses: list[str], axe: str, width: int, *, is_dark: bool
) -> None:
    context = browser.new_context(
        bypass_csp=True,  # axe is a script, which our policy forbids
        color_scheme="dark" if is_dark else "light",
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}

    for address in addresses:
        page.goto(address)
        found |= {address: problems} if (problems := violations(page, axe)) else {}

    assert found == {}
    context.close()


def test_axe_finds_nothing_on_what_others_are_shown(browser: Browser, base: str, axe: str) -> None:
    page = browser.new_page(bypass_csp=True, extra_http_headers={"X-Forwarded-For": "203.0.113.7"})

    for path in PUBLIC_PATHS:
        page.goto(base + path)
        assert violations(page, axe) == []

    page.close()


def test_axe_would_find_something(browser: Browser, axe: str) -> None:
    page = browser.new_page()
    page.set_content("<img src='data:,'>")

    assert any(problem.startswith("image-alt:") for problem in violations(page, axe))
    page.close()
