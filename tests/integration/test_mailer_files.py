"""Mail as files."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mailer import open_composer, open_transport
from mailer.files import FileTransport
from mailer.smtp import SmtpTransport
from pipeline.config import MailSettings, WebSettings
from pipeline.errors import ConfigError, MailError
from pipeline.ports import ComposedMail
from tests.fakes.issues import FixedClock, make_issue


def composed(email: str = "ada@example.org") -> ComposedMail:
    return open_composer(MailSettings(), WebSettings(), "s" * 32, FixedClock()).compose(make_issue(email=email))


def never() -> None:
    raise AssertionError("a file may be written again, so nothing is handed over")


def test_a_message_becomes_an_eml_and_the_page_beside_it(tmp_path: Path) -> None:
    mail = composed()

    path = Path(FileTransport(tmp_path / "outbox").send(mail.message, never))

    assert path.parent == tmp_path / "outbox"
    assert path.name.startswith("2026-11-17-ada-example.org-")
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes(), policy=policy.SMTP)["To"] == "ada@example.org"
    assert path.with_suffix(".html").read_text().strip() == mail.html.strip()


def test_sending_again_changes_nothing(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path)
    stored = composed().message.as_bytes(policy=policy.SMTP)

    paths = {transport.send(message_from_bytes(stored, policy=policy.SMTP), never) for _ in range(3)}

    assert len(paths) == 1
    assert len(list(tmp_path.iterdir())) == 2
    assert Path(paths.pop()).read_bytes() == stored


def test_two_subscribers_have_two_files_even_where_their_names_look_alike(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path)
    one, other = composed("a+b@example.org"), composed("a-b@example.org")
    other.message.replace_header("Message-ID", "<other@example.org>")

    assert transport.send(one.message, never) != transport.send(other.message, never)


@pytest.mark.parametrize("email", ["../../etc/passwd@example.org", "a/b\\c:d@example.org", "jörg@example.org"])
def test_an_address_cannot_lead_out_of_the_folder(tmp_path: Path, email: str) -> None:
    path = Path(FileTransport(tmp_path / "outbox").send(composed(email).message, never))

    assert path.resolve().parent == tmp_path / "outbox"
    assert path.name.isascii()


def test_a_message_without_our_day_is_filed_under_its_date(tmp_path: Path) -> None:
    message = composed().message
    del message["X-Autoreader-Day"]

    assert Path(FileTransport(tmp_path).send(message, never)).name.startswith("2026-11-18-")


def test_a_message_without_any_date_is_filed_too(tmp_path: Path) -> None:
    message = composed().message
    for header in ("X-Autoreader-Day", "Date"):
        del message[header]

    assert Path(FileTransport(tmp_path).send(message, never)).name.startswith("undated-")


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")

    with pytest.raises(MailError) as caught:
        FileTransport(tmp_path / "outbox").send(composed().message, never)

    assert not caught.value.permanent


def test_without_a_server_mail_becomes_files_and_with_one_it_leaves(tmp_path: Path) -> None:
    server = MailSettings.model_validate({"smtp_url": "smtp://127.0.0.1:2525"})

    assert isinstance(open_transport(MailSettings(), tmp_path), FileTransport)
    assert isinstance(open_transport(server, tmp_path), SmtpTransport)


def test_a_bad_server_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mail\.smtp_url"):
        open_transport(MailSettings.model_validate({"smtp_url": "imap://x"}), tmp_path)
