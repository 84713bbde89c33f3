"""What a judgement consists of, told part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.digest import Part, Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, RankRequest
from pipeline.subscriber import Interest
from rerank.hybrid import HybridRanker
from tests.fakes.encoder import HashedEncoder
from tests.fakes.tastes import id_of, make_archive, make_reader, make_topical, make_topical_day

DAY, ARCHIVE = make_topical_day(), make_archive()
OWL, BREAD = id_of("owls", 0), id_of("bread", 0)
RANKER = HybridRanker(HashedEncoder())


def _ranked(
    request: RankRequest, day: Sequence[Candidate] = DAY, archive: Archive = ARCHIVE, paper: str = OWL
) -> Ranked:
    return next(one for one in RANKER.rank([request], day, archive)[0] if one.paper_id == paper)


def _parts(
    request: RankRequest, day: Sequence[Candidate] = DAY, archive: Archive = ARCHIVE, paper: str = OWL
) -> dict[str, Part]:
    return {part.name: part for part in _ranked(request, day, archive, paper).parts}


def test_an_interest_alone_is_the_only_part() -> None:
    ranked = _ranked(make_reader({}, "owl feather"))

    assert [part.words for part in ranked.parts] == ['matches "owl feather"']
    assert ranked.parts[0].log_odds == pytest.approx(ranked.score, abs=1e-4)


def test_a_weight_is_part_of_what_the_interest_says() -> None:
    plain, double = (_parts(make_reader({"owls": 3}, Interest("owl feather", weight))) for weight in (1.0, 2.0))

    assert double["interest"].log_odds - plain["interest"].log_odds == pytest.approx(0.6931, abs=1e-3)
    assert {**double, "interest": None} == {**plain, "interest": None}


def test_likes_tell_their_features_and_where_they_start() -> None:
    parts = _parts(make_reader({"owls": 6}))

    assert parts["start"].log_odds == pytest.approx(-4.8 - 0.4 * 1.791759, abs=1e-4)
    assert {name: part.words for name, part in parts.items() if name in {"meaning", "words"}} == {
        "meaning": "about what you liked",
        "words": "in the words of what you liked",
    }


def test_likes_without_an_archive_are_one_part() -> None:
    parts = _parts(make_reader({"owls": 6}), archive=NOTHING_OLDER)

    assert {name: part.words for name, part in parts.items()} == {"likes": "like what you liked"}


@pytest.mark.parametrize("archive", [ARCHIVE, NOTHING_OLDER], ids=["an archive", "no archive"])
def test_a_hinted_category_is_told_with_what_it_adds(archive: Archive) -> None:
    hint = _parts(make_reader({"owls": 2}, categories=("cs.IR",)), archive=archive)["category"]

    assert (hint.words, round(hint.log_odds, 6)) == ("in a category you named", 0.7)


def test_the_largest_part_stands_first() -> None:
    parts = _ranked(make_reader({"owls": 6}, "owl feather", categories=("cs.IR",))).parts

    sizes = [abs(part.log_odds) for part in parts]
    assert len(parts) >= 4
    assert sizes == sorted(sizes, reverse=True)


def test_a_part_that_is_next_to_nothing_is_not_told() -> None:
    ranking = RANKER.rank([make_reader({"owls": 6}, "owl feather")], DAY, ARCHIVE)[0]

    assert all(abs(part.log_odds) >= 0.005 for one in ranking for part in one.parts)


def test_what_a_disliked_paper_takes_is_told() -> None:
    disliked = replace(DAY[0], paper=replace(DAY[0].paper, id="2605.99999"))

    part = _parts(replace(make_reader({"owls": 2}, "owl feather"), disliked=(disliked,)))["dislikes"]

    assert (part.words, round(part.log_odds, 3)) == ("close to a paper you disliked", -5.4)


def test_a_negative_that_overrules_stands_alone() -> None:
    asked = make_reader({"owls": 3}, "owl feather talon", negatives=("bread dough yeast crust",), dislikes={"kites": 1})
    both = make_topical("owls", 0, title="owl bread dough yeast crust", abstract="bread dough yeast crust gluten owl")
    vector = HashedEncoder().encode_passages([both.paper.abstract])
    day = (replace(both, vectors=vector), *DAY[1:])

    ranked = _ranked(replace(asked, eligible=frozenset({OWL})), day)

    (part,) = ranked.parts
    assert part.name == "negative"
    assert part.log_odds == pytest.approx(ranked.score, abs=1e-4)
    assert part.log_odds < 0
    assert "bread dough yeast crust" in part.words


def test_an_avoided_author_stands_alone_though_followed_and_liked() -> None:
    name = DAY[0].paper.authors[0]

    ranked = _ranked(make_reader({"owls": 6}, "owl feather", authors=(name,), avoided_authors=(name,)))

    assert ranked.parts == (Part("avoided author", -10.0, f"by {name}, whom you do not want to read"),)


def test_a_followed_author_comes_first_and_adds_nothing_to_the_evidence() -> None:
    name = DAY[0].paper.authors[0]
    plain, followed = (_ranked(make_reader({"owls": 6}, "owl feather", authors=some)).parts for some in ((), (name,)))

    assert followed == (Part("author", 0.0, f"by {name}, whom you follow"), *plain)


def test_a_followed_author_of_a_reader_without_wishes_is_all_there_is_to_tell() -> None:
    name = DAY[0].paper.authors[0]
    ranking = RANKER.rank([make_reader({}, authors=(name,), dislikes={"bread": 1})], DAY, ARCHIVE)[0]

    assert [one.parts for one in ranking[:2]] == [(Part("author", 0.0, f"by {name}, whom you follow"),), ()]


def test_what_answers_moved_is_the_difference_to_a_reader_who_never_answered() -> None:
    asked = make_reader({"owls": 6}, "owl feather")
    plain, answered = _ranked(asked), _ranked(replace(asked, answers=((0.0, False),) * 10))

    (moved,) = [part for part in answered.parts if part.name == "answers"]
    assert moved.words == "by your answers to earlier digests"
    assert moved.log_odds == pytest.approx(answered.score - plain.score, abs=1e-3)
    assert {part.name for part in answered.parts} - {"answers"} == {part.name for part in plain.parts}


def test_far_down_a_ranking_no_parts_are_told() -> None:
    ranking = RANKER.rank([make_reader({"owls": 6})], DAY, ARCHIVE)[0]

    assert all(one.parts for one in ranking[:20])
    assert not any(one.parts for one in ranking[20:])


@pytest.mark.parametrize("archive", [ARCHIVE, NOTHING_OLDER], ids=["an archive", "no archive"])
def test_a_citation_counts_for_likes_alone_with_and_without_an_archive(archive: Archive) -> None:
    asked = make_reader({"owls": 6})
    key = f"arxiv:{id_of('owls', 0, 'liked')}"
    cites = replace(archive, references={BREAD: frozenset({key})}, citations={key: 1}, papers=1000)

    plain, tied = (_ranked(asked, archive=some, paper=BREAD) for some in (archive, cites))

    part = {part.name: part for part in tied.parts}["citations"]
    assert tied.score - plain.score == pytest.approx(part.log_odds, abs=1e-3)
    assert part.words.startswith("cites ")
