"""One SMTP connection, as the four steps whose failures mean different things."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass

from mailer.smtp_url import Scheme, SmtpServer
from pipeline.errors import MailError


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds. The answer to a whole message may take ten minutes (RFC 5321, 4.5.3.2.6);
    hanging up earlier is how mail arrives twice.
    """

    command_s: float = 60.0
    acceptance_s: float = 600.0


class SmtpSession:
    """An open, authenticated connection. All methods raise smtplib's errors and OSError, untranslated."""

    def __init__(self, line: smtplib.SMTP, patience: Patience) -> None:
        self._line = line
        self._patience = patience

    @classmethod
    def open(cls, server: SmtpServer, tls: ssl.SSLContext, patience: Patience) -> SmtpSession:
        """Connects, protects the line and logs in. Raises MailError where a password would travel in the clear."""
        line: smtplib.SMTP
        match server.scheme:
            case Scheme.SMTPS:
                line = smtplib.SMTP_SSL(server.host, server.port, timeout=patience.command_s, context=tls)
            case Scheme.SMTP:
                line = smtplib.SMTP(server.host, server.port, timeout=patience.command_s)
        try:
            _protect(line, server, tls)
            if server.user:
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        return cls(line, patience)

    def is_ready(self) -> bool:
        """Whether the server still listens; clears whatever an earlier message left behind."""
        try:
            return self._line.rset()[0] == 250  # noqa: PLR2004 - "OK", RFC 5321
        except (smtplib.SMTPException, OSError):
            return False

    @property
    def takes_utf8(self) -> bool:
        """Whether addresses may hold other letters than ASCII (RFC 6531)."""
        self._line.ehlo_or_helo_if_needed()
        return self._line.has_extn("smtputf8")

    def address(self, sender: str, recipient: str) -> None:
        """Names sender and recipient. Raises SMTPSenderRefused or SMTPRecipientsRefused with the server's answer."""
        self._line.ehlo_or_helo_if_needed()
        options = [] if (sender + recipient).isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        code, answer = self._line.mail(sender, options)
        if code != 250:  # noqa: PLR2004 - as above
            raise smtplib.SMTPSenderRefused(code, answer, sender)
        code, answer = self._line.rcpt(recipient)
        if code not in (250, 251):
            raise smtplib.SMTPRecipientsRefused({recipient: (code, answer)})

    def announce(self) -> None:
        """Asks to send a message. Raises SMTPDataError where the server does not want one; nothing is sent yet."""
        code, answer = self._line.docmd("DATA")
        if code != 354:  # noqa: PLR2004 - "start mail input", RFC 5321
            raise smtplib.SMTPDataError(code, answer)

    def hand_over(self, content: bytes) -> tuple[int, str]:
        """Sends the message and returns the server's answer."""
        body = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
        body = re.sub(rb"(?m)^\.", b"..", body)  # RFC 5321, 4.5.2
        self._line.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        self._line.send(b".\r\n")
        if self._line.sock is not None:
            self._line.sock.settimeout(self._patience.acceptance_s)
        code, answer = self._line.getreply()
        if self._line.sock is not None:
            self._line.sock.settimeout(self._patience.command_s)
        return code, answer.decode(errors="replace")

    def close(self) -> None:
        """Hangs up at once."""
        self._line.close()

    def quit(self) -> None:
        """Says goodbye and hangs up, whether the server hears it or not."""
        try:
            self._line.quit()
        except (smtplib.SMTPException, OSError):
            self._line.close()


def _protect(line: smtplib.SMTP, server: SmtpServer, tls: ssl.SSLContext) -> None:
    line.ehlo_or_helo_if_needed()
    if server.scheme is Scheme.SMTPS:
        return
    if line.has_extn("starttls"):
        line.starttls(context=tls)
        line.ehlo()
    elif server.user and not server.is_loopback:
        raise MailError(
            f"{server.name} offers no STARTTLS and the password is not sent in the clear; "
            "use smtps:// in mail.smtp_url if the server has it",
            permanent=False,
        )
