"""`/volume/TOKEN`: few, normal or many papers, from the foot of a digest."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mailer import Tap
from pipeline.errors import UsageError
from pipeline.subscriber import Volume
from web.form import FormDep
from web.pages import PagesDep
from web.reader_link import ReaderLink, masked, open_link, show_private
from web.site import SiteDep

router = APIRouter()

MEANINGS = {
    Volume.FEW: "only the papers that are surest to be worth your time; on many days none",
    Volume.NORMAL: "papers that are more likely worth your time than not",
    Volume.MANY: "also papers that only may be worth your time, so that little is missed",
}


@router.api_route("/volume/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def ask(request: Request, token: str, site: SiteDep, pages: PagesDep) -> HTMLResponse:
    """Shows how much they get now, and the choice."""
    with site.store.read() as work:
        reader = open_link(work, site.secret, token, {Tap.VOLUME})
    return _show(request, pages, reader, is_recorded=False)


@router.post("/volume/{token}", response_class=HTMLResponse)
def choose(request: Request, token: str, site: SiteDep, pages: PagesDep, form: FormDep) -> HTMLResponse:
    """Records the choice. Taking it back is choosing again: the page after it offers that."""
    try:
        volume = Volume(form.get("volume", [""])[0])
    except ValueError:
        raise UsageError("Please choose few, normal or many.") from None
    with site.store.begin() as work:
        reader = open_link(work, site.secret, token, {Tap.VOLUME})
        wanted = work.subscribers.change(reader.subscriber.email, lambda profile: replace(profile, volume=volume))
        reader = replace(reader, subscriber=wanted)
    return _show(request, pages, reader, is_recorded=True)


def _show(request: Request, pages: PagesDep, reader: ReaderLink, *, is_recorded: bool) -> HTMLResponse:
    values = {
        "is_recorded": is_recorded,
        "meanings": {volume.value: words for volume, words in MEANINGS.items()},
        "now": reader.subscriber.profile.volume.value,
        "address": masked(reader.subscriber.email),
        "token": reader.token,
    }
    return show_private(request, pages, "volume.html", values)
