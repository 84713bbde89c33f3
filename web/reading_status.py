"""How much of a paper was read, in a sentence for its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.paper import Paper
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from web.words import clipped, counted

_FAILURES = {Stage.DOWNLOAD: "its PDF could not be fetched", Stage.READ: "its PDF could not be read"}


@dataclass(frozen=True, slots=True)
class ReadingStatus:
    """`is_full`: the newest version's PDF was read to the end, whatever its pages were like."""

    is_full: bool
    text: str


def reading_status(
    paper: Paper, documents: Mapping[PaperKey, StoredDocument], outcomes: Iterable[Outcome]
) -> ReadingStatus:
    """What became of the newest version."""
    key = PaperKey(paper.id, paper.latest_version)
    if (document := documents.get(key)) is not None:
        return ReadingStatus(is_full=True, text=_read(document))
    if paper.is_withdrawn:
        return ReadingStatus(is_full=False, text="Abstract only: the paper was withdrawn.")
    for outcome in outcomes:
        if outcome.key == key and outcome.stage in _FAILURES and outcome.reason:
            return ReadingStatus(is_full=False, text=_failed(outcome))
    return ReadingStatus(is_full=False, text="Abstract only so far: the full text has not been read yet.")


def _read(document: StoredDocument) -> str:
    text = f"Read in full: {counted(document.pages, 'page')}"
    if document.degraded_pages:
        text += f", {document.degraded_pages} of them not completely"
    return text + "."


def _failed(outcome: Outcome) -> str:
    again = " It is tried again on the next run." if outcome.state is OutcomeState.RETRY else ""
    return f"Abstract only: {_FAILURES[outcome.stage]} ({clipped(outcome.reason.rstrip('.'))}).{again}"
