"""Erasing a reader: every row, every file that only they hold, and what was cached for them alone."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import Path

from pipeline.blobs import Blobs
from pipeline.digest import OutboxState
from pipeline.errors import StoreError
from pipeline.ports import Clock
from pipeline.store import Store
from pipeline.store.personal import MailTrace
from pipeline.subscriber import Profile, Subscriber

logger = logging.getLogger(__name__)

# Longer than an SMTP server may be waited for: a mail that was claimed earlier is not being sent any more.
_SENDING = timedelta(minutes=15)
_HEADERS = 64 * 2**10  # bytes of a mail that are read to see whom it is for; its headers are about two thousand
_IN_DOUBT = frozenset({OutboxState.SENDING, OutboxState.HELD})


@dataclass(frozen=True, slots=True)
class Premises:
    """Where things of a reader can lie, and the time."""

    store: Store
    blobs: Blobs
    outbox: Path
    clock: Clock


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased. `unsent` mails were waiting and never went, `in_doubt` may have arrived.

    `is_scrubbed` tells that the database's files hold nothing of it either; else another process still read them.
    """

    email: str
    rows: int
    files: int
    unsent: int
    in_doubt: int
    is_scrubbed: bool


def erase_reader(premises: Premises, email: str, topics_of: Callable[[Profile], Collection[str]]) -> Erasure:
    """Erases a subscriber. Call it only while no run works on this home (the day's lock sees to that).

    `topics_of` tells under which `pair_scores.query_sha256` a profile's topics are cached. What is killed on the way
    is finished by calling it again: no mail goes out any more, and the subscriber's own row is the last thing to go.
    Raises NotFoundError for an unknown address, StoreError where a mail to it is being sent, or where the files cannot
    be removed.
    """
    with premises.store.begin() as work:
        subscriber = work.subscribers.by_email(email)
        mails = work.personal.mails(subscriber.id)
        _refuse_while_sending(mails, subscriber, premises.clock.now())
        unsent = work.personal.stop_mails(subscriber.id)
        needed = work.personal.blobs_of_others(subscriber.id)
    files = _remove(_files(premises, subscriber, mails, needed))
    with premises.store.begin() as work:
        others = [other.profile for other in work.subscribers.everybody() if other.id != subscriber.id]
        rows = work.personal.erase(subscriber.id, {topic for profile in others for topic in topics_of(profile)})
        work.authors.drop_unfollowed()
    in_doubt = sum(mail.state in _IN_DOUBT for mail in mails)
    logger.info("subscriber %d erased: %d rows, %d files", subscriber.id, rows, files)
    return Erasure(subscriber.email, rows, files, unsent, in_doubt, premises.store.scrub())


def _refuse_while_sending(mails: Iterable[MailTrace], subscriber: Subscriber, now: datetime) -> None:
    claimed = [mail.claimed_at for mail in mails if mail.state is OutboxState.SENDING and mail.claimed_at]
    if recent := [moment for moment in claimed if now - moment < _SENDING]:
        raise StoreError(
            f"a mail to {subscriber.email} was taken to be sent at {max(recent):%H:%M} UTC and may still be on its way;"
            f" nothing is erased. Try again after {max(recent) + _SENDING:%H:%M} UTC",
            permanent=False,
        )


def _files(
    premises: Premises, subscriber: Subscriber, mails: Iterable[MailTrace], needed: Collection[str]
) -> Iterator[Path]:
    """Every file that is theirs alone, also those that a killed run left and no row names."""
    known = {sha256 for mail in mails for sha256 in (mail.message_sha256, mail.html_sha256)}
    for path in premises.blobs.files():
        sha256 = path.parent.name + path.name
        if sha256 not in needed and (sha256 in known or _is_remnant(path, subscriber.email)):
            yield path
    for mail in mails:
        located = Path(mail.location)
        if located.suffix == ".eml" and located.is_file():
            yield from (located, located.with_suffix(".html"))
    yield from _in_outbox(premises.outbox, subscriber.email)


def _is_remnant(path: Path, email: str) -> bool:
    """Whether a file that no row names is a mail to them, or the page of a digest, which does not say whose it is."""
    with path.open("rb") as file:
        begin = file.read(_HEADERS)
    return begin.lstrip()[:20].lower().startswith(b"<!doctype html") or _is_to(begin, email)


def _in_outbox(folder: Path, email: str) -> Iterator[Path]:
    # As `mailer.files` makes a name of an address.
    theirs = f"-{re.sub(r'[^a-z0-9.]+', '-', email).strip('-.')[:60]}-"
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name.startswith(".tmp-"):
            is_theirs = _is_remnant(path, email)
        elif path.suffix == ".eml":
            is_theirs = _is_to(path.read_bytes(), email)
        else:  # the page beside a mail, or one whose mail was not written any more
            beside = path.with_suffix(".eml")
            is_theirs = _is_to(beside.read_bytes(), email) if beside.exists() else theirs in path.name
        if is_theirs:
            yield path


def _is_to(message: bytes, email: str) -> bool:
    """Whether a mail, or the beginning of one, is addressed to them."""
    to = BytesHeaderParser(policy=SMTP).parsebytes(message[:_HEADERS])["To"]
    return to is not None and email in {address.addr_spec.lower() for address in to.addresses}


def _remove(paths: Iterable[Path]) -> int:
    """Removes files and tells how many there were."""
    removed = 0
    for path in set(paths):
        try:
            path.unlink()
            removed += 1
        except FileNotFoundError:
            continue  # the page beside a mail may have been taken away by hand
        except OSError as error:
            raise StoreError(f"cannot remove {path}: {error.strerror}; the subscriber is not erased yet") from error
    return removed
