"""Send what lies in the outbox, each message once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from pipeline.blobs import Blobs
from pipeline.digest import OutboxEntry, OutboxState
from pipeline.errors import DeliveryUnknownError, MailError, StoreError
from pipeline.ports import MailTransport
from pipeline.stages.context import StageContext
from pipeline.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendReport:
    """How a round of sending ended. `held` messages wait for the owner's word."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a name for the claim, and how often a message is tried."""

    name: str
    max_attempts: int


def send_outbox(context: StageContext, transport: MailTransport, sender: Sender) -> SendReport:
    """Sends every waiting message. Call it only while no other sender runs (the day's lock sees to that).

    A message is claimed before it is sent. One whose sender died before the handover is sent again; one that
    was handed over, with no answer known, is held: sending it again could be sending it twice.
    """
    with context.store.begin() as work:
        work.issues.release_interrupted()
        work.issues.drop_unsubscribed()
        pending = work.issues.in_state([OutboxState.PENDING])
    for done, entry in enumerate(pending):
        context.progress("send", done, len(pending))
        with context.store.begin() as work:
            is_ours = work.issues.claim(entry.id, sender.name, context.clock.now())
        if is_ours:
            _send(context, transport, entry, sender)
    context.progress("send", len(pending), len(pending))
    return _report(context.store, {entry.id for entry in pending})


def _send(context: StageContext, transport: MailTransport, entry: OutboxEntry, sender: Sender) -> None:
    def before_handover() -> None:
        with context.store.begin() as work:
            work.issues.mark_handover(entry.id, context.clock.now())

    try:
        location = transport.send(_message(context.blobs, entry), before_handover)
    except (MailError, StoreError) as error:
        state = _state_after(error, entry.attempts + 1, sender.max_attempts)
        logger.warning("message %s is now %s: %s", entry.message_id, state.value, error)
        with context.store.begin() as work:
            work.issues.finish(entry.id, state, reason=str(error))
        return
    with context.store.begin() as work:
        work.issues.mark_sent(entry.id, location, context.clock.now())


def _message(blobs: Blobs, entry: OutboxEntry) -> EmailMessage:
    return message_from_bytes(blobs.get(entry.message_sha256), policy=policy.SMTP)


def _state_after(error: MailError | StoreError, attempts: int, max_attempts: int) -> OutboxState:
    if isinstance(error, DeliveryUnknownError):
        return OutboxState.HELD
    if error.permanent or attempts >= max_attempts:
        return OutboxState.FAILED
    return OutboxState.PENDING


def _report(store: Store, ids: set[int]) -> SendReport:
    with store.read() as work:
        entries = work.issues.in_state(list(OutboxState))
    count = {
        state: sum(entry.state is state for entry in entries if entry.id in ids or state is OutboxState.HELD)
        for state in OutboxState
    }
    return SendReport(
        sent=count[OutboxState.SENT],
        waiting=count[OutboxState.PENDING],
        failed=count[OutboxState.FAILED],
        held=count[OutboxState.HELD],
    )
