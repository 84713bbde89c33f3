from __future__ import annotations

import pytest

from pipeline.kinship import Kin
from pipeline.related import find_kin, kin_in
from pipeline.store import Store
from tests.fakes.references import cite, store_citing

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # test_citations_store asks both databases


def kin_of(store: Store, *paper_ids: str) -> dict[str, Kin]:
    with store.read() as work:
        return find_kin(work.citations, paper_ids)


def test_papers_that_cite_the_same_works_are_kin(store: Store) -> None:
    slow, quick, still = cite("Walks on slow graphs"), cite("Walks on quick graphs"), cite("Walks on still graphs")
    store_citing(store, "2611.00001", slow, quick)
    store_citing(store, "2611.00002", slow, quick)
    store_citing(store, "2611.00003", slow, still)
    _fill(store)

    kin = kin_of(store, "2611.00001")

    assert set(kin) == {"2611.00002", "2611.00003"}
    assert kin["2611.00002"].parts() == ["shares two references with 2611.00001"]
    assert kin["2611.00002"].strength == pytest.approx(1)
    assert 0 < kin["2611.00003"].strength < kin["2611.00002"].strength


def test_who_cites_a_paper_and_whom_it_cites_are_kin(store: Store) -> None:
    store_citing(store, "2401.00007", title="Walks on slow graphs")
    store_citing(store, "2611.00001", cite(arxiv_id="2401.00007"))
    _fill(store)

    assert kin_of(store, "2611.00001")["2401.00007"].parts("this paper") == ["is cited by this paper"]
    assert kin_of(store, "2401.00007")["2611.00001"].parts("this paper") == ["cites this paper"]


def test_papers_that_are_cited_together_are_kin(store: Store) -> None:
    one, other = cite(arxiv_id="2401.00001"), cite(arxiv_id="2401.00002")
    store_citing(store, "2401.00001")
    store_citing(store, "2401.00002")
    store_citing(store, "2611.00001", one, other)
    store_citing(store, "2611.00002", one, other)

    kin = kin_of(store, "2401.00001")

    assert kin["2401.00002"].parts("this paper") == ["two papers here cite both"]
    [tie] = kin["2401.00002"].ties
    assert tie.cocitation == 1


def test_what_too_many_cite_makes_nobody_kin(store: Store) -> None:
    for number in range(1, 10):
        store_citing(store, f"2611.{number:05d}", cite("Walks on slow graphs"), cite(f"A work on subject {number}"))

    assert kin_of(store, "2611.00001") == {}


def test_a_paper_without_references_that_nobody_cites_has_no_kin(store: Store) -> None:
    store_citing(store, "2611.00001")

    assert kin_of(store, "2611.00001", "2611.09999") == {}


def test_papers_asked_for_together_are_not_each_other_s_kin(store: Store) -> None:
    slow = cite("Walks on slow graphs")
    for paper_id in ("2611.00001", "2611.00002", "2611.00003"):
        store_citing(store, paper_id, slow)
    _fill(store)

    kin = kin_in(store)(["2611.00001", "2611.00002"])

    assert set(kin) == {"2611.00003"}
    assert [tie.to for tie in kin["2611.00003"].ties] == ["2611.00001", "2611.00002"]


def _fill(store: Store) -> None:
    """Others, so that what two or three cite is not what everybody cites."""
    for number in range(20):
        store_citing(store, f"2610.{number:05d}", cite(f"An unrelated work on subject {number}"))
