"""All of it in one run: vectors and conditions, whole searches, other stores, a GPU, and growth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from flows.evaluation.index_bench import growth
from flows.evaluation.index_bench.archive import A_DAY, DrawnVectors
from flows.evaluation.index_bench.graphics import on_the_gpu
from flows.evaluation.index_bench.law import VectorLaw
from flows.evaluation.index_bench.searching import SearchRun
from flows.evaluation.index_bench.stores import beside_stores
from flows.evaluation.index_bench.texts import TextLaw
from flows.evaluation.index_bench.vectors import SHARES, VectorRun
from flows.evaluation.peers import Peers
from flows.evaluation.rows import Row
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.ports import F32, Encoder
from pipeline.stages import Progress

FEWEST_ROWS = 2 * A_DAY
_GROWTH = (10_000, 100_000, 1_000_000, 5_000_000)
_QUERY_SEED = 7
_EMBEDDED = 2000  # papers, where no embeddings are given: three minutes on a core
_FEWEST_PAPERS = 100


class Part(StrEnum):
    """What can be measured by itself."""

    VECTORS = "vectors"
    SEARCH = "search"
    STORES = "stores"
    GPU = "gpu"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: at how many chunks, beside others at how many, with how many queries."""

    parts: tuple[Part, ...]
    rows: int
    stores_rows: int
    queries: int
    peers: Peers
    growth: Path | None = None


@dataclass(frozen=True, slots=True)
class IndexBench:
    """Measures on an archive drawn from these papers and embeddings; everything lies in a folder that is removed."""

    papers: Sequence[tuple[Paper, date]]
    encoder: Encoder
    law: VectorLaw

    @classmethod
    def of(cls, papers: Sequence[tuple[Paper, date]], encoder: Encoder, real: F32 | None) -> IndexBench:
        """Embeds abstracts where no real vectors are given. Raises UsageError for too few papers, foreign vectors."""
        if len(papers) < _FEWEST_PAPERS:
            raise UsageError(f"an archive is drawn from at least {_FEWEST_PAPERS} papers, not {len(papers)}")
        if real is None:
            some = papers[:: -(-len(papers) // _EMBEDDED)]
            real = encoder.encode_passages([f"{paper.title}. {paper.abstract}" for paper, _ in some])
        if real.shape[1] != encoder.contract.dimension:
            raise UsageError(f"--vectors: length {real.shape[1]}, the model's have {encoder.contract.dimension}")
        return cls(papers, encoder, VectorLaw.of(real))

    def measure(self, plan: Plan, progress: Progress) -> Iterator[Row]:
        """The rows of each part as they are there; progress counts the parts."""
        with tempfile.TemporaryDirectory() as folder:
            vectors = DrawnVectors(Path(folder) / "vectors", self.encoder.contract, self.law)
            for number, part in enumerate(plan.parts):
                progress(f"bench {part}", number, len(plan.parts))
                yield from self._part(part, Path(folder), vectors, plan)
            progress("bench", len(plan.parts), len(plan.parts))

    def _part(self, part: Part, folder: Path, vectors: DrawnVectors, plan: Plan) -> Iterator[Row]:
        match part:
            case Part.VECTORS:
                yield from self._vectors(vectors, plan)
            case Part.SEARCH:
                yield from SearchRun(folder, vectors, TextLaw(self.papers), plan.rows, plan.queries).rows()
            case Part.STORES:
                yield from beside_stores(self._run(vectors, plan.stores_rows, plan, ()), plan.peers)
            case Part.GPU:
                yield from on_the_gpu(self.law)

    def _vectors(self, vectors: DrawnVectors, plan: Plan) -> Iterator[Row]:
        sizes = [rows for rows in _GROWTH if plan.growth and rows < plan.rows]
        smaller = [growth.grown(self._run(vectors, rows, plan, ())) for rows in sizes]
        run = self._run(vectors, plan.rows, plan, SHARES)
        yield from run.rows()
        if plan.growth is not None:
            every = growth.write(plan.growth, [*smaller, growth.grown(run)])
            yield from growth.rows_of(every)

    def _run(self, vectors: DrawnVectors, rows: int, plan: Plan, shares: tuple[float, ...]) -> VectorRun:
        queries = self.law.draw(plan.queries, _QUERY_SEED)
        return VectorRun.of(vectors.folder, vectors.shards(0, rows), queries, shares)
