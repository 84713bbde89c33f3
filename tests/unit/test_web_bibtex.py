from __future__ import annotations

import pytest

from tests.fakes.papers import make_paper
from web.bibtex import bibtex


def test_an_entry_is_complete() -> None:
    paper = make_paper(
        "2611.00001",
        title="On Caches",
        authors=("Ada Lind", "Bo Okafor"),
        doi="10.1000/xyz_1 10.1000/xyz_2",
        journal_ref="J. Search & Find 12 (2026)",
    )

    assert bibtex(paper) == (
        "@misc{lind2026caches,\n"
        "  title         = {{On Caches}},\n"
        "  author        = {Ada Lind and Bo Okafor},\n"
        "  year          = {2026},\n"
        "  eprint        = {2611.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.IR},\n"
        "  journal       = {J. Search \\& Find 12 (2026)},\n"
        "  doi           = {10.1000/xyz_1},\n"
        "  url           = {https://arxiv.org/abs/2611.00001}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    "title, written",
    [
        ("50% of R&D #1 for file_names", r"50\% of R\&D \#1 for file\_names"),
        (r"50\% of R\&D", r"50\% of R\&D"),
        (r"Sums of $x_i$ & more", r"Sums of $x_i$ \& more"),
        ("Only $5 a day", r"Only \$5 a day"),
        ("An {un}balanced} brace", "An unbalanced brace"),
        ("Keep {LaTeX} braces", "Keep {LaTeX} braces"),
        ("About ~3 things", r"About \textasciitilde{}3 things"),
        ("Two\n lines", "Two lines"),
    ],
)
def test_a_title_means_the_same_in_tex(title: str, written: str) -> None:
    assert f"title         = {{{{{written}}}}}," in bibtex(make_paper(title=title))


def test_a_collaboration_is_one_name() -> None:
    entry = bibtex(make_paper(authors=("The ATLAS Collaboration", "Ada Lind")))

    assert "author        = {{The ATLAS Collaboration} and Ada Lind}," in entry


@pytest.mark.parametrize(
    "authors, title, key",
    [
        (("José Ångström-Núñez",), "The way of X", "angstromnunez2026way"),
        (("王小明",), "Graphs: a tour", "arxiv2026graphs"),
        ((), "$x$ and beyond", "arxiv2026and"),
    ],
)
def test_the_key_is_plain_ascii(authors: tuple[str, ...], title: str, key: str) -> None:
    assert bibtex(make_paper(authors=authors, title=title)).startswith(f"@misc{{{key},")


@pytest.mark.parametrize("paper_id, year", [("hep-th/9901001", 1999), ("math/0309136", 2003), ("0704.0001", 2007)])
def test_the_year_comes_from_the_identifier_where_there_is_no_history(paper_id: str, year: int) -> None:
    assert f"year          = {{{year}}}," in bibtex(make_paper(paper_id, versions=()))
