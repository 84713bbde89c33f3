"""How fast PDFs are read: pages per processor second of this reader and its peers, in turns in one run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.evaluation.peers import Peers, Reader, Reading, read_with, readers_at_hand
from flows.evaluation.rows import Row
from pipeline.errors import UsageError
from pipeline.stages import Progress

_SETS = ("arxiv_tex", "jose", "juliacon")
_DATASET = "speed"


def measure_speed(data: Path, peers: Peers, rounds: int, most_papers: int, progress: Progress) -> list[Row]:
    """Medians over rounds, in each of which every reader reads the same papers in a fresh process.

    Only reading counts, not the start of the process; of this reader it is the whole read with blocks, sections,
    figures and references, of the others the text alone. `pages per CPU-second / docling-parse's` is the ratio of both
    within a round: machines are noisy, ratios within a round are not. Raises UsageError where there are no papers.
    """
    pdfs = sample_papers(data, most_papers)
    readers = readers_at_hand(peers)
    rates: dict[Reader, list[float]] = {reader: [] for reader in readers}
    pages = 0
    for number in range(rounds):
        for place, reader in enumerate(readers):
            readings = list(read_with(reader, pdfs, peers))
            pages = sum(len(one.pages) for one in readings)
            rates[reader].append(_rate(readings))
            progress("bench", number * len(readers) + place + 1, rounds * len(readers))
    return list(_rows(rates, pages))


def sample_papers(data: Path, most: int) -> list[Path]:
    """At most so many papers, evenly taken from all sets. Raises UsageError where there is none."""
    pdfs = [pdf for name in _SETS for pdf in sorted((data / "pdf" / name).glob("*.pdf"))]
    if not pdfs:
        raise UsageError(f"no papers in {data / 'pdf'}: expected {', '.join(_SETS)} with PDFs in them")
    step = max(1.0, len(pdfs) / most)
    return [pdfs[int(place * step)] for place in range(min(most, len(pdfs)))]


def _rate(readings: Sequence[Reading]) -> float:
    return sum(len(one.pages) for one in readings) / max(1e-6, sum(one.cpu_s for one in readings))


def _rows(rates: dict[Reader, list[float]], pages: int) -> Iterator[Row]:
    for reader, ours in rates.items():
        yield Row(_DATASET, reader.value, "pages per CPU-second", statistics.median(ours), pages)
    if Reader.DOCLING in rates:
        ratios = [ours / theirs for ours, theirs in zip(rates[Reader.AUTOREADER], rates[Reader.DOCLING], strict=True)]
        yield Row(_DATASET, Reader.AUTOREADER.value, "times docling-parse", statistics.median(ratios), pages)
