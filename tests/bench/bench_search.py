"""How good and how fast search is on labelled queries: `python -m tests.bench.bench_search DATA [HOME]`.

DATA holds corpus.jsonl.gz (`_id, title, text` or `abstract`) and queries*.jsonl.gz (`text` or `title`, `qrels`).
HOME keeps the index between runs. One JSON line per method on stdout: nDCG@10, recall@10 and @100, ms a query.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any  # of a line of JSON

import numpy as np

from index import SearchService, open_builder, open_encoder, open_search, open_shards
from index.generation import Generation, GenerationFolder
from index.lexical import Among
from index.terms import query_words
from pipeline.config import IndexSettings
from pipeline.document import Chunk
from pipeline.ports import Encoder, IndexedChunk

logger = logging.getLogger(__name__)
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the ids of its relevant papers."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One method's result; `ms` is the median of a query, `ms_p99` the slowest in a hundred."""

    method: str
    n: int
    ndcg_10: float
    recall_10: float
    recall_100: float
    ms: float
    ms_p99: float


def main(data: Path, home: Path) -> list[Row]:
    """Embeds and indexes the corpus where HOME does not hold it yet, then runs every query by every method."""
    encoder = open_encoder(IndexSettings(), "bench/abstracts")
    papers = list(_lines(data / "corpus.jsonl.gz"))
    queries = [
        Query(line.get("text") or line["title"], frozenset(str(paper) for paper in line["qrels"]))
        for path in sorted(data.glob("queries*.jsonl.gz"))
        for line in _lines(path)
    ]
    _index(home, encoder, papers)
    search = open_search(home / "index", encoder)
    live = GenerationFolder(home / "index").live()
    if live is None:
        raise RuntimeError("the index was built but is not live")
    methods = _methods(search, Generation.open(live), encoder)
    return [_measure(name, method, queries) for name, method in methods.items()]


def _index(home: Path, encoder: Encoder, papers: Sequence[dict[str, Any]]) -> None:
    chunks = [_chunk(number, paper) for number, paper in enumerate(papers, start=1)]
    builder, fingerprint = open_builder(home / "index", home / "vectors"), str(len(chunks))
    if GenerationFolder(home / "index").live() is not None:
        return
    start = time.perf_counter()
    vectors = encoder.encode_passages([f"{chunk.title}. {chunk.chunk.text}" for chunk in chunks])
    logger.info("embedded %.1f texts a second", len(chunks) / (time.perf_counter() - start))
    shard = open_shards(home / "vectors").write(encoder.contract, [chunk.chunk.id for chunk in chunks], vectors)
    start = time.perf_counter()
    builder.build(encoder.contract, [shard], chunks, fingerprint)
    logger.info("indexed in %.2f s", time.perf_counter() - start)


def _chunk(number: int, paper: dict[str, Any]) -> IndexedChunk:
    chunk = Chunk(paper["_id"], 1, 0, "Abstract", 0, paper.get("text") or paper.get("abstract") or "", id=number)
    return IndexedChunk(chunk, paper["title"], (), (), date(2026, 1, 1))


def _methods(
    search: SearchService, generation: Generation, encoder: Encoder
) -> dict[str, Callable[[str], Sequence[str]]]:
    columns = generation.columns

    def dense(query: str) -> list[str]:
        rows, _ = generation.dense.search(encoder.encode_queries([query])[0], _DEPTH)
        return [str(columns.paper_ids[columns.papers[row]]) for row in rows]

    def lexical(query: str) -> list[str]:
        ids, _ = generation.lexical.search(list(query_words(query)), _DEPTH, Among())
        return [str(columns.paper_ids[columns.papers[row]]) for row in columns.rows_of(ids)]

    def hybrid(query: str) -> list[str]:
        return [hit.paper_id for hit in search.search(query, _DEPTH).hits]

    return {
        "dense": dense,
        "lexical": lexical,
        "hybrid": hybrid,
        "hybrid, 10 hits": lambda query: [hit.paper_id for hit in search.search(query, 10).hits],
    }


def _measure(name: str, method: Callable[[str], Sequence[str]], queries: Sequence[Query]) -> Row:
    milliseconds, found = [], []
    for query in queries:
        start = time.perf_counter()
        found.append(method(query.text))
        milliseconds.append(1000 * (time.perf_counter() - start))
    pairs = list(zip(found, queries, strict=True))
    return Row(
        method=name,
        n=len(queries),
        ndcg_10=round(float(np.mean([ndcg(ids, query.relevant, 10) for ids, query in pairs])), 4),
        recall_10=round(float(np.mean([recall(ids, query.relevant, 10) for ids, query in pairs])), 4),
        recall_100=round(float(np.mean([recall(ids, query.relevant, 100) for ids, query in pairs])), 4),
        ms=round(float(np.median(milliseconds)), 2),
        ms_p99=round(float(np.percentile(milliseconds, 99)), 2),
    )


def ndcg(ids: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Jaervelin and Kekaelaeinen 2002)."""
    gains = [1.0 if paper in relevant else 0.0 for paper in ids[:depth]]
    ideal = sum(1 / np.log2(place + 2) for place in range(min(len(relevant), depth)))
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)) / ideal) if ideal else 0.0


def recall(ids: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """The share of the relevant papers among the first `depth`."""
    return len(relevant.intersection(ids[:depth])) / len(relevant) if relevant else 0.0


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        for row in main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else scratch)):
            sys.stdout.write(json.dumps(asdict(row)) + "\n")
