"""Signed links for mails: whoever holds one may do what it says, and nothing else; opening one changes nothing."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from pipeline.errors import UsageError

_SALT = "unsubscribe"  # a signature made for one purpose is worth nothing for another


def sign_unsubscribe(secret: str, subscriber_id: int) -> str:
    """A token that lets its holder end one subscription. It does not expire: old mails must stay revocable."""
    return str(URLSafeSerializer(secret, salt=_SALT).dumps(subscriber_id))


def read_unsubscribe(secret: str, token: str) -> int:
    """The subscriber a token was signed for. Raises UsageError where it was not made with this secret."""
    try:
        subscriber_id = URLSafeSerializer(secret, salt=_SALT).loads(token)
    except (BadSignature, UnicodeError):
        subscriber_id = None
    if type(subscriber_id) is not int:  # True would be an int
        raise UsageError("this unsubscribe link is not valid; take the one in your newest mail")
    return int(subscriber_id)


def unsubscribe_url(base_url: str, secret: str, subscriber_id: int) -> str:
    """The page on which a subscription is ended (GET asks, POST ends)."""
    return f"{base_url.rstrip('/')}/unsubscribe/{sign_unsubscribe(secret, subscriber_id)}"
