"""Text as this reader and its peers read it, beside what the papers say: recall, precision, order.

Of this reader's blocks those count that search sees: no headers, no footers, no lettering in drawings. Prose that it
takes for one of them costs it recall.
"""

from __future__ import annotations

import logging
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.evaluation.columns import two_column_pages
from flows.evaluation.page_tests import load_page_tests
from flows.evaluation.peers import Peers, Reader, Reading, read_with, readers_at_hand
from flows.evaluation.rows import Row
from flows.evaluation.truth import Truth, find_truth
from flows.evaluation.words import order, precision, recall, run_recall, similarity, words_of

logger = logging.getLogger(__name__)

_SETS_WITH_TRUTH = ("jose", "arxiv_tex")
_WITH_LOWEST = frozenset({"recall", "order"})
_RIVAL = Reader.PDFTOTEXT  # on no paper may less be found than it finds
_FEWEST_CHARACTERS = 200  # of a page that has a text layer


@dataclass(frozen=True, slots=True)
class Score:
    """What a reader reached on one paper or page."""

    item: str
    reader: Reader
    metric: str
    value: float


def evaluate_text(data: Path, peers: Peers) -> list[Row]:
    """The rows of all sets under `data`; what is absent there, and which peers are, is said in the log."""
    readers = readers_at_hand(peers)
    rows: list[Row] = []
    for name, score in _SETS.items():
        folder = data / "pdf" / name
        if not folder.is_dir():
            logger.warning("%s: not there, left out", folder)
            continue
        scores = list(score(folder, readers, peers))
        rows += _medians(name, scores)
    return rows


def score_papers(folder: Path, readers: Sequence[Reader], peers: Peers) -> Iterator[Score]:
    """Every reader on every paper with a truth beside it."""
    truths: dict[Path, Truth] = {}
    for pdf in sorted(folder.glob("*.pdf")):
        if (truth := find_truth(pdf)) is not None:
            truths[pdf] = truth
        else:
            logger.warning("%s: no text of its source beside it, left out", pdf.name)
    for reader in readers:
        for reading in _readings(reader, list(truths), peers):
            truth, found = truths[reading.pdf], words_of("\n".join(reading.pages))
            yield Score(reading.pdf.stem, reader, "recall", recall(truth.body, found))
            yield Score(reading.pdf.stem, reader, "precision", precision(truth.all, found))
            yield Score(reading.pdf.stem, reader, "order", order(truth.running, found))


def score_columns(folder: Path, readers: Sequence[Reader], peers: Peers) -> Iterator[Score]:
    """Every reader on every page that is in two columns and nothing else; see `columns`."""
    gold = {
        (pdf, number): expected for pdf in sorted(folder.glob("*.pdf")) for number, expected in two_column_pages(pdf)
    }
    pdfs = sorted({pdf for pdf, _ in gold})
    for reader in readers:
        pages = _pages(reader, pdfs, peers)
        for (pdf, number), expected in gold.items():
            item, found = f"{pdf.stem} p. {number}", words_of(pages.get((pdf, number), ""))
            yield Score(item, reader, "recall", recall(expected, found))
            yield Score(item, reader, "precision", precision(expected, found))
            yield Score(item, reader, "order", similarity(expected, found))
            yield Score(item, reader, "order of three", run_recall(expected, found))


def score_page_tests(folder: Path, readers: Sequence[Reader], peers: Peers) -> Iterator[Score]:
    """Every reader on the tests of pages that have a text layer; 1 for a test that holds."""
    tests = load_page_tests(folder)
    pdfs = sorted({test.pdf for test in tests if test.pdf.is_file()})
    layers = _pages(Reader.PYPDFIUM2, pdfs, peers)
    fit = [test for test in tests if len(layers.get((test.pdf, test.page), "")) >= _FEWEST_CHARACTERS]
    for reader in readers:
        pages = _pages(reader, pdfs, peers)
        for number, test in enumerate(fit):
            holds = test.holds(pages.get((test.pdf, test.page), ""))
            yield Score(f"{test.pdf.name} {number}", reader, test.kind, float(holds))


_SETS: dict[str, Callable[[Path, Sequence[Reader], Peers], Iterator[Score]]] = {
    **dict.fromkeys(_SETS_WITH_TRUTH, score_papers),
    "juliacon": score_columns,
    "page_tests": score_page_tests,
}


def _readings(reader: Reader, pdfs: Sequence[Path], peers: Peers) -> Iterator[Reading]:
    for reading in read_with(reader, pdfs, peers):
        if reading.error:
            logger.warning("%s could not read %s: %s", reader, reading.pdf.name, reading.error)
        yield reading


def _pages(reader: Reader, pdfs: Sequence[Path], peers: Peers) -> dict[tuple[Path, int], str]:
    """The texts of pages by file and number from 1."""
    readings = _readings(reader, pdfs, peers)
    return {(one.pdf, number): page for one in readings for number, page in enumerate(one.pages, start=1)}


def _medians(dataset: str, scores: Sequence[Score]) -> Iterator[Row]:
    """A row for each metric and reader: the median over papers and pages, the share of tests."""
    values: defaultdict[tuple[str, Reader], dict[str, float]] = defaultdict(dict)
    for score in scores:
        values[score.metric, score.reader][score.item] = score.value
    for (metric, reader), by_item in values.items():
        middle = statistics.mean if dataset == "page_tests" else statistics.median
        yield Row(dataset, reader.value, metric, middle(by_item.values()), len(by_item))
        if metric in _WITH_LOWEST and dataset != "page_tests":
            yield Row(dataset, reader.value, f"{metric}, lowest", min(by_item.values()), len(by_item))
        if metric == "recall":
            rival = values.get((metric, _RIVAL), {})
            if rival and reader is Reader.AUTOREADER:
                below = sum(value < rival[item] for item, value in by_item.items())
                yield Row(dataset, reader.value, f"recall below {_RIVAL}", below, len(by_item))
