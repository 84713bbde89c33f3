"""`/unsubscribe/TOKEN`: one click to leave. Looking changes nothing, for scanners open every link in a mail."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mailer import read_unsubscribe
from pipeline.errors import NotFoundError, UsageError
from pipeline.subscriber import Subscriber
from web.pages import Pages, PagesDep
from web.reader_link import INVALID, masked, show_private
from web.site import Site, SiteDep

router = APIRouter()


@router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def confirm_page(request: Request, token: str, site: SiteDep, pages: PagesDep) -> HTMLResponse:
    """Asks once more."""
    subscriber = _subscriber(site, token)
    return _show(request, pages, subscriber, token, is_stopped=not subscriber.is_active)


@router.post("/unsubscribe/{token}", response_class=HTMLResponse)
def stop(request: Request, token: str, site: SiteDep, pages: PagesDep) -> HTMLResponse:
    """Stops the mail at once; the token is the proof, so neither cookie nor login is asked for.

    Mail programs send `List-Unsubscribe=One-Click` (RFC 8058); the page's button sends the same.
    """
    subscriber = _subscriber(site, token)
    with site.store.begin() as work:
        work.subscribers.set_active(subscriber.id, is_active=False)
    return _show(request, pages, subscriber, token, is_stopped=True)


def _subscriber(site: Site, token: str) -> Subscriber:
    """Whom the token is for. Whatever is wrong with it, the answer is the same."""
    try:
        subscriber_id = read_unsubscribe(site.secret, token)
        with site.store.read() as work:
            return work.subscribers.by_id(subscriber_id)
    except (UsageError, NotFoundError):
        raise UsageError(INVALID) from None


def _show(request: Request, pages: Pages, subscriber: Subscriber, token: str, *, is_stopped: bool) -> HTMLResponse:
    values = {"address": masked(subscriber.email), "token": token, "is_stopped": is_stopped}
    return show_private(request, pages, "unsubscribe.html", values)
