"""The envelope of a digest: who sends it, what identifies it, how one leaves."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any
from urllib.parse import quote

from pipeline.digest import Issue
from pipeline.errors import ConfigError
from pipeline.mathtext import clean

DAY_HEADER = "X-Autoreader-Day"  # the announcement day; `FileTransport` names files by it


class _PlainHeader(BaseHeader):
    """A header whose value is text, kept as it is given."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:  # Any: the registry's own protocol
        """Takes the value as it is."""
        kwds["decoded"] = value
        kwds["parse_tree"] = None


class _SubjectHeader(_PlainHeader):
    """A subject that is read as it was written.

    Python 3.11's own folding begins some with an empty line and doubles the space before an encoded word: 70 of the
    927 titles with other letters than ASCII in two years of cs papers came back changed.
    """

    def fold(self, *, policy: Policy) -> str:
        """The header as it is sent."""
        charset = "us-ascii" if self.isascii() and "=?" not in self else "utf-8"
        value = Header(str(self), charset, maxlinelen=76, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {value}{policy.linesep}"


class _LinkHeader(_PlainHeader):
    """A header that programs read, one line per entry of its list.

    Python would write an address of more than 78 characters as encoded words, and no program would find the link in
    it again. A longer line is allowed (RFC 5322, 2.1.1: 998 characters).
    """

    def fold(self, *, policy: Policy) -> str:
        """The header as it is sent."""
        return f"{self.name}: " + f",{policy.linesep} ".join(str(self).split(", ")) + policy.linesep


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails of an installation share."""

    sender: Address
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, sender: str, secret: str) -> Letterhead:
        """Reads `mail.sender`. Raises ConfigError where it is no address, or where there is no secret."""
        if not secret:
            raise ConfigError("setting 'secret_key' is empty: mails need it to sign their links")
        name, address = _name_and_address(clean(sender))
        local, _, domain = address.rpartition("@")
        try:
            parsed = Address(name, local, domain.encode("idna").decode())
        except (UnicodeError, ValueError):
            local = ""
        if not (local and domain and local.isascii() and " " not in address):
            raise ConfigError(f"setting 'mail.sender' is {sender!r}: expected Name <name@example.org>")
        return cls(parsed, secret)

    def message_id(self, issue: Issue) -> str:
        """The same for the same subscriber and day, and not to be guessed from outside."""
        identity = f"{issue.subscriber_id}/{issue.day.isoformat()}".encode()
        digest = hmac.new(self.secret.encode(), identity, hashlib.sha256).hexdigest()
        return f"<{digest[:32]}@{self.sender.domain}>"

    def write(self, issue: Issue, subject: str, moment: datetime, unsubscribe: str) -> EmailMessage:
        """A message with all its headers and no body. `unsubscribe` is the link's URL, empty where there is none."""
        registry = HeaderRegistry()
        for name, kind in (("Subject", _SubjectHeader), ("List-Unsubscribe", _LinkHeader), ("List-Id", _LinkHeader)):
            registry.map_to_type(name, kind)
        message = EmailMessage(policy=SMTP.clone(header_factory=registry))
        message["From"] = self.sender
        message["To"] = recipient(issue.email)
        message["Subject"] = clean(subject)
        message["Date"] = moment
        message["Message-ID"] = self.message_id(issue)
        message["List-Id"] = f"autoreader <digest.{self.sender.domain}>"
        message["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in (unsubscribe, self.mailto) if link)
        if unsubscribe.startswith("https://"):  # RFC 8058 allows one-click over https alone
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message["Precedence"] = "bulk"
        message[DAY_HEADER] = issue.day.isoformat()
        return message

    @property
    def mailto(self) -> str:
        """A mail to the sender that asks for the end of it."""
        return f"mailto:{quote(self.sender.addr_spec, safe='@')}?subject=unsubscribe"


def _name_and_address(text: str) -> tuple[str, str]:
    """`Name <address>` or the address alone. By hand, because a person's name may hold a comma without quotes."""
    name, bracket, address = text.rpartition("<")
    if not bracket:
        return "", text
    return name.strip().strip('"').strip(), address.removesuffix(">").strip()


def recipient(email: str) -> Address:
    """An address for the To header; an internationalised domain in its ASCII form."""
    local, _, domain = clean(email).rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return Address(username=local, domain=domain)
