"""A run's report as JSON, as a table, and as a log line."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.day_pages import DayPages
from flows.home import Home
from flows.searches import ranked_json
from flows.steps import BackfillReport, DayReport, SentDigest
from pipeline.blobs import Blobs
from pipeline.digest import LedgerLine, OutboxEntry
from pipeline.document import NO_USAGE, Engine

logger = logging.getLogger(__name__)


def log_report(report: DayReport) -> None:
    """One line that tells an operator how the day went."""
    logger.info(
        "%s %s: %d papers, %d pages (%s), %d degraded, %d chunks, %d digests, %d sent, %d waiting, %d refused, %d held",
        report.day,
        report.state.value,
        report.papers,
        report.pages.total,
        ", ".join(f"{count} by {engine.value}" for engine, count in report.pages.by_engine.items()) or "none",
        report.pages.degraded,
        report.chunks,
        len(report.digests),
        report.sending.sent,
        report.sending.waiting,
        report.sending.failed,
        report.sending.held,
    )


def report_json(report: DayReport, home: Home, ledger: list[LedgerLine]) -> dict[str, Any]:  # Any: JSON
    """The `--json` document of `run` and `demo`."""
    return {
        "date": report.day.isoformat(),
        "state": report.state.value,
        "reason": report.waits_for or report.reason,
        "papers": report.papers,
        "pages": report.pages.total,
        "reading": reading_json(report.pages, report.ocr_stopped),
        "chunks": report.chunks,
        "digests": [digest_json(digest, home) for digest in report.digests],
        "sending": asdict(report.sending),
        "done": report.done,
        "seconds": report.seconds,
        "home": str(home.root),
        "ledger": [ledger_json(line) for line in ledger],
    }


def day_table(report: DayReport) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The short table a run ends with: columns and rows."""
    seconds = {name: f"{value:.1f} s" for name, value in report.seconds.items()}
    rows: list[tuple[object, ...]] = [
        ("day", f"{report.day} ({report.state.value})"),
        ("papers", report.papers),
        ("pages", report.pages.total),
        *((f"  {name}", text) for name, text in page_rows(report)),
        ("chunks", report.chunks),
        ("digests", len(report.digests)),
        *(((f"  {name}"), value) for name, value in seconds.items()),
    ]
    return ("", ""), rows


def page_rows(report: DayReport) -> list[tuple[str, str]]:
    """How the pages were read, where that was not by their text layer alone."""
    pages = report.pages
    rows = [(engine.value, str(count)) for engine, count in pages.by_engine.items()] if len(pages.by_engine) > 1 else []
    rows += [("waiting", f"{one.pages} for {one.engine.value}: {one.why}") for one in pages.waiting]
    rows += [(f"{engine.value} stopped", why) for engine, why in report.ocr_stopped.items()]
    rows += [("given up", f"{pages.dead}; see: autoreader pages --failed")] if pages.dead else []
    rows += [("degraded", f"{pages.degraded} in all")] if pages.degraded else []
    if pages.usage != NO_USAGE:
        rows.append(("OCR took", f"{pages.usage.cpu_seconds:.0f} CPU s here, {pages.usage.cost_usd:.2f} US dollars"))
    return rows


def reading_json(pages: DayPages, stopped: Mapping[Engine, str]) -> dict[str, Any]:  # Any: JSON
    """How the pages were read, and what OCR took."""
    return {
        "by_engine": {engine.value: count for engine, count in pages.by_engine.items()},
        "degraded": pages.degraded,
        "failed": pages.dead,
        "waiting": [{"engine": one.engine.value, "pages": one.pages, "why": one.why} for one in pages.waiting],
        "stopped": {engine.value: why for engine, why in stopped.items()},
        "cost_usd": round(pages.usage.cost_usd, 6),
        "cpu_seconds": round(pages.usage.cpu_seconds, 3),
        "seconds": round(pages.usage.seconds, 3),
    }


def digest_lines(report: DayReport, home: Home) -> list[str]:
    """Where each digest is, for people."""
    return [
        f"{one.mail.email}: {len(one.items)} papers, {one.mail.state.value}, {digest_paths(one.mail, home)[0]}"
        for one in report.digests
    ]


def digest_json(digest: SentDigest, home: Home) -> dict[str, Any]:  # Any: JSON
    """One digest: to whom, where its files are, and why each paper is in it."""
    mail = digest.mail
    path, html = digest_paths(mail, home)
    return {
        "to": mail.email,
        "path": path,
        "html": html,
        "items": [ranked_json(ranked) for ranked in digest.items],
        "state": mail.state.value,
        "reason": mail.reason,
        "message_id": mail.message_id,
    }


def digest_paths(entry: OutboxEntry, home: Home) -> tuple[str, str]:
    """The .eml and the .html of a digest. A mail that went by SMTP has them among the blobs."""
    eml = Path(entry.location)
    if eml.suffix == ".eml":
        return str(eml), str(eml.with_suffix(".html"))
    blobs = Blobs(home.blobs)
    return str(blobs.path(entry.message_sha256)), str(blobs.path(entry.html_sha256))


def ledger_json(line: LedgerLine) -> dict[str, Any]:  # Any: JSON
    """One category's line."""
    return {
        "date": line.day.isoformat(),
        "category": line.category,
        "listed": line.listed,
        "stored": line.stored,
        "missing": line.missing,
        "reasons": [{"id": reason.paper_id, "reason": reason.text} for reason in line.reasons],
    }


def backfill_json(report: BackfillReport, home: Home, ledgers: list[list[LedgerLine]]) -> dict[str, Any]:  # Any: JSON
    """The `--json` document of `backfill`; a ledger for each day."""
    return {
        "days": [report_json(day, home, lines) for day, lines in zip(report.days, ledgers, strict=True)],
        "seconds": report.seconds,
        "stopped": {engine.value: why for engine, why in report.ocr_stopped.items()},
        "home": str(home.root),
    }
