from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.document import Box, Chunk
from pipeline.errors import ConfigError, NotFoundError, StoreError
from pipeline.paper import EventKind, FetchState, SourceFetch, SourceName, Watermark
from pipeline.ports import Shard
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from pipeline.store import Store, open_store
from pipeline.subscriber import Feedback, FeedbackKind, Interest, Profile, Subscriber
from tests.fakes.papers import make_paper, make_version
from tests.fakes.stored import DAY, NOW, announce, subscribe


def test_a_paper_comes_back_as_it_went_in(store: Store) -> None:
    paper = make_paper(
        versions=(make_version(1), make_version(2)), comment="v2", doi="10.1/x", licence="cc", is_withdrawn=True
    )

    with store.begin() as work:
        work.papers.save([paper], DAY)

    with store.read() as work:
        assert work.papers.get([paper.id]) == {paper.id: paper}


def test_newer_metadata_replaces_the_old_and_keeps_the_first_day(store: Store) -> None:
    announce(store)

    with store.begin() as work:
        work.papers.save([make_paper(title="Renamed")], DAY + timedelta(days=3))

    with store.read() as work:
        assert work.papers.get(["2611.00001"])["2611.00001"].title == "Renamed"
        assert work.papers.listed_on(DAY) == {"2611.00001"}


def test_an_event_is_recorded_once(store: Store) -> None:
    announce(store)
    announce(store, day=DAY + timedelta(days=1))

    with store.read() as work:
        assert [event.announced_on for event in work.papers.events_of(["2611.00001"])] == [DAY]


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def save_and_fail() -> None:
        with store.begin() as work:
            work.papers.save([make_paper()], DAY)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        save_and_fail()

    with store.read() as work:
        assert work.papers.count() == 0


def test_a_reader_sees_the_old_state_while_a_writer_works(store: Store) -> None:
    with store.begin() as writing:
        writing.papers.save([make_paper()], DAY)
        with store.read() as reading:
            assert reading.papers.count() == 0

    with store.read() as reading:
        assert reading.papers.count() == 1


def test_a_paper_is_due_for_download_until_it_is_done_or_failed_for_good(store: Store) -> None:
    key = PaperKey("2611.00001", 1)
    announce(store)

    def due(state: OutcomeState) -> list[tuple[PaperKey, int]]:
        with store.begin() as work:
            work.reading.save_outcome(Outcome(key, Stage.DOWNLOAD, state, NOW, attempts=2))
            return work.reading.to_download(DAY)

    assert due(OutcomeState.RETRY) == [(key, 2)]
    assert due(OutcomeState.FAILED) == []
    assert due(OutcomeState.DONE) == []


def test_a_paper_of_a_later_day_is_not_due_yet(store: Store) -> None:
    announce(store, day=DAY + timedelta(days=1))

    with store.read() as work:
        assert work.reading.to_download(DAY) == []


def test_a_touched_record_is_not_downloaded(store: Store) -> None:
    announce(store, kind=EventKind.META)

    with store.read() as work:
        assert work.reading.to_download(DAY) == []


def test_a_paper_is_chunked_again_when_its_document_arrives(store: Store) -> None:
    key = PaperKey("2611.00001", 1)
    announce(store)
    with store.begin() as work:
        assert work.reading.to_chunk("c/1", 10) == [(key, "")]
        work.reading.save_outcome(Outcome(key, Stage.CHUNK, OutcomeState.DONE, NOW, reason="c/1"))
        assert work.reading.to_chunk("c/1", 10) == []
        work.reading.save_document(StoredDocument(key, "text_layer", "f" * 64, 4, 0, 0.1))

    with store.read() as work:
        assert work.reading.to_chunk("c/1", 10) == [(key, "f" * 64)]


def test_the_cost_of_a_day_is_that_of_the_versions_it_announced(store: Store) -> None:
    announce(store)
    announce(store, "2611.00002", DAY + timedelta(days=1))
    with store.begin() as work:
        for key, cost_usd in ((("2611.00001", 1), 0.25), (("2611.00001", 2), 4.0), (("2611.00002", 1), 0.5)):
            work.reading.save_document(StoredDocument(PaperKey(*key), "text_layer", "f" * 64, 4, 0, 0.1, cost_usd))

    with store.read() as work:
        assert work.reading.reading_cost(DAY) == 0.25
        assert work.reading.reading_cost(DAY + timedelta(days=2)) == 0.0


def test_a_new_chunker_makes_every_paper_due(store: Store) -> None:
    key = PaperKey("2611.00001", 1)
    announce(store)
    with store.begin() as work:
        work.reading.save_outcome(Outcome(key, Stage.CHUNK, OutcomeState.DONE, NOW, reason="c/1"))

    with store.read() as work:
        assert work.reading.to_chunk("c/2", 10) == [(key, "")]


def test_replaced_chunks_get_new_ids_and_lose_their_vectors(store: Store) -> None:
    announce(store)
    chunk = Chunk("2611.00001", 1, 0, "Abstract", 0, "words", Box(1, 2, 3, 4))
    with store.begin() as work:
        work.reading.replace_chunks("2611.00001", [chunk], "c/1")
        (first,) = work.reading.chunks_of(["2611.00001"])
        work.vectors.add_shard(Shard(0, "k", "a.npy", 1, "0" * 64), [first.id])
        assert work.vectors.to_embed("k", 10) == []

        work.reading.replace_chunks("2611.00001", [chunk], "c/1")

        (second,) = work.reading.chunks_of(["2611.00001"])
        assert second.id > first.id
        assert (second.box, second.text) == (Box(1, 2, 3, 4), "words")
        assert work.vectors.to_embed("k", 10) == [(second.id, "A study numbered 2611.00001. words")]
        assert work.vectors.shards("k") == []


def test_vectors_of_another_contract_do_not_count(store: Store) -> None:
    announce(store)
    with store.begin() as work:
        work.reading.replace_chunks("2611.00001", [Chunk("2611.00001", 1, 0, "", 0, "words")], "c/1")
        (chunk,) = work.reading.chunks_of(["2611.00001"])
        work.vectors.add_shard(Shard(0, "old", "a.npy", 1, "0" * 64), [chunk.id])

    with store.read() as work:
        assert work.vectors.count_to_embed("new") == 1
        assert work.vectors.shards_of("old", [chunk.id]) == {1: [chunk.id]}


def test_the_fingerprint_changes_with_what_an_index_would_hold(store: Store) -> None:
    with store.read() as work:
        empty = work.vectors.fingerprint("k")
    announce(store)
    with store.read() as work:
        assert work.vectors.fingerprint("k") != empty


def test_a_subscriber_keeps_feedback_when_interests_change(store: Store) -> None:
    announce(store)
    reader = subscribe(store)
    with store.begin() as work:
        work.subscribers.add_feedback(reader.id, [Feedback("2611.00001", FeedbackKind.LIKE, NOW)])
        work.subscribers.save(Subscriber("READER@example.org", NOW, Profile((Interest("trees"),))))

    with store.read() as work:
        (only,) = work.subscribers.active()
        assert only.profile == Profile((Interest("trees"),), likes=("2611.00001",))


def test_the_newest_word_on_a_paper_counts(store: Store) -> None:
    announce(store)
    reader = subscribe(store)
    with store.begin() as work:
        for kind in (FeedbackKind.LIKE, FeedbackKind.DISLIKE):
            work.subscribers.add_feedback(reader.id, [Feedback("2611.00001", kind, NOW)])

    with store.read() as work:
        profile = work.subscribers.by_id(reader.id).profile
        assert (profile.likes, profile.dislikes) == ((), ("2611.00001",))


def test_an_unknown_subscriber_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"nobody@example\.org"), store.read() as work:
        work.subscribers.by_email("nobody@example.org")


def test_the_newest_answer_of_a_source_counts(store: Store) -> None:
    with store.begin() as work:
        for state in (FetchState.STALE, FetchState.OK):
            work.days.save_fetch(SourceFetch(DAY, SourceName.FEED, state, 0, NOW))

        assert work.days.fetches_on(DAY)[SourceName.FEED].state is FetchState.OK
        assert work.days.known_days() == [DAY]


def test_a_watermark_belongs_to_its_categories(store: Store) -> None:
    with store.begin() as work:
        work.days.set_watermark(("cs.IR", "cs.CL"), Watermark(DAY, DAY))

        assert work.days.watermark(("cs.CL", "cs.IR")) == Watermark(DAY, DAY)
        assert work.days.watermark(("cs.IR",)) is None


def test_opening_again_migrates_nothing_and_keeps_everything(store: Store, url: str) -> None:
    announce(store)

    again = open_store(url)

    with again.read() as work:
        assert work.papers.count() == 1
    again.close()


def test_a_url_that_is_none_is_named_by_its_setting() -> None:
    with pytest.raises(ConfigError, match="database_url"):
        open_store("not a url")


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "autoreader.db").write_text("these are not the pages of a database " * 50)

    with pytest.raises(StoreError, match="file is not a database"):
        open_store(f"sqlite:///{tmp_path / 'autoreader.db'}")
