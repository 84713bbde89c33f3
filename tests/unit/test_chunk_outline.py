import pytest

from pipeline.outline import Outline, tidy_heading


def _paths(*headings: str) -> list[str]:
    outline = Outline(headings)
    paths = []
    for heading in headings:
        outline.enter(heading)
        paths.append(outline.path)
    return paths


def test_numbers_tell_the_depth() -> None:
    assert _paths("Abstract", "1. Introduction", "3 Method", "3.2. Loss", "3.2.1 Terms", "4 Results") == [
        "Abstract",
        "1 Introduction",
        "3 Method",
        "3 Method > 3.2 Loss",
        "3 Method > 3.2 Loss > 3.2.1 Terms",
        "4 Results",
    ]


def test_headings_without_number_lie_below_the_numbered_one() -> None:
    assert _paths("2 Setup", "Data", "Models", "References")[1:] == ["2 Setup > Data", "2 Setup > Models", "References"]


def test_a_paper_without_numbers_has_one_level() -> None:
    assert _paths("Summary", "Statement of need", "Features") == ["Summary", "Statement of need", "Features"]


def test_roman_papers_count_letters_below_them() -> None:
    assert _paths("I. INTRODUCTION", "II. METHOD", "A. Loss", "1) Terms", "B. Data", "III. END") == [
        "I INTRODUCTION",
        "II METHOD",
        "II METHOD > A Loss",
        "II METHOD > A Loss > 1 Terms",
        "II METHOD > B Data",
        "III END",
    ]


def test_appendices_are_top_level_where_sections_have_digits() -> None:
    assert _paths("1 One", "2 Two", "A Proofs", "A.1 Lemma", "Appendix B")[2:] == [
        "A Proofs",
        "A Proofs > A.1 Lemma",
        "Appendix B",
    ]


@pytest.mark.parametrize(
    "heading, expected",
    [("3.  Loss\nfunction.", "3 Loss function"), ("A B S T R A C T", "Abstract"), ("Results:", "Results")],
)
def test_headings_are_tidied(heading: str, expected: str) -> None:
    assert tidy_heading(heading) == expected


def test_a_heading_of_endless_length_is_cut() -> None:
    assert len(tidy_heading("word " * 100)) == 100


def test_before_the_first_heading_there_is_no_section() -> None:
    assert (Outline([]).path, Outline([]).title) == ("", "")
