"""Which stored title a library's title is, and which it is not."""

from __future__ import annotations

import pytest

from pipeline.library import Alike, Candidate, Entry, Title, choose, compare, find_candidates
from pipeline.library.names import Authorship, compare_authors, surnames_of
from pipeline.library.titles import Likeness
from pipeline.library.words import readable, words_of
from tests.fakes.papers import make_paper

NAIVE = "Naïve $\\pi$-Pebbles: Counting Stones & Letters in Würzburg"


@pytest.mark.parametrize(
    "text",
    [
        NAIVE,
        r"Na{\"i}ve {$\pi$}-{P}ebbles: {C}ounting {S}tones \& {L}etters in {W}{\"{u}}rzburg",
        r"{{Na\"{\i}ve $\pi$-Pebbles: Counting Stones \& Letters in W\"urzburg}}",
        r"Naïve \${\textbackslash}pi\$-Pebbles: Counting Stones \& Letters in Würzburg",
        "naïve π-pebbles: counting stones &amp; letters in würzburg.",
        "NAÏVE <i>π</i>-PEBBLES — COUNTING STONES & LETTERS IN WÜRZBURG",
        "Na\u0131\u0308ve π Pebbles. Counting Stones &\n Letters in Wu\u0308rzburg",
    ],
)
def test_a_title_is_the_same_however_it_is_exported(text: str) -> None:
    alike = compare(Title.of(text), Title.of(NAIVE))

    assert (alike.score, alike.likeness) == (100.0, Likeness.WHOLE)


def test_words_lose_accents_ligatures_and_case() -> None:
    assert words_of("Łukasz Ørsted's Straße & Œuvre x² ﬁt") == [
        *("lukasz", "orsted", "s", "strasse"),
        *("oeuvre", "x2", "fit"),
    ]


def test_a_field_is_read_without_braces_tags_and_entities() -> None:
    assert readable("{Deep} <b>Learning</b> of $x^2$ &lt;5&gt;") == "Deep Learning of x² <5>"


@pytest.mark.parametrize(
    "wanted, stored, expected",
    [
        ("Counting Small Pebbles on Scree", "Counting Small Pebbles on Scree: A Survey", Likeness.PART),
        ("Counting Small Pebbles on Scree: A Survey", "Counting Small Pebbles on Scree", Likeness.PART),
        ("Counting small pebbles on ...", "Counting Small Pebbles on Scree and elsewhere", Likeness.PART),
        ("Counting small pebbles on scree by the light of th", NAIVE, None),
        (
            "Counting small pebbles on scree by the light of th",
            "Counting Small Pebbles on Scree by the Light of the Moon",
            Likeness.PART,
        ),
        ("Pebbles", "Pebbles: Counting Small Stones on Scree", Likeness.PART),
        ("Stone", "Stone: Counting Small Pebbles on Scree", None),
        ("Counting pebbles, part II", "Counting Pebbles, Part III", None),
        ("Overview of Task 7 at PebbleEval 2025", "Overview of Task 7 at PebbleEval 2026", None),
        ("Counting Small Pebbles", "Counting Small Pebbles for Robots", None),
    ],
)
def test_a_part_of_a_title_counts_where_it_is_long_and_whole(
    wanted: str, stored: str, expected: Likeness | None
) -> None:
    alike = compare(Title.of(wanted), Title.of(stored), 88.0)

    assert (alike.likeness if alike.score else None) == expected


def test_candidates_are_found_by_rare_words_although_some_are_misspelt() -> None:
    stored = [(f"2611.{n:05}", f"A study of common things, number {n}") for n in range(1, 40)]
    stored.append(("2611.00099", "Trundling wheelbarrows through uncommon thickets"))

    found = find_candidates(
        [Title.of("Trundlng wheelbarows through uncomon thickets"), Title.of("Nothing of this kind"), Title.of("")],
        lambda: stored,
        80.0,
    )

    assert [[one.paper_id for one in some] for some in found] == [["2611.00099"], [], []]


@pytest.mark.parametrize(
    "names, expected",
    [
        (("Lind, Ada", "Okafor, Bo"), Authorship.SAME),
        (("Bo Okafor", "others"), Authorship.AGREE),
        (("A. Lind", "C. Somebody"), Authorship.AGREE),
        (("Müller, Jörg",), Authorship.AGREE),
        (("Mueller, J.",), Authorship.AGREE),
        (("van der Berg, Ineke", "King, Jr., M."), Authorship.DIFFER),
        (("Somebody, Else",), Authorship.DIFFER),
        ((), Authorship.UNKNOWN),
        (("others",), Authorship.UNKNOWN),
    ],
)
def test_surnames_tell_whether_the_authors_agree(names: tuple[str, ...], expected: Authorship) -> None:
    assert compare_authors(surnames_of(names), ("Ada Lind", "Okafor Bo", "Jörg Müller")) is expected


LONG = "Counting small pebbles on scree by the light of the moon"
PAPERS = {
    "2611.00001": make_paper("2611.00001", title=LONG, authors=("Ada Lind",)),
    "2611.00002": make_paper("2611.00002", title=LONG, authors=("Bo Okafor",)),
    "hep-th/9901001": make_paper("hep-th/9901001", title=LONG, authors=("Cy Byron",)),
}


def chosen(entry: Entry, *candidates: Candidate) -> tuple[str, str]:
    verdict = choose(entry, candidates, PAPERS, 88.0)
    return verdict.paper_id, verdict.reason


SAME = Alike(100.0, Likeness.WHOLE, 45)
FIRST, SECOND, OLD = (Candidate(paper_id, SAME) for paper_id in PAPERS)


def test_of_two_papers_of_one_title_the_authors_choose() -> None:
    assert chosen(Entry("line 1", LONG, (("okafor",),)), FIRST, SECOND) == ("2611.00002", "")


def test_without_authors_two_papers_of_one_title_are_none() -> None:
    assert chosen(Entry("line 1", LONG), FIRST, SECOND) == (
        "",
        "2 stored papers answer to this title: 2611.00001, 2611.00002",
    )


def test_without_authors_the_year_must_fit() -> None:
    assert chosen(Entry("line 1", LONG, year=2001), OLD)[0] == "hep-th/9901001"
    assert chosen(Entry("line 1", LONG, year=2020), OLD) == (
        "",
        f"the nearest stored paper is hep-th/9901001 ({LONG}), but the year does not fit",
    )


def test_other_authors_are_another_paper() -> None:
    assert chosen(Entry("line 1", LONG, (("byron",),)), FIRST) == (
        "",
        f"the nearest stored paper is 2611.00001 ({LONG}), but it has other authors",
    )


def test_a_title_not_quite_alike_needs_authors() -> None:
    near = Candidate("2611.00001", Alike(90.0, Likeness.WHOLE, 45))

    assert chosen(Entry("line 1", LONG, (("lind",),)), near)[0] == "2611.00001"
    assert chosen(Entry("line 1", LONG), near)[1].endswith(
        "but there are no authors to compare, and the title alone is not enough"
    )


def test_below_the_threshold_nothing_helps() -> None:
    far = Candidate("2611.00001", Alike(87.0, Likeness.WHOLE, 45))

    assert chosen(Entry("line 1", LONG, (("lind",),), 2026), far) == (
        "",
        f"the nearest stored paper is 2611.00001 ({LONG}), but its title is 87 of 100 alike, 88 are needed",
    )


def test_a_part_of_a_title_needs_authors() -> None:
    part = Candidate("2611.00001", Alike(100.0, Likeness.PART, 25))

    assert chosen(Entry("line 1", LONG, (("lind",),)), part)[0] == "2611.00001"
    assert chosen(Entry("line 1", LONG, year=2026), part)[0] == ""


def test_the_name_of_a_method_needs_several_authors_all_the_same() -> None:
    papers = {"2611.00001": make_paper("2611.00001", title=f"Pebbler: {LONG}", authors=("Ada Lind", "Bo Okafor"))}
    named = [Candidate("2611.00001", Alike(100.0, Likeness.PART, 7))]

    verdicts = [
        choose(Entry("line 1", "Pebbler", authors), named, papers, 88.0).paper_id
        for authors in ((("lind",), ("okafor",)), (("lind",),), (("lind",), ("byron",)), ())
    ]

    assert verdicts == ["2611.00001", "", "", ""]


def test_nothing_like_it_is_said_so() -> None:
    assert chosen(Entry("line 1", LONG)) == ("", "no stored paper has a title like it")
