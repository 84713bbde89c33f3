"""The figures of `autoreader eval search`: one list, one run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flows.evaluation.rows import Row
from flows.evaluation.search_home import OpenedIndex, RememberedQueries, SearchHome
from flows.evaluation.search_known import has_known_items, make_known_items
from flows.evaluation.search_methods import SHIPPED_METHOD, Method, methods
from flows.evaluation.search_scores import mean_and_error, ndcg, recall, reciprocal_rank
from flows.evaluation.search_sets import LabelledQuery, find_sets, load_set
from pipeline.errors import UsageError
from pipeline.ports import Encoder

logger = logging.getLogger(__name__)

_Score = Callable[[Sequence[str], frozenset[str]], float]
_LABELLED: dict[str, _Score] = {
    "nDCG@10": lambda found, relevant: ndcg(found, relevant, 10),
    "recall@10": lambda found, relevant: recall(found, relevant, 10),
    "recall@100": lambda found, relevant: recall(found, relevant, 100),
}
_KNOWN: dict[str, _Score] = {
    "MRR@10": lambda found, relevant: reciprocal_rank(found, relevant, 10),
    "recall@10": lambda found, relevant: recall(found, relevant, 10),
}
_ASKED = ("BM25", "min-max", "no all-words")
_DEPTH = 100  # papers a method is asked for
_SHOWN = 10  # and when it is timed
_TIMED = 200  # queries


@dataclass(frozen=True, slots=True)
class SearchQuality:
    """What to measure: sets below `data`, and known items among `sample` papers of the stream (0: none)."""

    data: Path
    sample: int

    def rows(self, home: SearchHome, encoder: Encoder) -> list[Row]:
        """The rows of all there is. Raises UsageError where there is nothing."""
        folders = find_sets(self.data)
        has_known = self.sample > 0 and has_known_items(self.data)
        if not folders and not has_known:
            raise UsageError(f"nothing to measure in {self.data}: expected corpus.jsonl.gz and queries*.jsonl.gz")
        rows = [row for folder in folders for row in self._labelled(folder, home, encoder)]
        return rows + list(self._known(home, encoder)) if has_known else rows

    def _labelled(self, folder: Path, home: SearchHome, encoder: Encoder) -> Iterator[Row]:
        labelled = load_set(folder)
        opened = home.index(labelled.name, labelled.chunks)
        encoder = RememberedQueries(encoder, [query.text for query in labelled.queries])
        for name, method in methods(opened, encoder).items():
            yield from _measured(labelled.name, name, method, labelled.queries, _LABELLED)

    def _known(self, home: SearchHome, encoder: Encoder) -> Iterator[Row]:
        """Full text beside abstracts alone, by words and as shipped."""
        items = make_known_items(self.data, self.sample)
        logger.info("known items: %d chunks, %d of abstracts", len(items.full_text), len(items.abstracts))
        indexes = {"abstracts": items.abstracts, "full text": items.full_text}
        opened = {name: home.index(f"known {name}", chunks) for name, chunks in indexes.items()}
        asked = RememberedQueries(encoder, [query.text for kind in items.queries.values() for query in kind])
        yield from known_rows(opened, items.queries, asked)


def known_rows(
    opened: Mapping[str, OpenedIndex], queries: Mapping[str, Sequence[LabelledQuery]], encoder: Encoder
) -> Iterator[Row]:
    """Every kind of query asked of every index."""
    for index, one in opened.items():
        every = methods(one, encoder)
        for name in (*_ASKED, SHIPPED_METHOD):
            for kind, asked in queries.items():
                yield from _measured(f"known item, {kind}", f"{name}, {index}", every[name], asked, _KNOWN)


def _measured(
    dataset: str, name: str, method: Method, queries: Sequence[LabelledQuery], scores: Mapping[str, _Score]
) -> Iterator[Row]:
    """One row a score, the first one's standard error, and the median time of a query, its encoding aside."""
    found = [method(query.text, _DEPTH) for query in queries]
    for place, (metric, score) in enumerate(scores.items()):
        values = [score(papers, query.relevant) for papers, query in zip(found, queries, strict=True)]
        mean, error = mean_and_error(values)
        yield Row(dataset, name, metric, mean, len(queries))
        if place == 0:
            yield Row(dataset, name, f"{metric}, standard error", error, len(queries))
    timed = queries[:_TIMED]
    yield Row(
        dataset, name, "ms for 10 papers, median", median(_milliseconds(method, one.text) for one in timed), len(timed)
    )


def _milliseconds(method: Method, query: str) -> float:
    start = time.perf_counter()
    method(query, _SHOWN)
    return 1000 * (time.perf_counter() - start)
