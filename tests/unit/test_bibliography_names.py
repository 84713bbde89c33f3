# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)
import pytest

from ocr.bibliography.names import read_names


@pytest.mark.parametrize(
    "printed,authors",
    [
        ("A. Lind, B. C. Okafor and D.-E. Zhu, A title", ("Lind, A.", "Okafor, B. C.", "Zhu, D.-E.")),
        ("Lind, A., Okafor, B. C., & Zhu, D. (2020). A title", ("Lind, A.", "Okafor, B. C.", "Zhu, D.")),
        ("Lind A B, Okafor C and da Costa G S 2014 Journal", ("Lind, A B", "Okafor, C", "da Costa, G S")),
        ("Lind AB, Okafor C. A title", ("Lind, AB", "Okafor, C.")),
        ("Topol EJ. A title", ("Topol, EJ",)),
        ("Anna Lind, Ben C. Okafor, and Zhu Wei. A title", ("Lind, Anna", "Okafor, Ben C.", "Wei, Zhu")),
        ("Lind, Anna, Ben Okafor, and Zhu Wei. 2019. A title", ("Lind, Anna", "Okafor, Ben", "Wei, Zhu")),
        ("Lind, A.; Okafor, B.; and Zhu, C. 2016. A title", ("Lind, A.", "Okafor, B.", "Zhu, C.")),
        ("L. van der Berg, G. ’t Veer, P. Le Roux, Title", ("van der Berg, L.", "’t Veer, G.", "Le Roux, P.")),
        ("Berg, J. von, Lind, A., & Zhu, C. (2017)", ("Berg, J. von", "Lind, A.", "Zhu, C.")),
        ("Yu. A. Ivanov and Th. O’Neill, Title", ("Ivanov, Yu. A.", "O’Neill, Th.")),
        ("E.G. Lind Jr., and A. Zhu, Title", ("Lind Jr., E.G.", "Zhu, A.")),
        ("Иванов И. И., Петров П. П. Название", ("Иванов, И. И.", "Петров, П. П.")),
        ("李明, 王小红. 题目", ("李明", "王小红")),
        ("The Harbour Collaboration, A title", ("The Harbour Collaboration",)),
        ("NORDMET. (2019). A title", ("NORDMET",)),
    ],
)
def test_a_list_is_read_whatever_way_round_its_names_are_written(printed: str, authors: tuple[str, ...]) -> None:
    assert read_names(printed).authors == authors


@pytest.mark.parametrize(
    "printed,rest",
    [
        ("A. Lind et al., A title", ", A title"),
        ("Lind, A., et al. (LHCx), 2017a. A title", ", 2017a. A title"),
        ("A. Lind et al. (Harbour Collaboration), A title", ", A title"),
        ("Anna Lind, Ben Okafor, and others. A title", ". A title"),
    ],
)
def test_what_cuts_the_list_short_belongs_to_it(printed: str, rest: str) -> None:
    names = read_names(printed)

    assert names.has_others
    assert printed[names.end :] == rest


def test_a_title_in_capitals_after_the_list_is_nobodys_name() -> None:
    assert read_names("D. Lind, Commutative Algebra with a View").authors == ("Lind, D.",)


def test_a_journal_after_the_list_is_nobodys_name() -> None:
    assert read_names("A. Lind, J. Phys. A: Math. Gen. 24, 73 (1991)").authors == ("Lind, A.",)


def test_a_list_that_a_handle_interrupts_goes_on_to_the_year() -> None:
    names = read_names("Lind, A., Okafor, B., reefbot, Zhu, C., & Berg, D. (2020). A title that is long")

    assert names.authors == ("Lind, A.", "Okafor, B.", "Zhu, C.", "Berg, D.")


def test_an_ellipsis_stands_for_nobody() -> None:
    assert read_names("Lind, A., Okafor, B., … Zhu, C. (2019). A title").authors == (
        "Lind, A.",
        "Okafor, B.",
        "Zhu, C.",
    )


def test_a_text_that_begins_with_its_title_has_no_authors() -> None:
    assert read_names("A framework for harbours. 2019").authors == ()
