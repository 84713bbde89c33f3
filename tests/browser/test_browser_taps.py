"""The pages behind a digest's links, in a real browser: by keyboard, without scripts, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from mailer.links import Tap, TapLink, tap_url
from pipeline.digest import Ranked
from tests.browser.test_browser_axe import violations
from tests.browser.visit import Visit, served
from tests.fakes.site import DAY, OPEN, SECRET, Built, full_site
from web import create_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A site of its own, for here something is changed; the paper matched the reader's interest."""
    built = full_site(tmp_path_factory.mktemp("taps"))
    with built.store.begin() as work:
        work.issues.save_ranking(built.reader, DAY, [Ranked(OPEN.id, 1.0, 0.9, "It matches.", "long documents")])
    yield built
    built.store.close()


@pytest.fixture(scope="module")
def links(taught: Built) -> Iterator[dict[Tap, str]]:
    """Where each tap of the reader's mail leads."""
    with served(create_app(taught.site)) as base:
        yield {tap: tap_url(base, SECRET, TapLink(taught.reader, tap, OPEN.id)) for tap in Tap}


def test_a_tap_is_made_and_undone_by_keyboard_without_scripts(browser: Browser, links: dict[Tap, str]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 760})
    visit = Visit(context.new_page(), "")
    page = visit.open(links[Tap.MORE])

    for heading in ("Noted: more like this", "Taken back"):
        page.locator(".tap-paper a").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(heading)

    assert visit.troubles == []
    context.close()


def test_what_should_not_come_again_is_chosen_by_its_labels(browser: Browser, links: dict[Tap, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Visit(context.new_page(), "").open(links[Tap.NEVER])

    page.get_by_label("Bo Okafor").check()
    page.get_by_label("Never again papers about").fill("suffix trees")
    page.get_by_label("let it count half").check()
    page.get_by_role("button", name="Leave these out").click()

    expect(page.get_by_role("status")).to_contain_text("Nothing about “suffix trees”.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken back")
    context.close()


@pytest.mark.parametrize("width, is_dark", [(390, False), (390, True), (1200, False)])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, links: dict[Tap, str], axe: str, *, width: int, is_dark: bool
) -> None:
    context = browser.new_context(
        bypass_csp=True,  # axe is a script, which our policy forbids
        color_scheme="dark" if is_dark else "light",
        viewport={"width": width, "height": 760},
    )
    page = context.new_page()
    found: list[str] = []

    for tap in (Tap.SAVE, Tap.NEVER, Tap.VOLUME):
        page.goto(links[tap])
        found += violations(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(links[Tap.LESS])
    for heading in ("Noted: less like this", "Taken back"):
        page.locator("main button").click()
        expect(page.locator("h1")).to_have_text(heading)  # axe must not look at a page that is on its way out
        found += violations(page, axe)

    assert found == []
    context.close()
