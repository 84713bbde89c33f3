"""Everything that is stored about a reader, as one document."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any

from flows.belief_texts import beliefs_json
from flows.profiles import view_beliefs
from flows.wiring import Parts
from pipeline.blobs import Blobs
from pipeline.errors import StoreError


def export_reader(parts: Parts, email: str) -> dict[str, Any]:  # Any: JSON
    """What a reader may take away: {exported_at, email, profile, mails, stored}.

    `profile` is what is believed of them in words; `mails` are theirs as they were composed, the message and the page
    that shows it; `stored` is every row that is theirs, by table: each ranking with its reason, each issue and what was
    in it. A mail whose file is gone says so. Raises NotFoundError.
    """
    beliefs = view_beliefs(parts, email)
    with parts.store.read() as work:
        stored = work.personal.rows(beliefs.subscriber.id)
    return {
        "exported_at": parts.clock.now().isoformat(),
        "email": beliefs.subscriber.email,
        "profile": beliefs_json(beliefs),
        "mails": [_mail_json(parts.blobs, row) for row in stored.get("outbox", [])],
        "stored": {table: [_plain(row) for row in rows] for table, rows in stored.items()},
    }


def _mail_json(blobs: Blobs, row: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {
        "message_id": row["message_id"],
        "state": row["state"],
        "sent_at": None if row["sent_at"] is None else row["sent_at"].isoformat(),
        "message": _content(blobs, row["message_sha256"]),
        "page": _content(blobs, row["html_sha256"]),
    }


def _content(blobs: Blobs, sha256: str) -> dict[str, str]:
    """A file's content as text, or in base64 where it is none; or why it cannot be had."""
    where = {"path": str(blobs.path(sha256))}
    try:
        content = blobs.get(sha256)
    except StoreError as error:
        return where | {"missing": str(error)}
    try:
        return where | {"text": content.decode()}
    except UnicodeDecodeError:
        return where | {"base64": base64.b64encode(content).decode("ascii")}


def _plain(row: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()}
