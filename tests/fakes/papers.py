"""Papers, days and PDFs for tests that need some of their own; the typeset ones are in flows/demo."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flows.demo.sample import PdfQuirk, SamplePaper
from pipeline.paper import EventKind, Paper, PaperVersion, SourceName
from tests.fakes.pdf_bytes import PAGE_PT, draw_pages, escape

_MARGIN_PT = 72
_LINE_CHARS = 86  # of 11 pt Helvetica between the margins; long words may stick out, nothing is lost


def make_version(number: int = 1, submitted_at: datetime = datetime(2026, 11, 13, 20, 0, tzinfo=UTC)) -> PaperVersion:
    """A version as arXivRaw describes an ordinary TeX submission."""
    return PaperVersion(number, submitted_at, size_kb=100 + number, source_type="D")


def make_paper(paper_id: str = "2611.00001", **changes: Any) -> Paper:  # Any: the dataclass checks the names
    """A complete one-version cs.IR paper; any field can be given."""
    paper = Paper(
        id=paper_id,
        title=f"A study numbered {paper_id}",
        authors=("Ada Lind", "Bo Okafor"),
        abstract=f"We describe the study numbered {paper_id} and what it found about searching in long texts.",
        categories=("cs.IR",),
        versions=(make_version(),),
        comment="2 pages",
        licence="http://creativecommons.org/licenses/by/4.0/",
    )
    return replace(paper, **changes)


def make_sample(
    paper_id: str = "2611.00001",
    announce: EventKind = EventKind.NEW,
    listed_by: Iterable[SourceName] = SourceName,
    pdf: PdfQuirk = PdfQuirk.PLAIN,
    **changes: Any,  # Any: as in make_paper
) -> SamplePaper:
    """A paper for a day of the loopback arXiv: `SampleDay(date(2026, 11, 17), (make_sample(...), ...))`."""
    return SamplePaper(make_paper(paper_id, **changes), announce, frozenset(listed_by), pdf)


def print_sample(sample: SamplePaper) -> bytes | None:
    """A PDF of title and abstract without a typesetter: what `LoopbackArxiv` may be given to serve."""
    if sample.pdf is PdfQuirk.NONE:
        return None
    return make_pdf([f"# {sample.paper.title}\n{sample.paper.abstract}"])


def make_pdf(text_pages: Sequence[str]) -> bytes:
    """A valid PDF with a text layer, one page per string.

    A line that begins with `# ` is set as a 16 pt bold heading, other lines are wrapped at 11 pt, an empty
    line parts two paragraphs. Characters outside Windows-1252 become `?`. The same text gives the same bytes.
    """
    return draw_pages(["\n".join(_draw(text)).encode("cp1252", errors="replace") for text in text_pages])


def _draw(text: str) -> Iterator[str]:
    top = PAGE_PT[1] - _MARGIN_PT
    for line in text.splitlines():
        font, size, string = ("F2", 16, line[2:]) if line.startswith("# ") else ("F1", 11, line)
        for piece in textwrap.wrap(string, _LINE_CHARS) or [""]:
            yield f"BT /{font} {size} Tf {_MARGIN_PT} {top} Td ({escape(piece)}) Tj ET"
            top -= round(size * 1.3)
