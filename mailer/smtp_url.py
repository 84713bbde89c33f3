"""The mail server a setting names."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline.errors import ConfigError

_EXPECTED = (
    "setting 'mail.smtp_url' is <SECRET>: {}; expected smtp://user:password@host:587 or smtps://user:password@host:465,"
    " with characters such as @ : / # % in user and password written as %40 %3A %2F %23 %25"
)


class Scheme(StrEnum):
    """How the line is protected."""

    SMTP = "smtp"  # plain at first, then STARTTLS where it is offered
    SMTPS = "smtps"  # TLS from the first byte


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and as whom to hand mail over."""

    scheme: Scheme
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """Reads the URL. Raises ConfigError that says what is wrong with it without showing it.

        Without a port: 465 for smtps, 587 where there is a user (RFC 6409), else 25.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ConfigError(_EXPECTED.format("host or port cannot be read")) from None
        if problem := _problem(parts):
            raise ConfigError(_EXPECTED.format(problem))
        scheme, user = Scheme(parts.scheme), unquote(parts.username or "")
        usual = 465 if scheme is Scheme.SMTPS else 587 if user else 25
        return cls(scheme, parts.hostname or "", port or usual, user, unquote(parts.password or ""))

    @property
    def name(self) -> str:
        """Host and port, for texts that anyone may read."""
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether the line never leaves this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


def _problem(parts: SplitResult) -> str:
    if parts.scheme not in set(Scheme):
        return "it does not begin with smtp:// or smtps://"
    if not parts.hostname or any(c.isspace() for c in parts.netloc):
        return "it names no host"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return "there is something after the host and port"
    if bool(parts.username) != bool(parts.password):
        return "user and password come together or not at all"
    return ""
