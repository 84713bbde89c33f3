"""Author lines as people type them."""

from __future__ import annotations

import pytest

from pipeline.arxiv_source.authors import split_authors


@pytest.mark.parametrize(
    "line,names",
    [
        ("A. B, C. D and E. F (affiliation)", ("A. B", "C. D", "E. F")),
        ("Ada Byron", ("Ada Byron",)),
        ("", ()),
        ("A. B (Here, There), C. D (Elsewhere)", ("A. B", "C. D")),
        ("A. B (1), C. D (1 and 2) ((1) Here, City, (2) There and Beyond)", ("A. B", "C. D")),
        ("A. B, and C. D", ("A. B", "C. D")),
        ("Sand Collaboration: A. B, C. D", ("Sand Collaboration", "A. B", "C. D")),
        ("Anders Sandberg and Roland Andersson", ("Anders Sandberg", "Roland Andersson")),
        ("John Smith, Jr., Ada Byron", ("John Smith Jr.", "Ada Byron")),
        ("Ada Byron et al.", ("Ada Byron",)),
        ("Ada Byron, et al", ("Ada Byron",)),
        ("A. B (unclosed, C. D", ("A. B unclosed", "C. D")),
        ("A. B) stray, C. D", ("A. B stray", "C. D")),
        ("Ada\n  Byron,\n  Mary Somerville", ("Ada Byron", "Mary Somerville")),
    ],
)
def test_names_are_split_and_affiliations_dropped(line: str, names: tuple[str, ...]) -> None:
    assert split_authors(line) == names


def test_accents_in_tex_become_letters() -> None:
    line = r"J\"urgen M\"uller, {\'E}. Cartan, Paul Erd\H{o}s, \c{S}. \"Ozg\"ur, J.~P. Doe and Sean O'Brien"

    names = split_authors(line)

    assert names == ("Jürgen Müller", "É. Cartan", "Paul Erdős", "Ş. Özgür", "J. P. Doe", "Sean O'Brien")
