"""Mail as files: the default transport, a dry run, and an archive in one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

from mailer.letterhead import DAY_HEADER
from mailer.pictures import attached_to, standing_alone
from pipeline.blobs import write_atomically
from pipeline.errors import MailError, StoreError

# A message that was read from bytes is written as it was: Python would fold its long links into encoded words.
VERBATIM = SMTP.clone(refold_source="none")


class FileTransport:
    """Implements `pipeline.ports.MailTransport`: `2026-11-17-ada-example.org-1a2b3c4d.eml` and the .html beside it.

    The same message has the same name, so that sending it again changes nothing; `before_handover` is not called.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, before_handover: Callable[[], None]) -> str:
        """Writes both files and returns the path of the .eml. Raises MailError where the folder cannot be written."""
        del before_handover
        target = self._folder / f"{_stem(message)}.eml"
        part = message.get_body(("html",))
        try:
            if part is not None:
                page = standing_alone(part.get_content().replace("\r\n", "\n"), attached_to(message))
                write_atomically(target.with_suffix(".html"), page.encode())
            write_atomically(target, message.as_bytes(policy=VERBATIM))
        except StoreError as error:
            raise MailError(str(error), permanent=False) from error
        return str(target)


def _stem(message: EmailMessage) -> str:
    """Day, recipient and a hash of the Message-ID, in characters that every file system takes."""
    recipient = re.sub(r"[^a-z0-9.]+", "-", str(message["To"] or "nobody").lower()).strip("-.")[:60] or "nobody"
    identity = hashlib.sha256(str(message["Message-ID"] or message.as_string()).encode()).hexdigest()[:8]
    return f"{_day(message)}-{recipient}-{identity}"


def _day(message: EmailMessage) -> str:
    day = str(message[DAY_HEADER] or "").strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return day
    try:
        moment = parsedate_to_datetime(str(message["Date"] or ""))
    except ValueError:
        return "undated"
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date().isoformat()
