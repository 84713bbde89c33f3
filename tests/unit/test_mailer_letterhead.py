"""The headers of a digest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailer.files import VERBATIM
from mailer.letterhead import Letterhead
from pipeline.errors import ConfigError
from tests.fakes.issues import make_issue

SECRET = "a" * 32
MOMENT = datetime(2026, 11, 18, 3, 45, tzinfo=UTC)
LONG_LINK = f"https://papers.example.org/{'deep/' * 20}unsubscribe/Nw.abc"


def written(subject: str = "Hello", link: str = "", sender: str = "autoreader <digest@example.org>") -> EmailMessage:
    return Letterhead.parse(sender, SECRET).write(make_issue(), subject, MOMENT, link)


def test_a_mail_says_what_it_is() -> None:
    headers = dict(written(link="https://papers.example.org/unsubscribe/t").items())

    del headers["Message-ID"]
    assert headers == {
        "From": "autoreader <digest@example.org>",
        "To": "ada@example.org",
        "Subject": "Hello",
        "Date": "Wed, 18 Nov 2026 03:45:00 +0000",
        "List-Id": "autoreader <digest.example.org>",
        "List-Unsubscribe": (
            "<https://papers.example.org/unsubscribe/t>, <mailto:digest@example.org?subject=unsubscribe>"
        ),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Autoreader-Day": "2026-11-17",
    }


def test_without_a_web_page_one_leaves_by_mail() -> None:
    message = written()

    assert message["List-Unsubscribe"] == "<mailto:digest@example.org?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None


def test_one_click_is_promised_over_https_alone() -> None:
    message = written(link="http://127.0.0.1:8421/unsubscribe/t")

    assert message["List-Unsubscribe"].startswith("<http://127.0.0.1:8421/unsubscribe/t>, ")
    assert message["List-Unsubscribe-Post"] is None


def test_a_long_link_is_written_so_that_programs_find_it() -> None:
    message = written(link=LONG_LINK)
    message.set_content("Hello")

    stored = message.as_bytes(policy=policy.SMTP)
    sent = message_from_bytes(stored, policy=policy.SMTP).as_bytes(policy=VERBATIM)

    assert f"\r\nList-Unsubscribe: <{LONG_LINK}>,\r\n <mailto:digest@example.org?".encode() in stored
    assert sent == stored


def test_the_same_issue_has_the_same_message_id() -> None:
    head = Letterhead.parse("autoreader <digest@example.org>", SECRET)

    assert head.message_id(make_issue()) == head.message_id(make_issue(considered=1))
    assert head.message_id(make_issue()) == "<4380eb583ba775ccc7018fe815fc8d21@example.org>"


def test_another_subscriber_day_or_secret_gives_another_message_id() -> None:
    head = Letterhead.parse("digest@example.org", SECRET)
    other = Letterhead.parse("digest@example.org", "b" * 32)

    ids = {
        head.message_id(make_issue()),
        head.message_id(make_issue(subscriber_id=8)),
        head.message_id(make_issue(day=date(2026, 11, 18))),
        other.message_id(make_issue()),
    }
    assert len(ids) == 4


@pytest.mark.parametrize("end_of_line", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_a_subject_cannot_bring_a_header_of_its_own(end_of_line: str) -> None:
    message = written(f"One{end_of_line}Bcc: eve@example.org")

    assert message["Subject"] == "One Bcc: eve@example.org"
    assert message["Bcc"] is None
    assert b"\nBcc" not in message.as_bytes()


def test_an_address_cannot_bring_a_header_of_its_own() -> None:
    issue = make_issue(email="ada@example.org\r\nBcc: eve@example.org")

    message = Letterhead.parse("digest@example.org", SECRET).write(issue, "Hello", MOMENT, "")

    assert message["Bcc"] is None
    assert b"\nBcc" not in message.as_bytes()


def test_names_and_subjects_in_other_letters_survive_the_journey() -> None:
    message = written("Théorie des ∞-catégories \U0001d4aa(n) " * 4, sender="Jörg, der Leser <digest@example.org>")
    message.set_content("Hello")

    raw = message.as_bytes()
    arrived = message_from_bytes(raw, policy=policy.SMTP)

    assert raw.isascii()
    assert arrived["From"].addresses[0].display_name == "Jörg, der Leser"
    assert arrived["Subject"] == ("Théorie des ∞-catégories \U0001d4aa(n) " * 4).strip()


@pytest.mark.parametrize(
    "subject",
    [
        "FORM: Learning Expressive and Transferable First-Order Logic Reward Machines",
        "YAD: Leveraging T5 for Improved Automatic Diacritization of Yorùbá Text",
        "3 papers for you, Tue 17 Nov: " + "unbreakable" * 9,
        "=?utf-8?q?not_an_encoded_word?=",
    ],
)
def test_a_subject_of_any_length_is_read_as_it_was_written(subject: str) -> None:
    message = written(subject)

    raw = message.as_bytes(policy=policy.SMTP)

    assert message_from_bytes(raw, policy=policy.SMTP)["Subject"] == subject
    assert b"Subject:\r\n" not in raw


def test_an_international_domain_is_written_in_its_ascii_form() -> None:
    message = Letterhead.parse("digest@bücher.example", SECRET).write(
        make_issue(email="ada@bücher.example"), "Hello", MOMENT, ""
    )

    assert (message["From"], message["To"]) == ("digest@xn--bcher-kva.example", "ada@xn--bcher-kva.example")
    assert str(message["Message-ID"]).endswith("@xn--bcher-kva.example>")


@pytest.mark.parametrize(
    "sender",
    ["", "autoreader", "a@", "@b", "Name <>", "jörg@example.org", "a@b..c", "a b <c d@e>", "a@b, c@d", "<a@b> c"],
)
def test_a_sender_that_is_no_address_is_named_with_the_expected_form(sender: str) -> None:
    with pytest.raises(ConfigError, match=r"setting 'mail.sender' is .*expected Name <name@example.org>"):
        Letterhead.parse(sender, SECRET)


def test_without_a_secret_nothing_is_signed() -> None:
    with pytest.raises(ConfigError, match="setting 'secret_key' is empty"):
        Letterhead.parse("digest@example.org", "")


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Letterhead.parse("digest@example.org", SECRET))
