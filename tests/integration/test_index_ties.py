"""`like:` and related papers where citations are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from index import SearchService, open_search
from pipeline.document import Chunk
from pipeline.errors import UsageError
from pipeline.kinship import Kin, Tie
from pipeline.ports import IndexedChunk
from tests.fakes.library import Library

FIRST = date(2026, 11, 2)
TITLES = ("Slowness", "Quickness", "Stillness", "Cooking")
TEXTS = ("Walks on slow graphs.", "Walks on quick graphs.", "Walks on still graphs.", "Soup of carrots.")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Four papers, the last of which is about something else."""
    library = Library.empty(tmp_path)
    for number, text in enumerate(TEXTS, start=1):
        chunk = Chunk(f"2611.{number:05d}", 1, 0, "Abstract", 0, text, id=number)
        day = FIRST + timedelta(days=number)
        library.add(IndexedChunk(chunk, TITLES[number - 1], (f"Author {number}",), ("cs.IR",), day))
    library.build()
    return library


def searching(library: Library, kin: Mapping[str, Kin]) -> SearchService:
    def kin_of(paper_ids: Sequence[str]) -> Mapping[str, Kin]:
        return kin if tuple(paper_ids) == ("2611.00001",) else {}

    return open_search(library.index, library.encoder, kin_of=kin_of)


def test_a_paper_that_shares_references_comes_before_others_as_near(library: Library) -> None:
    last = searching(library, {}).search("like:2611.00001").hits[1].paper_id

    hits = searching(library, {last: Kin((Tie("2611.00001", 0.4, 7),))}).search("like:2611.00001").hits

    assert hits[0].paper_id == last
    assert hits[0].why == "Shares seven references with 2611.00001."


def test_a_citing_paper_is_found_though_its_text_is_far(library: Library) -> None:
    citing = {"2611.00004": Kin((Tie("2611.00001", 0.9, 9, direct=1, cites=True),))}

    hits = searching(library, citing).related("2611.00001").hits

    assert hits[0].paper_id == "2611.00004"
    assert hits[0].why == "Cites this paper; shares nine references with it."
    assert hits[0].passages[0].text == "Soup of carrots."


def test_conditions_hold_for_tied_papers_too(library: Library) -> None:
    citing = {"2611.00004": Kin((Tie("2611.00001", 0.9, 9),))}

    hits = searching(library, citing).search(f"like:2611.00001 date:..{FIRST + timedelta(days=3)}").hits

    assert {hit.paper_id for hit in hits} == {"2611.00002", "2611.00003"}


def test_a_tied_paper_that_is_not_in_the_index_is_left_out(library: Library) -> None:
    hits = searching(library, {"2611.09999": Kin((Tie("2611.00001", 0.9, 9),))}).related("2611.00001").hits

    assert {hit.paper_id for hit in hits} <= {"2611.00002", "2611.00003", "2611.00004"}


def test_a_paper_that_is_not_in_the_index_has_no_relatives(library: Library) -> None:
    with pytest.raises(UsageError, match=r"2611\.09999: that paper is not in the index"):
        searching(library, {}).related("2611.09999")


def test_related_papers_are_near_or_well_tied(library: Library) -> None:
    assert searching(library, {}).related("2611.00001").hits == ()
    assert len(searching(library, {}).search("like:2611.00001").hits) == 3


def test_related_papers_are_as_many_as_asked_for(library: Library) -> None:
    kin = {f"2611.{number:05d}": Kin((Tie("2611.00001", 0.5, 7),)) for number in (2, 3, 4)}

    assert len(searching(library, kin).related("2611.00001", 2).hits) == 2
