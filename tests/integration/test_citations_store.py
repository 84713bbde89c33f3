from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import pipeline
from pipeline.reading import PaperKey, StoredDocument
from pipeline.store import Store, open_store
from tests.fakes.papers import make_paper
from tests.fakes.references import cite, store_citing
from tests.fakes.stored import DAY

_SLOW = "title:walksonslowgraphs"


def test_a_paper_cites_the_works_of_its_references(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"), cite(doi="10.1000/other"), cite("ibid"))

    with store.read() as work:
        assert work.citations.references_of(["2611.00001"]) == {"2611.00001": {_SLOW, "doi:10.1000/other"}}


def test_a_paper_without_references_is_left_out(store: Store) -> None:
    store_citing(store, "2611.00001")

    with store.read() as work:
        assert work.citations.references_of(["2611.00001", "2611.09999"]) == {}


def test_a_later_reading_takes_the_place_of_the_references_of_before(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"))

    with store.begin() as work:
        work.figures.replace(PaperKey("2611.00001", 2), (), [cite("Walks on quick graphs")])

    with store.read() as work:
        assert work.citations.references_of(["2611.00001"]) == {"2611.00001": {"title:walksonquickgraphs"}}
        assert work.citations.citation_counts([_SLOW]) == {}


def test_two_papers_meet_in_a_work_though_each_prints_another_of_its_names(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs", doi="10.1000/slow"))
    store_citing(store, "2611.00002", cite("Walks on slow graphs", arxiv_id="2401.00007"))
    store_citing(store, "2611.00003", cite("Walks on slow graphs"))

    with store.read() as work:
        ids = ["2611.00001", "2611.00002", "2611.00003"]
        assert work.citations.references_of(ids) == {one: {_SLOW} for one in ids}
        assert work.citations.citation_counts([_SLOW]) == {_SLOW: 3}


def test_a_work_is_counted_once_a_paper(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"), cite("Walks on slow graphs."))

    with store.read() as work:
        assert work.citations.citation_counts([_SLOW]) == {_SLOW: 1}


def test_references_to_the_journals_version_meet_the_preprint(store: Store) -> None:
    store_citing(store, "2401.00007", title="Walks on slow graphs", doi="10.1000/Slow")
    store_citing(store, "2611.00001", cite("Walks on slow graphs", year=2025))
    store_citing(store, "2611.00002", cite(doi="10.1000/slow"))
    store_citing(store, "2611.00003", cite(arxiv_id="2401.00007"))

    with store.read() as work:
        key = "arxiv:2401.00007"
        citing = {"2611.00001", "2611.00002", "2611.00003"}
        assert work.citations.references_of(citing) == {one: {key} for one in citing}
        assert work.citations.citation_counts([key]) == {key: 3}
        assert work.citations.cited_by([key]) == {key: citing}


def test_a_paper_stored_after_those_that_cite_it_is_found_by_them(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"))

    with store.begin() as work:
        work.papers.save([make_paper("2401.00007", title="Walks on slow graphs")], DAY)

    with store.read() as work:
        assert work.citations.references_of(["2611.00001"]) == {"2611.00001": {"arxiv:2401.00007"}}


def test_a_renamed_paper_is_found_under_both_titles(store: Store) -> None:
    store_citing(store, "2401.00007", title="Walks on slow graphs")
    store_citing(store, "2611.00001", cite("Walks on slow graphs"))
    store_citing(store, "2611.00002", cite("Walks on graphs that are slow"))

    with store.begin() as work:
        work.papers.save([make_paper("2401.00007", title="Walks on graphs that are slow")], DAY + timedelta(days=3))

    with store.read() as work:
        assert work.citations.citation_counts(["arxiv:2401.00007"]) == {"arxiv:2401.00007": 2}


def test_a_title_that_two_papers_bear_means_the_one_that_came_first(store: Store) -> None:
    store_citing(store, "2401.00007", title="Walks on slow graphs")
    store_citing(store, "2501.00007", title="Walks on slow graphs")
    store_citing(store, "2611.00001", cite("Walks on slow graphs"))

    with store.read() as work:
        assert work.citations.references_of(["2611.00001"]) == {"2611.00001": {"arxiv:2401.00007"}}


def test_a_paper_does_not_cite_itself(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"), title="Walks on slow graphs")

    with store.read() as work:
        assert work.citations.references_of(["2611.00001"]) == {}
        assert work.citations.citation_counts(["arxiv:2611.00001"]) == {}
        assert work.citations.cited_by(["arxiv:2611.00001"]) == {}


def test_works_that_nobody_cites_are_left_out(store: Store) -> None:
    with store.read() as work:
        assert work.citations.citation_counts([_SLOW]) == {}
        assert work.citations.cited_by([_SLOW]) == {}


def test_the_papers_whose_references_are_known_are_those_that_were_read(store: Store) -> None:
    store_citing(store, "2611.00001", cite("Walks on slow graphs"))

    with store.begin() as work:
        work.papers.save([make_paper("2611.00002")], DAY)
        work.reading.save_document(StoredDocument(PaperKey("2611.00001", 2), "text_layer/1", "b" * 64, 2, 0, 0.1, 0.0))

    with store.read() as work:
        assert work.citations.papers() == 1


def test_bibliographies_read_before_there_were_edges_get_theirs(url: str) -> None:
    store = open_store(url)
    store_citing(store, "2401.00007", title="Walks on slow graphs", doi="10.1000/slow")
    store_citing(store, "2611.00001", cite("Walks on slow graphs"), cite("Quantum optics", year=1997))
    store_citing(store, "2611.00002", cite(doi="10.1000/slow"))
    with store.read() as work:
        before = work.citations.references_of(["2611.00001", "2611.00002"])
    store.close()

    _migrate(url, "0003")
    store = open_store(url)

    with store.read() as work:
        assert work.citations.references_of(["2611.00001", "2611.00002"]) == before
        assert before == {
            "2611.00001": {"arxiv:2401.00007", "title:quantumoptics1997"},
            "2611.00002": {"arxiv:2401.00007"},
        }
    store.close()


def _migrate(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.__file__).parent / "migrations"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()
