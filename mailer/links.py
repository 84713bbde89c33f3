"""Signed links for mails: whoever holds one may do what it says, and nothing else; opening one changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from pipeline.errors import UsageError

# A signature made for one purpose is worth nothing for another.
_UNSUBSCRIBE, _TAP = "unsubscribe", "tap"


class Tap(StrEnum):
    """What a link in a digest lets its reader say."""

    MORE = "more"
    LESS = "less"
    SAVE = "save"
    NEVER = "never"  # not these authors, not this topic: a page asks which
    VOLUME = "volume"  # how much they want to read; of no single paper


@dataclass(frozen=True, slots=True)
class TapLink:
    """Who may say what of which paper; `paper_id` is empty where the tap is of no single paper."""

    subscriber_id: int
    tap: Tap
    paper_id: str = ""


def sign_unsubscribe(secret: str, subscriber_id: int) -> str:
    """A token that lets its holder end one subscription. It does not expire: old mails must stay revocable."""
    return str(URLSafeSerializer(secret, salt=_UNSUBSCRIBE).dumps(subscriber_id))


def read_unsubscribe(secret: str, token: str) -> int:
    """The subscriber a token was signed for. Raises UsageError where it was not made with this secret."""
    subscriber_id = _read(secret, _UNSUBSCRIBE, token)
    if type(subscriber_id) is not int:  # True would be an int
        raise UsageError("this unsubscribe link is not valid; take the one in your newest mail")
    return int(subscriber_id)


def unsubscribe_url(base_url: str, secret: str, subscriber_id: int) -> str:
    """The page on which a subscription is ended (GET asks, POST ends)."""
    return f"{base_url.rstrip('/')}/unsubscribe/{sign_unsubscribe(secret, subscriber_id)}"


def sign_tap(secret: str, link: TapLink) -> str:
    """A token for one tap of one reader on one paper. It does not expire, for mails are read late and kept for years.

    It names the reader by number, so a mail that is forwarded gives no address away.
    """
    return str(URLSafeSerializer(secret, salt=_TAP).dumps([link.subscriber_id, link.tap.value, link.paper_id]))


def read_tap(secret: str, token: str) -> TapLink:
    """What a token was signed for. Raises UsageError where it was not made with this secret."""
    match _read(secret, _TAP, token):
        case [int(subscriber_id), str(tap), str(paper_id)] if tap in set(Tap):
            return TapLink(subscriber_id, Tap(tap), paper_id)
        case _:
            raise UsageError("this link is not valid; take the one in your newest mail")


def tap_url(base_url: str, secret: str, link: TapLink) -> str:
    """The page on which a tap is made (GET shows it, POST records it)."""
    page = link.tap.value if link.tap in {Tap.NEVER, Tap.VOLUME} else "tap"
    return f"{base_url.rstrip('/')}/{page}/{sign_tap(secret, link)}"


@dataclass(frozen=True, slots=True)
class TapUrls:
    """All links of one reader's mail; each is empty where there is no web page to lead to."""

    base_url: str
    secret: str = field(repr=False)
    subscriber_id: int

    def of(self, tap: Tap, paper_id: str = "") -> str:
        """The link that lets this reader say something of a paper."""
        if not self.base_url:
            return ""
        return tap_url(self.base_url, self.secret, TapLink(self.subscriber_id, tap, paper_id))


def _read(secret: str, purpose: str, token: str) -> Any:  # Any: whatever was signed
    try:
        return URLSafeSerializer(secret, salt=purpose).loads(token)
    except (BadSignature, UnicodeError):
        return None
