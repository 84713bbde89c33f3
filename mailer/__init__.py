"""Mail: an issue becomes a message (`open_composer`), a message leaves (`open_transport`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mailer.links import Tap, TapLink, read_tap, read_unsubscribe, sign_unsubscribe

if TYPE_CHECKING:
    from pipeline.config import MailSettings, WebSettings
    from pipeline.ports import Clock, Composer, MailTransport

__all__ = [
    "Tap",
    "TapLink",
    "open_composer",
    "open_transport",
    "read_tap",
    "read_unsubscribe",
    "sign_unsubscribe",
]


def open_composer(mail: MailSettings, web: WebSettings, secret: str, clock: Clock) -> Composer:
    """The composer for these settings. Raises ConfigError where the sender is no address or the secret is empty."""
    from mailer.composer import DigestComposer
    from mailer.letterhead import Letterhead

    return DigestComposer(Letterhead.parse(mail.sender, secret), _web_address(mail, web), clock)


def _web_address(mail: MailSettings, web: WebSettings) -> str:
    """Where links of a mail lead: the public address; without one, mails that stay on this machine lead to its page."""
    if web.base_url or mail.smtp_url.get_secret_value().strip():
        return web.base_url
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(web.host, web.host)  # noqa: S104 (nothing is bound here)
    return f"http://[{host}]:{web.port}" if ":" in host else f"http://{host}:{web.port}"


def open_transport(mail: MailSettings, outbox: Path) -> MailTransport:
    """SMTP where `mail.smtp_url` names a server, else .eml files in `outbox`. Raises ConfigError for a bad URL."""
    from mailer.files import FileTransport
    from mailer.smtp import SmtpTransport
    from mailer.smtp_url import SmtpServer

    url = mail.smtp_url.get_secret_value().strip()
    return SmtpTransport(SmtpServer.parse(url)) if url else FileTransport(outbox)
