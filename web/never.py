"""`/never/TOKEN`: "never this author, not this topic" from a digest; a page that asks which, and its POST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from mailer import Tap
from pipeline.corrections import Correction, Refusal, Share, correct, decide, position_of, take_back
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.profile_changes import checked_topic
from pipeline.store import UnitOfWork
from pipeline.subscriber import Interest
from web.form import Form, FormDep
from web.pages import Pages, PagesDep
from web.reader_link import INVALID, ReaderLink, masked, open_link, paper_of, show_private
from web.site import SiteDep

router = APIRouter()

MOST_AUTHORS = 40  # a collaboration of thousands would be a page nobody reads
MOST_CHARS = 200  # of a negative: a topic, not a letter
MOST_NEGATIVES = 100


@dataclass(frozen=True, slots=True)
class _Offer:
    """What may be refused after a paper: its authors, and the interest that brought it, None where there is none.

    `is_only` tells that nothing else says what this reader wants, so that it cannot be dropped.
    """

    reader: ReaderLink
    paper: Paper
    interest: Interest | None
    is_only: bool

    @property
    def authors(self) -> tuple[str, ...]:
        return self.paper.authors[:MOST_AUTHORS]


@router.api_route("/never/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def ask(request: Request, token: str, site: SiteDep, pages: PagesDep) -> HTMLResponse:
    """Offers the paper's authors, the interest that matched, and a field for a topic in the reader's words."""
    with site.store.read() as work:
        offer = _open(work, site.secret, token)
    return _show(request, pages, offer, {"state": "asked"})


@router.post("/never/{token}", response_class=HTMLResponse)
def refuse(request: Request, token: str, site: SiteDep, pages: PagesDep, form: FormDep) -> HTMLResponse:
    """Records what was chosen, or takes it back where the form says `undo`."""
    with site.store.begin() as work:
        offer = _open(work, site.secret, token)
        if form.get("undo"):
            correction = _from_json(offer.reader.read_undo(site.secret, form["undo"][0]))
            work.subscribers.change(offer.reader.subscriber.email, partial(take_back, correction=correction))
            return _show(request, pages, offer, {"state": "taken back", "correction": correction})
        correction = decide(offer.reader.subscriber.profile, _refusal(offer, form))
        if not correction:
            return _show(request, pages, offer, {"state": "nothing"}, HTTPStatus.BAD_REQUEST)
        work.subscribers.change(offer.reader.subscriber.email, partial(correct, correction=correction))
    undo = offer.reader.sign_undo(site.secret, asdict(correction))
    return _show(request, pages, offer, {"state": "recorded", "correction": correction, "undo": undo})


def _open(work: UnitOfWork, secret: str, token: str) -> _Offer:
    reader = open_link(work, secret, token, {Tap.NEVER})
    paper = paper_of(work, reader)
    profile = reader.subscriber.profile
    at = position_of(profile, work.taps.matched_interest(reader.subscriber.id, paper.id))
    is_only = len(profile.interests) == 1 and not (profile.wanted_papers or profile.authors)
    return _Offer(reader, paper, None if at is None else profile.interests[at], is_only)


def _refusal(offer: _Offer, form: Form) -> Refusal:
    """What the form chose of the offer. Raises UsageError for what was not offered."""
    said = form.get("negative", [""])[0]
    negative = checked_topic(said) if said.strip() else ""
    if len(negative) > MOST_CHARS:
        raise UsageError(f"Please say the topic in {MOST_CHARS} characters at most.")
    if negative and len(offer.reader.subscriber.profile.negatives) >= MOST_NEGATIVES:
        raise UsageError(f"You have named {MOST_NEGATIVES} topics you do not want; that is the most there can be.")
    try:
        authors = tuple(offer.authors[int(number) - 1] for number in form.get("author", []) if int(number) > 0)
        share = Share(form.get("share", [Share.SAME.value])[0])
    except (ValueError, IndexError):
        raise UsageError("This form cannot be read.") from None
    if offer.interest is None or (offer.is_only and share is Share.NONE):
        return Refusal(authors, negative)
    return Refusal(authors, negative, offer.interest.text, share)


def _from_json(signed: Mapping[str, Any]) -> Correction:  # Any: JSON
    """A correction as it was signed; another release may have signed it otherwise. Raises UsageError."""
    try:
        return Correction(
            avoided=tuple(signed["avoided"]),
            unfollowed=tuple(signed["unfollowed"]),
            negative=signed["negative"],
            interest=_interest(signed["interest"]),
            position=signed["position"],
            share=Share(signed["share"]),
        )
    except (KeyError, TypeError, ValueError):
        raise UsageError(INVALID) from None


def _interest(signed: Mapping[str, Any] | None) -> Interest | None:  # Any: JSON
    if signed is None:
        return None
    return Interest(signed["text"], signed["weight"], tuple(signed["categories"]), tuple(signed["seeds"]))


def _show(
    request: Request,
    pages: Pages,
    offer: _Offer,
    values: dict[str, Any],  # Any: whatever the template prints
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    shared = {
        "paper": offer.paper,
        "authors": offer.authors,
        "profile": offer.reader.subscriber.profile,
        "interest": offer.interest,
        "may_drop": not offer.is_only,
        "address": masked(offer.reader.subscriber.email),
        "token": offer.reader.token,
        "most_chars": MOST_CHARS,
        "undo": "",
        "correction": Correction(),
    }
    return show_private(request, pages, "never.html", shared | values, status)
