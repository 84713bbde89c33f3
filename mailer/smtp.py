"""Mail through a server, with every failure told apart by what may be done about it."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import weakref
from collections.abc import Callable, Iterator
from email.headerregistry import Address
from email.message import EmailMessage

from mailer.files import VERBATIM
from mailer.smtp_session import Patience, SmtpSession
from mailer.smtp_url import SmtpServer
from pipeline.errors import DeliveryUnknownError, MailError

# Answers that speak of the account, not of the message: mechanism, authentication required, wrong password, encryption.
_OWNERS_CODES = frozenset({530, 534, 535, 538})
_CLOSING = 421


class SmtpTransport:
    """Implements `pipeline.ports.MailTransport` over one connection, opened when needed and again when it broke.

    `permanent` is True only for what the recipient's side refuses for good. What the owner can mend (password,
    certificate, sender's address) is not permanent, or one typing error would cost every subscriber their mail.
    """

    def __init__(
        self, server: SmtpServer, *, tls: ssl.SSLContext | None = None, patience: Patience | None = None
    ) -> None:
        self._server = server
        self._tls = tls or _tls_for(server)
        self._patience = patience or Patience()
        self._open: list[SmtpSession] = []  # none or one; a list, so that the finalizer need not hold the transport
        self._at_end = weakref.finalize(self, _quit, self._open)

    def send(self, message: EmailMessage, before_handover: Callable[[], None]) -> str:
        """Hands one message over and returns the server's answer.

        `before_handover` is called when the server has agreed to take the message and nothing of it is sent.
        Raises MailError, or DeliveryUnknownError where the line broke between the message and the answer.
        """
        sender, recipient = _address(message, "From"), _address(message, "To")
        with self._failures_told(recipient):
            session = self._session()
            content = self._content(session, message, sender + recipient)
            session.address(sender, recipient)
            session.announce()
        with self._hanging_up_on_errors():
            before_handover()
        return self._hand_over(session, content)

    def close(self) -> None:
        """Ends the connection; the next message opens a new one."""
        _quit(self._open)

    def _session(self) -> SmtpSession:
        if self._open and not self._open[0].is_ready():
            self._drop()
        if not self._open:
            self._open.append(SmtpSession.open(self._server, self._tls, self._patience))
        return self._open[0]

    def _content(self, session: SmtpSession, message: EmailMessage, addresses: str) -> bytes:
        if addresses.isascii():
            return message.as_bytes(policy=VERBATIM)
        if not session.takes_utf8:
            raise MailError(f"{self._server.name} takes no addresses with letters outside ASCII", permanent=True)
        return message.as_bytes(policy=VERBATIM.clone(utf8=True, refold_source="all"))

    def _hand_over(self, session: SmtpSession, content: bytes) -> str:
        try:
            code, answer = session.hand_over(content)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise DeliveryUnknownError(
                f"{self._server.name} did not answer after the message was sent: {type(error).__name__}"
            ) from error
        told = f"{code} {self._without_secret(answer)}"
        if code == _CLOSING:
            self._drop()
        match code // 100:
            case 2:
                return f"{self._server.name}: {told}"
            case 4 | 5:
                raise MailError(f"{self._server.name} refused the message: {told}", permanent=_is_permanent(code))
            case _:
                self._drop()
                raise DeliveryUnknownError(f"{self._server.name} answered the message with {told}")

    @contextlib.contextmanager
    def _failures_told(self, recipient: str) -> Iterator[None]:
        """Translates what can go wrong before the message is sent: nothing is lost, nothing was delivered."""
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            raise self._refusal("refused the user or password in mail.smtp_url", error, permanent=False) from None
        except smtplib.SMTPSenderRefused as error:
            raise self._refusal(f"refused the sender {error.sender} (mail.sender)", error, permanent=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[recipient]
            refused = smtplib.SMTPResponseException(code, answer)
            raise self._refusal(f"refused {recipient}", refused, permanent=_is_permanent(code)) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal("wants no message", error, permanent=_is_permanent(error.smtp_code)) from error
        except smtplib.SMTPResponseException as error:
            raise self._refusal("cannot be used", error, permanent=False) from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._drop()
            reason = self._without_secret(str(error)) or type(error).__name__
            raise MailError(f"{self._server.name} cannot be used: {reason}", permanent=False) from error

    def _refusal(self, what: str, error: smtplib.SMTPResponseException, *, permanent: bool) -> MailError:
        if error.smtp_code == _CLOSING:
            self._drop()
        raw = error.smtp_error
        answer = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
        return MailError(
            f"{self._server.name} {what}: {error.smtp_code} {self._without_secret(answer)}", permanent=permanent
        )

    @contextlib.contextmanager
    def _hanging_up_on_errors(self) -> Iterator[None]:
        """Without its final dot a message is not delivered (RFC 5321, 4.1.1.4), so hanging up takes it back."""
        try:
            yield
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        while self._open:
            self._open.pop().close()

    def _without_secret(self, text: str) -> str:
        text = " ".join(text.split())
        return text.replace(self._server.password, "<SECRET>") if self._server.password else text


def _quit(sessions: list[SmtpSession]) -> None:
    while sessions:
        sessions.pop().quit()


def _address(message: EmailMessage, header: str) -> str:
    addresses: tuple[Address, ...] = getattr(message[header], "addresses", ())
    if len(addresses) != 1 or not addresses[0].domain:
        raise MailError(f"the message has no usable {header} address", permanent=True)
    return str(addresses[0].addr_spec)


def _is_permanent(code: int) -> bool:
    return code // 100 == 5 and code not in _OWNERS_CODES  # noqa: PLR2004 - 5yz: RFC 5321, 4.2.1


def _tls_for(server: SmtpServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.is_loopback:  # a mail server of this machine has a certificate of its own making, and no one in between
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
