# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)
import sys
from types import FrameType

import pytest

from ocr.bibliography.fields import read_fields

_TITLE = "Tides in shallow harbours"

# One invented article in the styles papers are set in: authors, title, journal, 2015.
_ARTICLES = {
    "IEEE": "[3] A. Lind, B. Okafor, and C. Zhu, “{},” Harbour Res. Lett., vol. 12, no. 3, pp. 4–9, Mar. 2015.",
    "ACM": "Anna Lind, Ben Okafor, and Cai Zhu. 2015. {}. Harbour Res. Lett. 12, 3 (2015), 4–9.",
    "APA": "Lind, A., Okafor, B., & Zhu, C. (2015). {}. Harbour Res. Lett., 12(3), 4–9.",
    "Nature": "3. Lind, A., Okafor, B. & Zhu, C. {}. Harbour Res. Lett. 12, 4–9 (2015).",
    "APS": "[3] A. Lind, B. Okafor, and C. Zhu, {}, Harbour Res. Lett. 12, 4 (2015).",
    "JHEP": "[3] A. Lind, B. Okafor and C. Zhu, {}, Harbour Res. Lett. 12 (2015) 4 [1503.01234].",
    "LNCS": "3. Lind, A., Okafor, B., Zhu, C.: {}. Harbour Res. Lett. 12(3), 4–9 (2015)",
    "plainnat": "A. Lind, B. Okafor, and C. Zhu. {}. Harbour Res. Lett., 12(3):4–9, 2015.",
    "Elsevier": "Lind, A., Okafor, B., Zhu, C., 2015. {}. Harbour Res. Lett. 12 (3), 4–9.",
    "Elsevier numbered": "[3] A. Lind, B. Okafor, C. Zhu, {}, Harbour Res. Lett. 12 (3) (2015) 4–9.",
    "Vancouver": "3. Lind A, Okafor B, Zhu C. {}. Harbour Res. Lett. 2015;12(3):4-9.",
    "amsplain": "[3] A. Lind, B. Okafor, and C. Zhu, {}, Harbour Res. Lett. 12 (2015), no. 3, 4–9.",
    "IOP": "Lind A, Okafor B and Zhu C 2015 {} Harbour Res. Lett. 12 4-9",
    "Chicago": 'Lind, Anna, Ben Okafor, and Cai Zhu. "{}." Harbour Res. Lett. 12, no. 3 (2015): 4–9.',
    "AAAI": "Lind, A.; Okafor, B.; and Zhu, C. 2015. {}. Harbour Res. Lett., 12(3): 4–9.",
}  # fmt: skip


@pytest.mark.parametrize("style", _ARTICLES)
def test_an_article_is_read_in_every_style(style: str) -> None:
    fields = read_fields(_ARTICLES[style].format(_TITLE))

    assert [author.partition(",")[0] for author in fields.authors] == ["Lind", "Okafor", "Zhu"]
    assert fields.title == _TITLE
    assert fields.venue.rstrip(".") == "Harbour Res. Lett"
    assert fields.year == 2015


_PAPERS = {
    "IEEE": "[3] A. Lind and B. Okafor, “{},” in Proc. Int. Conf. Harbours (ICH), Oslo, Norway, Jun. 2015, pp. 4–9.",
    "ACM": "Anna Lind and Ben Okafor. 2015. {}. In Proc. Int. Conf. Harbours (ICH ’15). ACM, New York, NY, 4–9.",
    "plainnat": "A. Lind and B. Okafor. {}. In C. Zhu, editor, Proc. Int. Conf. Harbours, pages 4–9. Reef Press, 2015.",
    "LNCS": "3. Lind, A., Okafor, B.: {}. In: Zhu, C., Berg, D. (eds.) Proc. Int. Conf. Harbours, pp. 4–9. Reef (2015)",
    "APA": "Lind, A., & Okafor, B. (2015). {}. In Proc. Int. Conf. Harbours (pp. 4–9). Reef Press.",
}


@pytest.mark.parametrize("style", _PAPERS)
def test_a_conference_paper_is_read_in_every_style(style: str) -> None:
    fields = read_fields(_PAPERS[style].format(_TITLE))

    assert (len(fields.authors), fields.title, fields.year) == (2, _TITLE, 2015)
    assert fields.venue == "Proc. Int. Conf. Harbours"


@pytest.mark.parametrize(
    "printed",
    [
        "A. Lind, Tides and Their Harbours (Reef University Press, Oslo, 1999).",
        "A. Lind. Tides and Their Harbours. Springer, 2nd edition, 1999.",
        "Lind, A. (1999). Tides and Their Harbours (2nd ed.). Cambridge University Press.",
        "Lind, Anna. Tides and Their Harbours. Cambridge, MA: Harvard University Press, 1999.",
        "A. Lind, Tides and Their Harbours, 2nd ed. (McGraw-Hill, New York, 1999).",
        "A. Lind. Tides and Their Harbours. PhD thesis, University of Oslo, 1999.",
    ],
)
def test_a_book_has_a_title_and_no_venue(printed: str) -> None:
    fields = read_fields(printed)

    assert (fields.title, fields.venue, fields.year) == ("Tides and Their Harbours", "", 1999)


@pytest.mark.parametrize(
    "printed,venue",
    [
        ("A. Lind, Phys. Rev. D 41, 3814 (1990).", "Phys. Rev. D"),
        ("A. Lind, Phys. Lett. B511 (1990) 265.", "Phys. Lett. B"),
        ("Lind, A., Okafor, B., et al. 1990, ApJ, 770, 57", "ApJ"),
        ("Lind A and Okafor B 1990 Nature 506 463", "Nature"),
        ("A. Lind, J. Phys. A: Math. Gen. 24, L73 (1990)", "J. Phys. A: Math. Gen."),
    ],
)
def test_where_the_style_leaves_titles_out_the_journal_is_none(printed: str, venue: str) -> None:
    fields = read_fields(printed)

    assert (fields.title, fields.venue, fields.year) == ("", venue, 1990)


def test_a_preprint_has_its_identifier_and_no_venue() -> None:
    fields = read_fields("A. Lind and B. Okafor. Tides in harbours. arXiv preprint arXiv:1503.01234, 2015.")

    assert (fields.title, fields.venue, fields.year) == ("Tides in harbours", "", 2015)
    assert fields.identifiers.arxiv_id == "1503.01234"


def test_a_title_in_quotation_marks_may_hold_others() -> None:
    assert (
        read_fields("A. Lind, “How tides say “Maybe”?,” Phys. Rev. D 41, 38 (1990).").title == "How tides say “Maybe”?"
    )


def test_pages_and_days_of_access_are_no_years() -> None:
    fields = read_fields("Lind, A. (n.d.). Tides in harbours, pp. 1999-2003. Retrieved May 2, 2021, from the site")

    assert fields.year is None


def test_the_letter_behind_a_year_is_kept_apart() -> None:
    fields = read_fields("Lind, A., 2017b. Tides in harbours. Harbour Letters 4, 1–2.")

    assert (fields.year, fields.suffix) == (2017, "b")


def test_an_empty_or_hopeless_text_has_no_fields() -> None:
    for text in ("", "  ", "[12]", "?!", "ibid."):
        assert read_fields(text).authors == ()


def _calls(text: str) -> int:
    """How many calls, of patterns too, reading a reference takes: a measure of work that no machine changes."""
    calls = 0

    def note(frame: FrameType, event: str, value: object) -> None:
        nonlocal calls
        del frame, value
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        read_fields(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.timeout(60)  # a pattern that backtracks without end would take years, in one call
@pytest.mark.parametrize(
    "part", ["A. B, ", "A. ", "Lind ", "InIn", "Aa-", "Aa, ", "and A. ", "10.1/", "Phys. ", "(2015) ", "“(", "– "]
)
def test_a_hostile_text_takes_bounded_work(part: str) -> None:
    read_fields(part * 8_000)  # fills the caches

    work = _calls(part * 8_000)

    assert work <= 4 * 4_000  # of as many characters as are looked at
    assert _calls(part * 20_000) == work
    assert read_fields(part * 300 + "(2015). Title. Reef 1, 2.").year == 2015
