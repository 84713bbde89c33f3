from __future__ import annotations

import pytest

from pipeline.citations import KnownName, doi_name, key_of, names_of, names_of_paper, paper_of, title_name
from pipeline.document import Box, Reference
from tests.fakes.papers import make_paper

_BOX = Box(0, 0, 1000, 1000)


def test_a_reference_has_a_name_for_its_title_and_each_of_its_identifiers() -> None:
    cited = Reference("", 1, _BOX, title="Walks on slow graphs", arxiv_id="2401.00007", doi="10.1000/slow.7")

    assert names_of(cited) == ("title:walksonslowgraphs", "arxiv:2401.00007", "doi:10.1000/slow.7")


def test_a_reference_that_says_nothing_has_no_name() -> None:
    assert names_of(Reference("ibid.", 1, _BOX)) == ()


@pytest.mark.parametrize(
    "printed",
    [
        "10.1000/Slow.7",
        "https://doi.org/10.1000/slow.7",
        "http://dx.doi.org/10.1000%2Fslow.7",
        "doi:10.1000/SLOW.7.",
    ],
)
def test_a_doi_has_one_spelling(printed: str) -> None:
    assert doi_name(printed) == "doi:10.1000/slow.7"


@pytest.mark.parametrize("printed", ["10.48550/arXiv.2401.00007", "https://doi.org/10.48550/arxiv.2401.00007v3"])
def test_a_doi_that_arxiv_gave_is_the_arxiv_id(printed: str) -> None:
    assert doi_name(printed) == "arxiv:2401.00007"


@pytest.mark.parametrize("printed", ["", "7", "10.48550/arXiv.unknown", "10.1000/" + "x" * 300])
def test_what_is_no_doi_has_no_name(printed: str) -> None:
    assert doi_name(printed) == ""


def test_titles_are_alike_whatever_their_case_accents_spaces_and_marks() -> None:
    assert title_name("Über  Walks: on slow-graphs!", None) == title_name("UBER WALKS ON SLOW GRAPHS", 2024)


def test_titles_are_told_apart_by_their_first_sixty_letters() -> None:
    title = "A title that goes on for so long that the journal behind it does not matter"

    assert title_name(f"{title}. Journal of Slow Graphs", 2020) == title_name(title, 2021)


def test_a_short_title_needs_its_year() -> None:
    assert title_name("Quantum optics", 1997) == "title:quantumoptics1997"
    assert title_name("Quantum optics", None) == ""


def test_a_word_is_no_title() -> None:
    assert title_name("Nature", 1997) == ""


def test_a_paper_is_found_under_its_id_its_dois_and_its_title_without_tex() -> None:
    paper = make_paper("2401.00007", title=r"Walks on $\beta$-slow graphs", doi="10.1000/Slow.7 10.1000/slow.8")

    assert names_of_paper(paper) == (
        "title:walksonβslowgraphs",
        "arxiv:2401.00007",
        "doi:10.1000/slow.7",
        "doi:10.1000/slow.8",
    )


def test_a_reference_goes_by_the_name_that_most_papers_use() -> None:
    names = [KnownName("title:walksonslowgraphs", 3), KnownName("doi:10.1000/slow.7", 9)]

    assert key_of(names) == "doi:10.1000/slow.7"


def test_among_names_used_equally_the_title_is_taken() -> None:
    names = [KnownName("doi:10.1000/slow.7", 3), KnownName("title:walksonslowgraphs", 3)]

    assert key_of(names) == "title:walksonslowgraphs"


def test_a_reference_to_a_stored_paper_goes_by_its_id() -> None:
    names = [KnownName("title:walksonslowgraphs", 9), KnownName("doi:10.1000/slow.7", 1, "2401.00007")]

    assert key_of(names) == "arxiv:2401.00007"


def test_an_identifier_is_believed_before_a_title_that_another_paper_has() -> None:
    names = [KnownName("title:walksonslowgraphs", 9, "2401.00001"), KnownName("arxiv:2401.00007", 1, "2401.00007")]

    assert key_of(names) == "arxiv:2401.00007"


def test_a_key_tells_the_paper_it_stands_for() -> None:
    assert paper_of("arxiv:hep-th/9901001") == "hep-th/9901001"
    assert paper_of("doi:10.1000/slow.7") == ""
