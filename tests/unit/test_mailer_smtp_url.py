"""The setting that names a mail server."""

from __future__ import annotations

import pytest

from mailer.smtp_url import Scheme, SmtpServer
from pipeline.errors import ConfigError


@pytest.mark.parametrize(
    "url, server",
    [
        ("smtp://mail.example.org", SmtpServer(Scheme.SMTP, "mail.example.org", 25)),
        ("smtp://me:pw@mail.example.org/", SmtpServer(Scheme.SMTP, "mail.example.org", 587, "me", "pw")),
        ("smtps://me:pw@mail.example.org", SmtpServer(Scheme.SMTPS, "mail.example.org", 465, "me", "pw")),
        ("SMTP://[::1]:1025", SmtpServer(Scheme.SMTP, "::1", 1025)),
        (
            "smtp://me%40example.org:p%40s%3As%2Fw%23%25@mail.example.org:2525",
            SmtpServer(Scheme.SMTP, "mail.example.org", 2525, "me@example.org", "p@s:s/w#%"),
        ),
    ],
)
def test_a_url_names_server_user_and_password(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize(
    "url, problem",
    [
        ("http://me:hunter2@mail.example.org", "it does not begin with smtp:// or smtps://"),
        ("mail.example.org:587", "it does not begin with smtp:// or smtps://"),
        ("smtp://", "it names no host"),
        ("smtp://me:hunter2@", "it names no host"),
        ("smtp://me:hunter2@mail.example.org:port", "host or port cannot be read"),
        ("smtp://me:hunter2@mail.example.org:70000", "host or port cannot be read"),
        ("smtp://me:hunt#er2@mail.example.org", "host or port cannot be read"),
        ("smtp://me:hunter2@mail.example.org/inbox", "there is something after the host and port"),
        ("smtp://mail.example.org?starttls=no", "there is something after the host and port"),
        ("smtp://me@mail.example.org", "user and password come together or not at all"),
        ("smtp://:hunter2@mail.example.org", "user and password come together or not at all"),
    ],
)
def test_a_url_that_names_no_server_is_refused_without_being_shown(url: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SmtpServer.parse(url)

    text = str(caught.value)
    assert text.startswith(f"setting 'mail.smtp_url' is <SECRET>: {problem}; expected smtp://user:password@host:587")
    assert "hunt" not in text


@pytest.mark.parametrize(
    "host, is_loopback",
    [("127.0.0.1", True), ("[::1]", True), ("localhost", True), ("mail.localhost", True), ("mail.example.org", False)],
)
def test_loopback_is_known_by_name_and_number(host: str, is_loopback: bool) -> None:
    assert SmtpServer.parse(f"smtp://{host}").is_loopback is is_loopback


def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(SmtpServer.parse("smtp://me:hunter2@mail.example.org"))
