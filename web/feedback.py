"""`/tap/TOKEN`: "more like this", "less like this", "save" from a digest.

Mail scanners open every link, so looking changes nothing: the page has one button, and its POST is the tap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mailer import Tap
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.store import UnitOfWork
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from web.form import FormDep
from web.pages import PagesDep
from web.reader_link import INVALID, ReaderLink, masked, open_link, paper_of, show_private
from web.site import SiteDep

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Saying:
    """A tap in words: the question, the button, what it does, and how it is told once it is done."""

    kind: FeedbackKind
    question: str
    button: str
    effect: str
    done: str


SAYINGS = {
    Tap.MORE: Saying(
        FeedbackKind.LIKE,
        "More like this?",
        "More like this",
        "Papers close to this one will stand higher in your digest.",
        "Noted: more like this",
    ),
    Tap.LESS: Saying(
        FeedbackKind.DISLIKE,
        "Less like this?",
        "Less like this",
        "Papers close to this one will stand lower in your digest, or stay out of it.",
        "Noted: less like this",
    ),
    Tap.SAVE: Saying(
        FeedbackKind.SAVE,
        "Save this paper?",
        "Save",
        "It joins your saved papers and counts as liked: papers close to it will stand higher in your digest.",
        "Saved",
    ),
}
_SAID = {
    FeedbackKind.LIKE: "more like this",
    FeedbackKind.DISLIKE: "less like this",
    FeedbackKind.SAVE: "save",
}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A link, its paper, and what its reader said of that paper so far."""

    reader: ReaderLink
    paper: Paper
    standing: Feedback | None

    @property
    def saying(self) -> Saying:
        return SAYINGS[self.reader.link.tap]

    @property
    def is_recorded(self) -> bool:
        """Whether this very tap is their newest word; one that came otherwise is no answer to a digest."""
        now = self.standing
        return now is not None and now.kind is self.saying.kind and now.origin is Origin.TAP


@router.api_route("/tap/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def ask(request: Request, token: str, site: SiteDep, pages: PagesDep) -> HTMLResponse:
    """Shows the paper and the button; or that the tap is recorded already, and the way back."""
    with site.store.read() as work:
        opened = _open(work, site.secret, token)
    undo = opened.reader.sign_undo(site.secret, None) if opened.is_recorded else ""
    return _show(request, pages, opened, {"state": "recorded" if undo else "asked", "undo": undo})


@router.post("/tap/{token}", response_class=HTMLResponse)
def tap(request: Request, token: str, site: SiteDep, pages: PagesDep, form: FormDep) -> HTMLResponse:
    """Records the tap, or takes it back where the form says `undo`; the token is the proof, no login is asked for."""
    with site.store.begin() as work:
        opened = _open(work, site.secret, token)
        if form.get("undo"):
            before = _before(opened, site.secret, form["undo"][0])
            return _show(request, pages, opened, _take_back(work, opened, before))
        given = Feedback(opened.paper.id, opened.saying.kind, site.clock.now(), Origin.TAP)
        work.subscribers.add_feedback(opened.reader.subscriber.id, [given])
    before = None if opened.is_recorded else opened.standing
    undo = opened.reader.sign_undo(site.secret, _as_json(before))
    return _show(request, pages, opened, {"state": "recorded", "undo": undo})


def _open(work: UnitOfWork, secret: str, token: str) -> _Opened:
    reader = open_link(work, secret, token, SAYINGS)
    return _Opened(reader, paper_of(work, reader), work.taps.standing(reader.link.subscriber_id, reader.link.paper_id))


def _take_back(work: UnitOfWork, opened: _Opened, before: Feedback | None) -> dict[str, str]:
    """Brings back what stood before; a newer word on the paper stays. Returns what the page says of it."""
    subscriber_id = opened.reader.subscriber.id
    if not work.taps.take_back(subscriber_id, opened.paper.id, opened.saying.kind):
        return {"state": "asked"}
    if before is None:
        return {"state": "taken back"}
    work.subscribers.add_feedback(subscriber_id, [before])
    return {"state": "taken back", "restored": _SAID[before.kind]}


def _as_json(before: Feedback | None) -> list[str] | None:
    return None if before is None else [before.kind.value, before.given_at.isoformat(), before.origin.value]


def _before(opened: _Opened, secret: str, undo: str) -> Feedback | None:
    try:
        match opened.reader.read_undo(secret, undo):
            case [kind, given_at, origin]:
                moment = datetime.fromisoformat(given_at)
                return Feedback(opened.paper.id, FeedbackKind(kind), moment, Origin(origin))
            case _:
                return None
    except ValueError:
        raise UsageError(INVALID) from None


def _show(request: Request, pages: PagesDep, opened: _Opened, values: dict[str, str]) -> HTMLResponse:
    standing = opened.standing
    is_other = standing is not None and standing.kind is not opened.saying.kind
    return show_private(
        request,
        pages,
        "tap.html",
        {
            "saying": opened.saying,
            "paper": opened.paper,
            "address": masked(opened.reader.subscriber.email),
            "token": opened.reader.token,
            "instead_of": _SAID[standing.kind] if standing is not None and is_other else "",
            "undo": "",
            "restored": "",
            **values,
        },
    )
