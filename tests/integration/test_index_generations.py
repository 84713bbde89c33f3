"""Generations: built beside the live one, activated at once, refused when broken, swept when left behind."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import live_generation, open_builder
from pipeline.errors import IndexStateError, StoreError
from pipeline.ports import I64, IndexedChunk
from tests.fakes.encoder import HashedEncoder
from tests.fakes.library import Library, ListedChunks, passage

FIRST = passage(1, "2611.00001", "We sample vertices of large graphs.")
SECOND = passage(2, "2611.00002", "Sourdough needs water.")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.empty(tmp_path)
    library.add(FIRST)
    library.build()
    return library


def folders(library: Library) -> list[str]:
    return sorted(path.name for path in library.index.iterdir() if path.is_dir())


def test_without_an_index_search_names_the_commands_that_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="`autoreader run` builds it, `autoreader demo` shows one"):
        Library.empty(tmp_path).search().search("graphs")


def test_a_search_opened_before_the_index_finds_it_later(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)
    search = library.search()
    with pytest.raises(IndexStateError):
        search.search("graphs")
    library.add(FIRST)
    library.build()

    assert search.search("graphs").hits[0].paper_id == "2611.00001"


def test_a_running_search_sees_the_next_generation_without_a_restart(library: Library) -> None:
    search = library.search()
    assert search.search("sourdough").total_considered == 1
    library.add(SECOND)

    assert library.build() == 2
    assert search.search("sourdough").hits[0].paper_id == "2611.00002"


def test_the_live_number_is_known_without_opening(library: Library, tmp_path: Path) -> None:
    assert live_generation(library.index) == 1
    assert live_generation(tmp_path / "elsewhere") is None


def test_an_index_is_current_only_for_what_it_was_built_from(library: Library) -> None:
    builder = open_builder(library.index, library.home / "vectors")

    assert library.is_current()
    assert not builder.is_current(library.encoder.contract, library.shards, "other texts")
    assert not builder.is_current(library.encoder.contract, [], library.fingerprint)
    assert not builder.is_current(HashedEncoder(16).contract, library.shards, library.fingerprint)


def test_the_order_of_the_shards_does_not_matter(library: Library) -> None:
    library.add(SECOND)
    library.build()
    library.shards.reverse()

    assert library.is_current()


def test_one_previous_generation_is_kept(library: Library) -> None:
    library.build()
    library.build()

    assert folders(library) == ["generation-000002", "generation-000003"]


def test_what_a_killed_build_left_is_swept(library: Library) -> None:
    (library.index / ".building-dead" / "words").mkdir(parents=True)
    shutil.copytree(library.index / "generation-000001", library.index / "generation-000007")

    assert library.build() == 2
    assert folders(library) == ["generation-000001", "generation-000002"]


def test_without_vectors_words_still_find_a_chunk(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    library.chunks.append(SECOND)

    library.build()

    assert library.search().search("sourdough water").hits[0].paper_id == "2611.00002"
    assert "1 chunks have no vector" in caplog.text


def test_vectors_of_chunks_no_longer_wanted_are_left_out(library: Library) -> None:
    library.add(SECOND)
    library.chunks.remove(FIRST)

    library.build()

    assert [hit.paper_id for hit in library.search().search("sample graphs").hits] == ["2611.00002"]


def test_a_chunk_embedded_twice_is_indexed_once(library: Library) -> None:
    library.build([*library.shards, *library.shards])

    assert library.search().search("graphs").total_considered == 1


def test_no_chunks_make_an_index_that_finds_nothing(tmp_path: Path) -> None:
    library = Library.empty(tmp_path)

    library.build()

    assert library.search().search("graphs").hits == ()


@pytest.mark.parametrize("name", ["vectors.faiss", "columns.npz", "words/meta.json"])
@pytest.mark.parametrize("damage", ["missing", "cut short", "altered"])
def test_a_broken_generation_is_refused_with_the_remedy(library: Library, name: str, damage: str) -> None:
    path = library.index / "generation-000001" / name
    content = path.read_bytes()
    match damage:
        case "missing":
            path.unlink()
        case "cut short":
            path.write_bytes(content[:-1])
        case _:
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(IndexStateError, match=rf"{name} .* `autoreader run` builds the index anew"):
        library.search().search("graphs")


def test_a_generation_with_missing_files_is_not_current(library: Library) -> None:
    (library.index / "generation-000001" / "vectors.faiss").unlink()

    assert not library.is_current()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 3}', b"\xff\xfe"])
def test_a_manifest_that_says_nothing_is_refused(library: Library, content: bytes) -> None:
    (library.index / "generation-000001" / "manifest.json").write_bytes(content)

    with pytest.raises(IndexStateError, match="no usable manifest"):
        library.search().search("graphs")
    assert not library.is_current()


def test_another_format_is_refused(library: Library) -> None:
    path = library.index / "generation-000001" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 99}))

    with pytest.raises(IndexStateError, match="has format 99, this version reads 3"):
        library.search().search("graphs")


def test_an_index_whose_words_were_indexed_otherwise_is_refused_and_built_anew(library: Library) -> None:
    path = library.index / "generation-000001" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"words": "0123456789abcdef"}))

    with pytest.raises(IndexStateError, match="were indexed by other rules"):
        library.search().search("graphs")
    assert not library.is_current()
    assert library.build() == 2
    assert library.search().search("graphs").hits[0].paper_id == "2611.00001"


@pytest.mark.parametrize("pointer", [b"generation-000009\n", b"../../etc\n", b"", b"\xff"])
def test_a_pointer_to_nowhere_is_an_index_error_and_the_next_build_heals_it(library: Library, pointer: bytes) -> None:
    (library.index / "CURRENT").write_bytes(pointer)

    with pytest.raises(IndexStateError):
        library.search().search("graphs")
    library.build()
    assert library.search().search("graphs").hits[0].paper_id == "2611.00001"


def test_an_index_of_another_contract_is_refused_by_both_names(library: Library) -> None:
    library.encoder = HashedEncoder(16, model="another/model")

    with pytest.raises(IndexStateError, match=r"was built with fake/hashed-words .* the encoder is another/model"):
        library.search().search("graphs")


def test_a_running_search_goes_on_with_the_old_generation_when_the_next_is_broken(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    search = library.search()
    search.search("graphs")
    library.build()
    (library.index / "generation-000002" / "vectors.faiss").write_bytes(b"torn")

    assert search.search("graphs").hits[0].paper_id == "2611.00001"
    assert search.search("graphs").hits[0].paper_id == "2611.00001"
    assert caplog.text.count("the old index goes on serving") == 1


def test_shards_of_another_contract_are_refused(library: Library) -> None:
    foreign = dataclasses.replace(library.shards[0], contract_key="0123456789abcdef")

    with pytest.raises(IndexStateError, match="another embedding contract"):
        library.build([foreign])


def test_a_new_shard_that_was_altered_stops_the_build(library: Library) -> None:
    library.add(SECOND)
    path = library.home / "vectors" / library.shards[1].path
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(IndexStateError, match="its checksum differs"):
        library.build()
    assert folders(library) == ["generation-000001"]


def test_a_torn_shard_stops_the_build_and_leaves_the_live_generation(library: Library) -> None:
    (library.home / "vectors" / library.shards[0].path).write_bytes(b"torn")

    with pytest.raises(IndexStateError, match=r"cannot be used .* embedded anew"):
        library.build()
    assert folders(library) == ["generation-000001"]
    assert library.search().search("graphs").hits[0].paper_id == "2611.00001"


def test_a_failing_source_of_chunks_leaves_the_live_generation(library: Library) -> None:
    class Broken(ListedChunks):
        def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
            yield from super().chunks(ids[:1])
            raise StoreError("the database went away")

    builder = open_builder(library.index, library.home / "vectors")

    with pytest.raises(StoreError, match="the database went away"):
        builder.build(library.encoder.contract, library.shards, Broken([FIRST, SECOND]), "x")
    assert folders(library) == ["generation-000001"]
    assert live_generation(library.index) == 1


def test_two_builds_at_once_are_refused(library: Library) -> None:
    with (library.index / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(IndexStateError, match="another process is building the index") as caught:
            library.build()
        assert caught.value.permanent is False


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where a folder should be")

    with pytest.raises(StoreError, match="cannot be written"):
        Library.empty(tmp_path).build()


def test_no_query_fails_while_generations_change(library: Library) -> None:
    search = library.search()
    search.search("graphs")
    is_done = threading.Event()
    failures: list[Exception] = []

    def ask() -> None:
        while not is_done.is_set():
            try:
                assert search.search("graphs").hits[0].paper_id == "2611.00001"
            except Exception as error:  # noqa: BLE001  (recorded: the assertion below shows it)
                failures.append(error)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(6):
        library.build()
    is_done.set()
    for asker in askers:
        asker.join()

    assert failures == []
