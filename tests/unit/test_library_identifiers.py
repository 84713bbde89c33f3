"""arXiv identifiers and DOIs in whatever field they stand."""

from __future__ import annotations

import pytest

from pipeline.library.identifiers import address_lines, doi_in, id_in_address, id_in_note, id_of_number, whole_id


@pytest.mark.parametrize(
    "text, found",
    [
        ("2401.12345", "2401.12345"),
        ("arXiv:2401.12345v3 [cs.IR]", "2401.12345"),
        ("0704.0001", "0704.0001"),
        ("hep-th/9901001v1", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("2413.12345", ""),  # no such month
        ("0703.0001", ""),  # before the first of this form
        ("2401.1234", ""),  # five digits since 2015
        ("1312.12345", ""),  # four before
        ("9901.00001", ""),
        ("pages 2401.12345", ""),
        ("potato/9901001", ""),
    ],
)
def test_a_field_of_one_identifier(text: str, found: str) -> None:
    assert whole_id(text) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("https://arxiv.org/abs/2401.12345v2", "2401.12345"),
        ("http://export.arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001"),
        ("https://www.arxiv.org/html/2401.12345?context=cs#S1", "2401.12345"),
        ("https://doi.org/10.48550/arXiv.2401.12345", "2401.12345"),
        ("10.48550/arxiv.math%2F0309136", "math/0309136"),
        ("https://ar5iv.labs.arxiv.org/html/2401.12345", "2401.12345"),
        ("https://huggingface.co/papers/2401.12345", "2401.12345"),
        ("https://www.alphaxiv.org/abs/2401.12345", "2401.12345"),
        ("https://notarxiv.example/2401.12345", ""),
        ("https://arxiv.org/abs/2401.12345 https://arxiv.org/abs/2401.12346", ""),
        ("10.1103/2401.12345", ""),
    ],
)
def test_an_address_of_arxiv(text: str, found: str) -> None:
    assert id_in_address(text) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("arXiv:2401.12345 [cs]\nversion: 2", "2401.12345"),
        ("arXiv preprint arXiv:2401.12345", "2401.12345"),
        ("ArXiv e-prints, arXiv:2401.12345", "2401.12345"),
        ("Preprint at arXiv 2401.12345", "2401.12345"),
        ("CoRR abs/2401.12345", "2401.12345"),
        ("Accepted at a workshop; arXiv:2401.12345", "2401.12345"),
        ("_eprint: 2401.12345", "2401.12345"),
        ("tex.eprint: arXiv:2401.12345", "2401.12345"),
        ("Comment: arXiv:2401.12345 is its sequel", ""),
        ("An extension of arXiv:2401.12345", ""),
        ("arXiv:2401.12345, arXiv:2401.12346", ""),
        ("; , available at " * 10_000, ""),  # took minutes once
        ("arxiv" + " " * 100_000, ""),
    ],
)
def test_a_note_names_the_paper_itself_or_another(text: str, found: str) -> None:
    assert id_in_note(text) == found


def test_a_number_without_its_archive_gets_it_back() -> None:
    assert id_of_number("9901001", "hep-th") == "hep-th/9901001"
    assert id_of_number("2401.12345", "cs") == ""


@pytest.mark.parametrize(
    "text, found",
    [
        ("https://doi.org/10.1145/3292500.3330701.", "10.1145/3292500.3330701"),
        ("10.1007/978-3-030-1\\_7", "10.1007/978-3-030-1_7"),
        ("(doi: 10.1016/S0092-8674(00)81683-9)", "10.1016/s0092-8674(00)81683-9"),
        ("none", ""),
    ],
)
def test_a_doi_is_cut_out_and_lowered(text: str, found: str) -> None:
    assert doi_in(text) == found


def test_only_a_line_that_begins_with_an_address_tells_of_the_paper() -> None:
    note = "Code: see https://arxiv.org/abs/2401.00001\nDOI: 10.5555/x\nurl: https://arxiv.org/abs/2401.00002"

    assert address_lines(note) == ("DOI: 10.5555/x", "url: https://arxiv.org/abs/2401.00002")
