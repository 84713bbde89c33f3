"""The links of a digest, seen from the web: whose they are, whether they still count, and how their pages answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from itsdangerous import BadSignature, URLSafeSerializer

from mailer import Tap, TapLink, read_tap
from pipeline.errors import NotFoundError, UsageError
from pipeline.paper import Paper
from pipeline.store import UnitOfWork
from pipeline.subscriber import Subscriber
from web.pages import Pages

NO_CACHE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
INVALID = "This link is not valid. Please use the one in your newest digest."


@dataclass(frozen=True, slots=True)
class ReaderLink:
    """A link that counts: the token in its address, what it says, and whose it is."""

    token: str
    link: TapLink
    subscriber: Subscriber

    def sign_undo(self, secret: str, what: Any) -> str:  # Any: JSON
        """A token by which the holder of this very link, and of no other, may bring back what stood before."""
        return str(URLSafeSerializer(secret, salt=f"undo {self.token}").dumps(what))

    def read_undo(self, secret: str, undo: str) -> Any:  # Any: JSON
        """What was signed. Raises UsageError for anything that was not."""
        try:
            return URLSafeSerializer(secret, salt=f"undo {self.token}").loads(undo)
        except (BadSignature, UnicodeError):
            raise UsageError(INVALID) from None


def open_link(work: UnitOfWork, secret: str, token: str, taps: Collection[Tap]) -> ReaderLink:
    """The link of a token, where it says one of these taps.

    Raises UsageError where it was not signed for that, and an HTTPException (410) where its reader has left.
    """
    try:
        link = read_tap(secret, token)
    except UsageError:
        raise UsageError(INVALID) from None
    if link.tap not in taps:
        raise UsageError(INVALID)
    try:
        subscriber = work.subscribers.by_id(link.subscriber_id)
    except NotFoundError:
        raise gone("The subscription this link came with was erased, and all that was known of it.") from None
    if not subscriber.is_active:
        told = f"The digest for {masked(subscriber.email)} is stopped, so its links record nothing any more."
        raise gone(f"{told} The owner of this site can turn the mail on again.")
    return ReaderLink(token, link, subscriber)


def paper_of(work: UnitOfWork, reader: ReaderLink) -> Paper:
    """The paper a link is about. Raises an HTTPException (410) where the archive does not hold it any more."""
    paper_id = reader.link.paper_id
    if (paper := work.papers.get([paper_id]).get(paper_id)) is None:
        raise gone(f"The paper {paper_id} is no longer in this archive, so nothing can be learned from it.")
    return paper


def gone(told: str) -> HTTPException:
    """What a link answers that once counted."""
    return HTTPException(HTTPStatus.GONE, told, headers=NO_CACHE)


def show_private(
    request: Request,
    pages: Pages,
    name: str,
    values: dict[str, Any],  # Any: whatever the template prints
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    """A page that no cache and no search engine may keep, for it speaks of one reader."""
    answer = pages.show(request, name, values, status)
    answer.headers.update(NO_CACHE)
    return answer


def masked(email: str) -> str:
    """`a…@example.org`: enough to recognise one's own address, for a digest gets forwarded."""
    return f"{email[:1]}…@{email.rpartition('@')[2]}"
