"""A generation that grew by increments answers as one built afresh, whatever came, went, changed or got its vector."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import index.vector_files
from index import live_generation
from index.generation import Generation, GenerationFolder
from index.shard_rows import NOWHERE
from pipeline.ports import IndexedChunk
from tests.fakes.library import MONDAY, TUESDAY, Library, passage

WORDS = ("graph", "vertex", "protein", "attention", "retrieval", "sourdough", "robot", "quantum", "lattice", "prior")
QUERIES = (
    *WORDS,
    "graph attention",
    '"quantum lattice"',
    "galaxy -robot",
    "cat:math.CO kernel",
    "day:2026-11-17 prior",
)


@pytest.fixture(params=[200_000, 30], ids=["exact", "cells"])
def exact_up_to(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Below the limit all is exact; above it a tail of up to 20 rows grows beside the cells."""
    monkeypatch.setattr(index.vector_files, "_SHORTEST_TAIL", 20)
    limit: int = request.param
    return limit


def drawn(number: int, rng: random.Random) -> IndexedChunk:
    text = " ".join(rng.choices(WORDS, k=6))
    return passage(number, f"2611.{number // 3:05d}", text, day=rng.choice([MONDAY, TUESDAY]))


def live(library: Library) -> Generation:
    folder = GenerationFolder(library.index).live()
    assert folder is not None
    return Generation.open(folder)


def answers(library: Library) -> list[list[str]]:
    """The papers found, by id: scores count words of chunks that are gone until tantivy merges them away."""
    search = library.search()
    return [sorted(hit.paper_id for hit in search.search(query, limit=100).hits) for query in QUERIES]


def titled(chunk: IndexedChunk) -> IndexedChunk:
    return replace(chunk, title=f"{chunk.title}, revised")


def moved(chunk: IndexedChunk) -> IndexedChunk:
    return replace(chunk, categories=("q-bio.BM", "physics.ed-ph"))


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_it_holds_what_a_fresh_one_holds(tmp_path: Path, exact_up_to: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  (no secret)
    library = Library.empty(tmp_path)
    library.add(*(drawn(number, rng) for number in range(1, 80)))
    library.build(exact_up_to=exact_up_to)
    for step in range(1, 5):
        change: Callable[[IndexedChunk], IndexedChunk] = rng.choice([titled, moved])
        library.chunks[:] = [change(one) if rng.random() < 0.1 else one for one in library.chunks]
        library.chunks[:] = [one for one in library.chunks if rng.random() < 0.9]
        library.add(*(drawn(1000 * step + number, rng) for number in range(rng.randint(1, 30))))
        library.build(exact_up_to=exact_up_to)

        grown, columns = answers(library), live(library).columns
        library.build(exact_up_to=exact_up_to, afresh=True)
        fresh = live(library).columns
        order, fresh_order = columns.live[np.argsort(columns.ids[columns.live])], np.argsort(fresh.ids)

        assert columns.ids[order].tolist() == fresh.ids[fresh_order].tolist()
        assert columns.features[order].tolist() == fresh.features[fresh_order].tolist()
        assert grown == answers(library)
        assert len(live(library).lexical) == len(library.chunks)


def test_every_vector_is_the_one_of_its_chunk(tmp_path: Path, exact_up_to: int) -> None:
    rng = random.Random(5)  # noqa: S311  (no secret)
    library = Library.empty(tmp_path)
    for start in (1, 101, 201, 301):
        library.add(*(drawn(number, rng) for number in range(start, start + 60)))
        library.chunks.pop(rng.randrange(len(library.chunks)))
        library.build(exact_up_to=exact_up_to)

    generation = live(library)
    texts = {one.chunk.id: f"{one.title} {one.chunk.text}" for one in library.chunks}
    rows = generation.columns.live
    expected = library.encoder.encode_passages([texts[chunk_id] for chunk_id in generation.columns.ids[rows].tolist()])

    assert len(rows) == 236
    np.testing.assert_allclose(generation.dense.vectors(rows), expected, atol=1e-3)


def test_a_chunk_that_gets_its_vector_later_is_found_by_meaning_and_its_words_are_not_written_again(
    tmp_path: Path, exact_up_to: int
) -> None:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(1, 60)))
    late = passage(500, "2611.00500", "sourdough bread")
    library.chunks.append(late)
    library.build(exact_up_to=exact_up_to)
    words = {path.name for path in (library.index / "generation-000001" / "words").iterdir()}
    assert live(library).manifest.without_vector == 1
    library.chunks.remove(late)
    library.add(late)

    library.build(exact_up_to=exact_up_to)

    generation = live(library)
    assert generation.manifest.without_vector == 0
    assert words == {path.name for path in (library.index / "generation-000002" / "words").iterdir()}
    row = generation.columns.rows_of(np.array([500]))
    assert (
        generation.dense.search(library.encoder.encode_queries(["sourdough bread"])[0], 1)[0].tolist() == row.tolist()
    )


def test_what_did_not_change_is_linked_and_the_generation_before_stays_whole(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(1, 60)))
    library.build()
    first = library.index / "generation-000001"
    library.add(passage(100, "2611.00100", "sourdough bread"))
    library.chunks.pop(0)

    library.build()

    shared = [path for path in first.glob("words/*.store") if path.stat().st_nlink == 2]
    assert len(shared) == 1
    before = Generation.open(first)
    assert (len(before.lexical), before.manifest.chunks) == (59, 59)
    before.manifest.check_contents(first)


@pytest.mark.parametrize("exact_up_to", [30], indirect=True)
def test_cells_are_kept_while_the_tail_is_short_folded_when_it_is_long_and_made_anew_when_outgrown(
    tmp_path: Path, exact_up_to: int
) -> None:
    library = Library.empty(tmp_path)
    seen = []
    for start, count in ((1, 60), (101, 15), (201, 15), (301, 60), (401, 120)):
        library.add(
            *(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(start, start + count))
        )
        library.build(exact_up_to=exact_up_to)
        manifest = live(library).manifest
        seen.append((manifest.rows, manifest.indexed_rows, manifest.learned_from))

    assert seen == [(60, 60, 60), (75, 60, 60), (90, 90, 60), (150, 150, 60), (270, 270, 270)]


def test_many_dead_rows_are_left_out_at_last(tmp_path: Path, exact_up_to: int) -> None:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(1, 101)))
    library.build(exact_up_to=exact_up_to)
    rows = []
    for _ in range(3):
        del library.chunks[:10]
        library.build(exact_up_to=exact_up_to)
        rows.append((live(library).manifest.rows, live(library).manifest.chunks))

    expected = [(90, 90), (80, 80), (70, 70)] if exact_up_to > 100 else [(100, 90), (100, 80), (70, 70)]
    assert rows == expected


def test_vectors_of_a_file_that_is_gone_no_longer_count_until_they_are_made_again(
    tmp_path: Path, exact_up_to: int
) -> None:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(1, 50)))
    library.add(passage(100, "2611.00100", "sourdough bread"))
    library.build(exact_up_to=exact_up_to)
    lost = library.shards.pop()

    library.build(exact_up_to=exact_up_to)

    columns = live(library).columns
    assert columns.places[columns.rows_of(np.array([100]))].tolist() == [NOWHERE]
    (library.home / "vectors" / lost.path).unlink()
    library.build(exact_up_to=exact_up_to)
    library.add(library.chunks.pop())  # the file is made again, with the same name
    library.build(exact_up_to=exact_up_to)
    assert live(library).manifest.without_vector == 0


def test_a_generation_that_cannot_be_gone_on_from_is_built_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph {number}") for number in range(1, 50)))
    library.build()
    (library.index / "generation-000001" / "columns.npz").write_bytes(b"torn")

    library.build()

    assert live_generation(library.index) == 2
    assert library.search().search("graph").total_considered == 49
    assert "the index is built anew" in caplog.text
