"""Papers, days and PDFs for tests that need some of their own; the typeset ones are in flows/demo."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flows.demo.sample import PdfQuirk, SamplePaper
from pipeline.paper import EventKind, Paper, PaperVersion, SourceName

_PAGE_PT = (612, 792)  # US letter
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
    first = 5  # objects 1 to 4: catalogue, page tree, two fonts; then page and content in turn
    pages = [first + 2 * position for position in range(len(text_pages))]
    kids = " ".join(f"{number} 0 R" for number in pages)
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for number, text in zip(pages, text_pages, strict=True):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE_PT[0]} {_PAGE_PT[1]}] /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        drawing = "\n".join(_draw(text)).encode("cp1252", errors="replace")
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    return _assemble(bodies)


def _draw(text: str) -> Iterator[str]:
    top = _PAGE_PT[1] - _MARGIN_PT
    for line in text.splitlines():
        font, size, string = ("F2", 16, line[2:]) if line.startswith("# ") else ("F1", 11, line)
        for piece in textwrap.wrap(string, _LINE_CHARS) or [""]:
            escaped = piece.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            yield f"BT /{font} {size} Tf {_MARGIN_PT} {top} Td ({escaped}) Tj ET"
            top -= round(size * 1.3)


def _assemble(bodies: Sequence[bytes]) -> bytes:
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table_at = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table_at)
    return bytes(file)
