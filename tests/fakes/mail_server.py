"""Loopback mail servers: a real one that records (aiosmtpd), and one that follows a script to the letter."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DROP = ""  # in a script: hang up instead of answering


@dataclass(slots=True)
class Mailbox:
    """What a recording server took in, and how it is to answer."""

    answers: dict[str, str] = field(default_factory=dict)  # verb -> answer, given once and then forgotten
    received: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    connections: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)

    async def handle_EHLO(self, server: Any, session: Any, _e: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802 - aiosmtpd's names; Any: it ships no types
        self.connections += not session.host_name
        session.host_name = hostname
        del server
        return responses

    async def handle_MAIL(self, _s: Any, _n: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - as above
        envelope.mail_from, envelope.mail_options = address, options
        return self.answers.pop("MAIL", "250 OK")

    async def handle_RCPT(self, _s: Any, _n: Any, envelope: Any, address: str, _o: list[str]) -> str:  # noqa: N802 - as above
        answer = self.answers.pop("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        answer = self.answers.pop("DATA", "250 2.0.0 queued as 1")
        if answer.startswith("250"):
            self.received.append(envelope.content)
            self.recipients.append(envelope.rcpt_tos)
            self.was_encrypted.append(session.ssl is not None)
        return answer


@contextlib.contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:  # Any: handed on to aiosmtpd
    """A recording server on 127.0.0.1; yields its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def accepts(mailbox: Mailbox, user: str, password: str) -> dict[str, Any]:  # Any: options of aiosmtpd
    """Options of a server that knows one user and asks for their password, on a plain line too."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        mailbox.logins.append(given)
        return AuthResult(success=given == (user, password), handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}


@contextlib.contextmanager
def scripted_server(script: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    """A server that answers each verb as told; yields its port and the lines it hears.

    Verbs without an entry are accepted. `.` is the end of a message, `GREETING` the moment of connection, and
    the answer DROP hangs up.
    """
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, script, heard), daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(listener: socket.socket, script: Mapping[str, str], heard: list[str]) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        with line, line.makefile("rwb") as talk, contextlib.suppress(OSError):
            _converse(talk, script, heard)


def _converse(talk: Any, script: Mapping[str, str], heard: list[str]) -> None:  # Any: socket.makefile has no short type
    usual = {"GREETING": "220 ready", "EHLO": "250 scripted", "DATA": "354 go on", "QUIT": "221 bye"}
    verb, in_message = "GREETING", False
    while True:
        if not in_message:
            answer = script.get(verb, usual.get(verb, "250 OK"))
            if answer == DROP:
                return
            talk.write(answer.encode() + b"\r\n")
            talk.flush()
            in_message = verb == "DATA" and answer.startswith("354")
        raw = talk.readline()
        if not raw:
            return
        text = raw.decode().rstrip("\r\n")
        heard.append(text)
        in_message = in_message and text != "."
        verb = "." if text == "." else text.partition(" ")[0].upper()


def self_signed(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context with a fresh certificate for 127.0.0.1, and a client's that trusts just that one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
