"""SMTP over loopback: what is delivered, and what each failure is taken for."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailer.smtp import SmtpTransport
from mailer.smtp_session import Patience
from mailer.smtp_url import SmtpServer
from pipeline.errors import DeliveryUnknownError, MailError
from tests.fakes.mail_server import DROP, Mailbox, accepts, mail_server, scripted_server, self_signed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # on loopback
QUICK = Patience(command_s=5, acceptance_s=0.3)
PASSWORD = "s3cret:p@ss/w#rd"


def message(to: str = "ada@example.org", text: str = "Hello.\n") -> EmailMessage:
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = "autoreader <digest@example.org>"
    made["To"] = to
    made["Subject"] = "3 papers for you"
    made["Message-ID"] = "<1@example.org>"
    made.set_content(text, cte="quoted-printable")
    return made


@contextmanager
def transport_to(port: int, login: str = "") -> Iterator[SmtpTransport]:
    transport = SmtpTransport(SmtpServer.parse(f"smtp://{login}127.0.0.1:{port}"), patience=QUICK)
    yield transport
    transport.close()


def nothing() -> None:
    """For tests that do not look at the handover."""


def failure(port: int, login: str = "", to: str = "ada@example.org") -> tuple[MailError, int]:
    """The error that sending ends with, and how often the handover was announced."""
    handovers: list[bool] = []
    with transport_to(port, login) as transport, pytest.raises(MailError) as caught:
        transport.send(message(to), lambda: handovers.append(True))
    return caught.value, len(handovers)


def test_a_message_arrives_whole_and_the_server_s_answer_is_the_location() -> None:
    mailbox, text = Mailbox(), "Line one.\n.hidden by a dot\n..\n.\nThe end.\n"

    with mail_server(mailbox) as port, transport_to(port) as transport:
        location = transport.send(message(text=text), nothing)

    arrived = message_from_bytes(mailbox.received[0], policy=policy.SMTP)
    assert location == f"127.0.0.1:{port}: 250 2.0.0 queued as 1"
    assert arrived.get_content().replace("\r\n", "\n") == text
    assert mailbox.recipients == [["ada@example.org"]]


def test_the_handover_is_announced_when_the_server_agreed_and_before_anything_is_sent() -> None:
    seen: list[list[str]] = []

    with scripted_server({}) as (port, heard), transport_to(port) as transport:
        transport.send(message(), lambda: seen.append(list(heard)))

    assert [line[:9] for line in seen[0]][-3:] == ["mail FROM", "rcpt TO:<", "DATA"]


def test_a_batch_goes_over_one_connection() -> None:
    mailbox = Mailbox()

    with mail_server(mailbox) as port, transport_to(port) as transport:
        for number in range(5):
            transport.send(message(f"reader{number}@example.org"), nothing)

    assert mailbox.connections == 1
    assert mailbox.recipients == [[f"reader{number}@example.org"] for number in range(5)]


def test_a_refused_message_does_not_end_the_connection() -> None:
    mailbox = Mailbox(answers={"RCPT": "550 5.1.1 no such user"})

    with mail_server(mailbox) as port, transport_to(port) as transport:
        with pytest.raises(MailError):
            transport.send(message("nobody@example.org"), nothing)
        transport.send(message(), nothing)

    assert (mailbox.connections, mailbox.recipients) == (1, [["ada@example.org"]])


def test_a_connection_that_ended_between_two_messages_is_opened_again() -> None:
    with scripted_server({"RSET": DROP}) as (port, heard), transport_to(port) as transport:
        transport.send(message(), nothing)
        transport.send(message(), nothing)

    assert heard.count(".") == 2


def test_user_and_password_are_sent_as_they_were_before_they_were_percent_encoded() -> None:
    mailbox = Mailbox()

    with (
        mail_server(mailbox, **accepts(mailbox, "me@example.org", PASSWORD)) as port,
        transport_to(port, "me%40example.org:s3cret%3Ap%40ss%2Fw%23rd@") as transport,
    ):
        transport.send(message(), nothing)

    assert mailbox.logins == [("me@example.org", PASSWORD)]
    assert len(mailbox.received) == 1


def test_a_wrong_password_is_the_owner_s_to_mend_and_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox = Mailbox()

    with mail_server(mailbox, **accepts(mailbox, "me", "right")) as port:
        error, handovers = failure(port, "me:wr0ng-pass@")

    assert (error.permanent, handovers) == (False, 0)
    assert "refused the user or password in mail.smtp_url: 535" in str(error)
    assert "wr0ng-pass" not in caplog.text + str(error) + repr(error)


def test_a_server_that_wants_a_password_where_none_is_set_is_the_owner_s_to_mend() -> None:
    mailbox = Mailbox()

    with mail_server(mailbox, **accepts(mailbox, "me", "right")) as port:
        error, _ = failure(port)

    assert not error.permanent
    assert "530" in str(error)


def test_the_line_is_encrypted_where_the_server_offers_it(tmp_path: Path) -> None:
    mailbox, (server_tls, client_tls) = Mailbox(), self_signed(tmp_path)

    with mail_server(mailbox, tls_context=server_tls) as port:
        transport = SmtpTransport(SmtpServer.parse(f"smtp://127.0.0.1:{port}"), tls=client_tls, patience=QUICK)
        transport.send(message(), nothing)
        transport.close()

    assert mailbox.was_encrypted == [True]


def test_smtps_is_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    mailbox, (server_tls, client_tls) = Mailbox(), self_signed(tmp_path)

    with mail_server(mailbox, ssl_context=server_tls) as port:
        transport = SmtpTransport(SmtpServer.parse(f"smtps://127.0.0.1:{port}"), tls=client_tls, patience=QUICK)
        transport.send(message(), nothing)
        transport.close()

    assert len(mailbox.received) == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    mailbox, (server_tls, _) = Mailbox(), self_signed(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = self_signed(tmp_path / "other")

    with mail_server(mailbox, tls_context=server_tls) as port:
        transport = SmtpTransport(SmtpServer.parse(f"smtp://127.0.0.1:{port}"), tls=other, patience=QUICK)
        with pytest.raises(MailError, match="certificate verify failed") as caught:
            transport.send(message(), nothing)

    assert (caught.value.permanent, mailbox.received) == (False, [])


@pytest.mark.parametrize(
    "verb, answer, permanent, text",
    [
        ("GREETING", "554 go away", False, "554 go away"),
        ("GREETING", DROP, False, "cannot be used"),
        ("EHLO", DROP, False, "cannot be used"),
        ("MAIL", "451 4.7.1 later", False, "refused the sender digest@example.org (mail.sender): 451 4.7.1 later"),
        ("MAIL", "550 5.7.1 not yours", False, "refused the sender digest@example.org (mail.sender): 550"),
        ("MAIL", DROP, False, "cannot be used"),
        ("RCPT", "451 4.7.1 greylisted", False, "refused ada@example.org: 451 4.7.1 greylisted"),
        ("RCPT", "550 5.1.1 unknown", True, "refused ada@example.org: 550 5.1.1 unknown"),
        ("RCPT", "530 5.7.0 log in first", False, "refused ada@example.org: 530"),
        ("RCPT", "421 closing", False, "refused ada@example.org: 421 closing"),
        ("RCPT", DROP, False, "cannot be used"),
        ("DATA", "452 full", False, "wants no message: 452 full"),
        ("DATA", "554 no", True, "wants no message: 554 no"),
        ("DATA", DROP, False, "cannot be used"),
    ],
)
def test_before_the_handover_every_failure_is_certain(verb: str, answer: str, permanent: bool, text: str) -> None:
    with scripted_server({verb: answer}) as (port, _):
        error, handovers = failure(port)

    assert type(error) is MailError
    assert (error.permanent, handovers) == (permanent, 0)
    assert text in str(error)


@pytest.mark.parametrize(
    "answer, permanent",
    [("451 try later", False), ("421 closing", False), ("550 5.7.1 looks like spam", True), ("552 too big", True)],
)
def test_a_refusal_after_the_handover_is_certain_too(answer: str, permanent: bool) -> None:
    with scripted_server({".": answer}) as (port, _):
        error, handovers = failure(port)

    assert type(error) is MailError
    assert (error.permanent, handovers) == (permanent, 1)
    assert f"refused the message: {answer}" in str(error)


@pytest.mark.parametrize("answer", [DROP, "nonsense", "354 what?"])
def test_without_an_answer_to_the_message_nobody_knows_whether_it_arrived(answer: str) -> None:
    with scripted_server({".": answer}) as (port, _):
        error, handovers = failure(port)

    assert type(error) is DeliveryUnknownError
    assert handovers == 1


def test_a_server_that_never_answers_the_message_leaves_its_fate_unknown() -> None:
    with scripted_server({".": "250-and the rest never comes"}) as (port, _):
        error, _handovers = failure(port)

    assert type(error) is DeliveryUnknownError
    assert "did not answer after the message was sent" in str(error)


def test_after_an_unknown_end_the_next_message_gets_a_connection_of_its_own() -> None:
    with scripted_server({".": DROP}) as (port, heard), transport_to(port) as transport:
        for _ in range(2):
            with pytest.raises(DeliveryUnknownError):
                transport.send(message(), nothing)

    assert sum(line.startswith("ehlo") for line in heard) == 2


def test_a_handover_that_cannot_be_recorded_takes_the_message_back() -> None:
    class DiskFullError(Exception):
        pass

    def fail() -> None:
        raise DiskFullError

    with scripted_server({}) as (port, heard), transport_to(port) as transport, pytest.raises(DiskFullError):
        transport.send(message(), fail)

    assert heard[-1] == "DATA"


def test_a_server_that_is_not_there_is_named_and_asked_again_later() -> None:
    error, handovers = failure(1)

    assert (error.permanent, handovers) == (False, 0)
    assert str(error).startswith("127.0.0.1:1 cannot be used: ")


@pytest.mark.allow_hosts(["0.0.0.0"])  # noqa: S104 - reaches loopback under a name that is not loopback's
def test_a_password_does_not_leave_this_machine_in_the_clear() -> None:
    server = SmtpServer.parse("smtp://me:secret@127.0.0.1:1")
    with scripted_server({}) as (port, heard):
        far = SmtpServer(server.scheme, "0.0.0.0", port, server.user, server.password)  # noqa: S104 - as above
        transport = SmtpTransport(far, patience=QUICK)
        with pytest.raises(MailError, match="offers no STARTTLS") as caught:
            transport.send(message(), nothing)

    assert not caught.value.permanent
    assert not [line for line in heard if line.upper().startswith("AUTH")]


def test_an_address_with_foreign_letters_goes_to_a_server_that_knows_them() -> None:
    mailbox = Mailbox()

    with mail_server(mailbox, enable_SMTPUTF8=True) as port, transport_to(port) as transport:
        transport.send(message("jörg@example.org"), nothing)

    assert mailbox.recipients == [["jörg@example.org"]]
    assert "To: jörg@example.org" in mailbox.received[0].decode()


def test_an_address_with_foreign_letters_cannot_be_reached_through_a_server_that_does_not() -> None:
    with mail_server(Mailbox(), enable_SMTPUTF8=False) as port:
        error, _ = failure(port, to="jörg@example.org")

    assert error.permanent
    assert "no addresses with letters outside ASCII" in str(error)


def test_a_message_without_a_recipient_is_not_sent() -> None:
    error, _ = failure(1, to="undisclosed-recipients:;")

    assert (error.permanent, str(error)) == (True, "the message has no usable To address")


def test_a_transport_that_is_no_longer_needed_says_goodbye() -> None:
    with scripted_server({}) as (port, heard):
        transport = SmtpTransport(SmtpServer.parse(f"smtp://127.0.0.1:{port}"), patience=QUICK)
        transport.send(message(), nothing)
        del transport
        gc.collect()

    assert heard[-1] == "quit"
