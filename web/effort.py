"""What reading a paper took: who read which page and why, what is not complete, seconds and dollars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.document import Document, Engine, Page, PageStatus
from pipeline.reading import StoredDocument
from web.words import clipped, dollars, duration

_NAMES = {
    Engine.TEXT_LAYER.value: "the text in the PDF",
    Engine.LAYOUT.value: "the text in the PDF, put in order by a layout model",
    Engine.RAPIDOCR.value: "RapidOCR, on the processor",
    Engine.SURYA.value: "Surya, on a GPU",
}


@dataclass(frozen=True, slots=True)
class Share:
    """Pages that one engine read for one reason."""

    engine: str
    pages: str
    why: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Pages of which something is missing, and what."""

    pages: str
    reason: str


@dataclass(frozen=True, slots=True)
class Effort:
    """All of it, in words; `cost` says so where it cost nothing."""

    shares: tuple[Share, ...]
    lacks: tuple[Lack, ...]
    seconds: str
    cost: str


def effort_of(stored: StoredDocument, document: Document) -> Effort:
    """What reading a document took."""
    by_engine: dict[tuple[str, str], list[int]] = {}
    by_reason: dict[str, list[int]] = {}
    for page in document.pages:
        by_engine.setdefault((_name(page), _reason(page)), []).append(page.number)
        if page.status is not PageStatus.OK:
            by_reason.setdefault(page.reason or "not complete", []).append(page.number)
    return Effort(
        tuple(Share(name, in_ranges(pages), clipped(why)) for (name, why), pages in by_engine.items()),
        tuple(Lack(in_ranges(pages), clipped(reason)) for reason, pages in by_reason.items()),
        duration(stored.seconds),
        dollars(stored.cost_usd) if stored.cost_usd else "no cost",
    )


def _name(page: Page) -> str:
    """An engine by its name or its key, `surya/0.22.1/...`."""
    return _NAMES.get(page.engine.partition("/")[0], page.engine)


def _reason(page: Page) -> str:
    """Why this engine, without the figures after the colon, which differ from page to page."""
    return page.route.partition(":")[0].strip()


def in_ranges(numbers: Iterable[int]) -> str:
    """`page 3`, `pages 1–4, 7 and 9`."""  # noqa: RUF002 - an en dash is meant
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [_run(run) for run in runs]
    is_one = len(runs) == 1 and len(runs[0]) == 1
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"page {listed}" if is_one else f"pages {listed}"


def _run(run: Sequence[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"  # noqa: RUF001 - an en dash is meant
