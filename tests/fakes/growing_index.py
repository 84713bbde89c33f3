"""An index that grows for ever: `python -m tests.fakes.growing_index HOME SEED`, to be killed at any moment.

Each round stores a few papers, replaces the text of another, embeds what is new and builds the next generation, now and
then from scratch. After each it prints the papers and the replacements that are searchable from then on.
"""

from __future__ import annotations

import itertools
import random
import sys
from dataclasses import replace
from pathlib import Path

import index.vector_files
from flows.loading import store_papers
from flows.wiring import Parts
from index import sweep_shards
from index.builder import GenerationIndexBuilder
from index.shards import FileShards
from pipeline.chunk import CHUNKER
from pipeline.paper import Paper
from pipeline.stages import build_index, chunk_papers, embed_chunks
from tests.fakes.parts import DAY, make_settings, open_test_parts

_EXACT_UP_TO = 40  # then cells, a tail of up to 20 rows, and folding
_PAPERS_A_ROUND = 7


def paper_id(number: int) -> str:
    """The paper that was stored as the so-and-so-many-th."""
    return f"2611.{number:05d}"


def grow(parts: Parts, rng: random.Random, first: int) -> int:
    """One round, from the paper with this number on; returns the number of the next."""
    papers = [
        Paper(paper_id(number), f"Paper {number}", ("Ada Lovelace",), f"We study word{number}.", ("cs.IR",))
        for number in range(first, first + _PAPERS_A_ROUND)
    ]
    store_papers(parts, [(paper, DAY) for paper in papers])
    chunk_papers(parts.context)
    _replace_one(parts, rng.randrange(1, first + _PAPERS_A_ROUND))
    embed_chunks(parts.context, parts.encoder, parts.shards)
    shards = FileShards(parts.home.vectors)
    builder = GenerationIndexBuilder(parts.home.index, shards, _EXACT_UP_TO)
    build_index(parts.context, builder, parts.encoder.contract, afresh=rng.random() < 0.15)
    with parts.store.read() as work:
        named = [shard.path for shard in work.vectors.all_shards()]
    sweep_shards(parts.home.index, parts.home.vectors, named)
    return first + _PAPERS_A_ROUND


def _replace_one(parts: Parts, number: int) -> None:
    """A new version: other chunks, with other ids."""
    with parts.store.begin() as work:
        (old,) = list(work.reading.chunks_of([paper_id(number)]))
        text = old.text.replace("We study", "We study again")
        work.reading.replace_chunks(old.paper_id, [replace(old, text=text, id=0)], CHUNKER)


def main() -> None:
    """Grows until it is killed."""
    home, seed = Path(sys.argv[1]), int(sys.argv[2])
    index.vector_files._SHORTEST_TAIL = 20
    with open_test_parts(make_settings(home, "http://127.0.0.1:9")) as parts:
        rng = random.Random(seed)  # noqa: S311  (no secret)
        with parts.store.read() as work:
            stored = work.reading.count_chunks()
        for _ in itertools.count():
            stored = grow(parts, rng, stored + 1) - 1
            print(stored, flush=True)  # noqa: T201  (for whoever kills it)


if __name__ == "__main__":
    main()
