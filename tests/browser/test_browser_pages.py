from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mailer import sign_unsubscribe
from tests.browser.visit import Visit
from tests.fakes.site import HOSTILE, OPEN, SECRET, Built

pytestmark = pytest.mark.browser


def test_from_the_first_page_to_the_passage_in_the_paper(visit: Visit, built: Built) -> None:
    page = visit.open("/")
    page.get_by_label("What are you looking for?").fill("long memory")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"The best 1 paper of 3 · 43 ms"))

    page.get_by_role("link", name="3 Method · page 4").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Searching long documents in")
    passage = page.locator(f"#p{built.chunk_ids[OPEN.id, 3]}")
    expect(passage).to_be_in_viewport()
    expect(passage.locator("mark")).to_have_text("memory")
    assert visit.troubles == []


def test_everything_works_without_javascript(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base)
    page.get_by_label("What are you looking for?").fill("labels")
    page.get_by_label("Listed on").select_option("newest day only")
    page.get_by_label("in category").fill("cs.IR")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{base}/?q=labels&day=newest&cat=cs.IR")
    page.get_by_role("link", name="Ranking with few labels").click()
    page.get_by_role("link", name="Back to the results").click()

    expect(page.get_by_role("heading", level=2)).to_have_text("Ranking with few labels")
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/?q=memory", "/?q=xylophone", "/paper/2611.00001", "/paper/2611.00004", "/days", "/day/2026-11-17"),
        "/paper/2611.00001/pages/3?figure=2",
    ],
)
def test_no_page_makes_the_browser_complain(visit: Visit, path: str) -> None:
    visit.open(path)

    assert visit.troubles == []


@pytest.mark.parametrize("path", [f"/paper/{HOSTILE.id}", "/?q=hostile", "/day/2026-11-17", "/"])
def test_a_hostile_paper_runs_nothing_even_where_the_policy_does_not_stop_it(
    browser: Browser, base: str, path: str
) -> None:
    context = browser.new_context(bypass_csp=True)
    visit = Visit(context.new_page(), base)

    page = visit.open(path)

    for element in page.locator("main a, main summary").all():
        element.hover()
    strange = "script, svg[onload], img[onerror], [onmouseover], a[href^=javascript], math [href], main img"
    assert page.locator(strange).count() == 0
    assert visit.troubles == []
    context.close()


def test_the_keyboard_meets_the_way_past_the_header_first(visit: Visit) -> None:
    page = visit.open("/days")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_sections_open_without_a_script(visit: Visit) -> None:
    page = visit.open("/paper/2611.00001")

    page.get_by_text("1 Introduction").click()

    expect(page.get_by_text("Memory is scarce.")).to_be_visible()


def test_from_a_hit_to_its_place_on_the_page(visit: Visit) -> None:
    page = visit.open("/?q=memory")

    page.get_by_role("link", name="see it on its page").first.click()

    expect(page.get_by_role("img", name="Picture of page 4 with the passage marked")).to_be_visible()
    expect(page.locator("#found")).to_be_in_viewport()
    expect(page.locator(".passage mark")).to_have_text("memory")
    assert visit.troubles == []


def test_figures_are_drawn_where_they_are_and_lead_to_their_page(visit: Visit) -> None:
    page = visit.open("/paper/2611.00001")
    figure = page.locator("#f2 img")

    figure.scroll_into_view_if_needed()

    page.wait_for_function("document.querySelector('#f2 img').naturalWidth > 0")
    assert figure.bounding_box() is not None
    figure.click()
    expect(page).to_have_url(re.compile(r"/paper/2611\.00001/pages/3\?figure=2#found$"))
    assert visit.troubles == []


def test_what_is_printed_stays_on_white_in_the_dark(browser: Browser, base: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{base}/paper/{OPEN.id}")

    assert page.evaluate("getComputedStyle(document.querySelector('.picture')).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, base: str, tmp_path: Path) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(f"{base}/?q=memory")
        page.screenshot(path=tmp_path / f"{scheme}.png")
        shades[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()

    assert shades == {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 24, 26)"}


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/?q=memory", "/paper/2611.00001", "/paper/2611.00005", "/days", "/day/2026-11-17"),
        "/paper/2611.00001/pages/3?figure=2",
    ],
)
def test_nothing_sticks_out_of_a_small_screen(browser: Browser, base: str, path: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(base + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_leaving_takes_one_more_click_and_nothing_else(visit: Visit, built: Built) -> None:
    page = visit.open(f"/unsubscribe/{sign_unsubscribe(SECRET, built.reader)}")
    with built.store.read() as work:
        assert work.subscribers.by_id(built.reader).is_active

    page.get_by_role("button", name="Stop the mail").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("No more mail")
    with built.store.read() as work:
        assert not work.subscribers.by_id(built.reader).is_active
    with built.store.begin() as work:
        work.subscribers.set_active(built.reader, is_active=True)
    assert visit.troubles == []
