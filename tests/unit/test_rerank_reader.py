"""What one reader gets to see, through the whole ranker with the fake encoder."""

from __future__ import annotations

from pipeline.digest import Ranked
from pipeline.document import Box
from pipeline.ports import Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from tests.fakes.candidates import make_candidate
from tests.fakes.encoder import HashedEncoder

OWLS = make_candidate(
    "2611.00001",
    "Owls hunt voles at night.",
    "We count foxes. Snowy owls hunt voles at night in deep snow.",
    title="Night hunters",
)
FOXES = make_candidate("2611.00002", "Foxes dig dens in sand.", title="Dens", authors=("Jane Smith",))
TUMOURS = make_candidate("2611.00003", "Owls hunt voles at night near clinical tumour wards.", title="Wards")
DAY = (OWLS, FOXES, TUMOURS)
IDS = frozenset(one.paper.id for one in DAY)
HUNTING = Interest("owls hunting voles at night")


def _rank(profile: Profile, day: tuple[Candidate, ...] = DAY, **papers: tuple[Candidate, ...]) -> list[Ranked]:
    request = RankRequest(profile, IDS, papers.get("liked", ()), papers.get("disliked", ()))
    return open_ranker(HashedEncoder()).rank([request], day)[0]


def _by_id(ranking: list[Ranked]) -> dict[str, Ranked]:
    return {one.paper_id: one for one in ranking}


def test_a_reason_names_the_interest_and_where_it_matched() -> None:
    best = _rank(Profile((HUNTING,)))[0]

    assert best.paper_id == OWLS.paper.id
    assert best.interest == "owls hunting voles at night"
    assert best.why == 'Matches "owls hunting voles at night" in the abstract.'


def test_full_text_is_quoted_where_it_is_nearly_as_good_as_the_abstract() -> None:
    best = _rank(Profile((Interest("snowy owls hunting voles at night in deep snow"),)))[0]

    assert best.passage is not None
    assert best.passage.text == "Snowy owls hunt voles at night in deep snow."
    assert (best.passage.page, best.passage.section, best.passage.chunk_id) == (1, "1 Part 1", 2)
    assert best.passage.box == Box(100, 100, 900, 200)
    assert best.why.endswith("in section 1, page 1.")


def test_a_worse_passage_is_never_preferred_to_the_abstract() -> None:
    best = _rank(Profile((HUNTING,)))[0]

    assert best.passage is not None
    assert best.passage.text == "Owls hunt voles at night."


def test_a_negative_drops_a_paper_below_the_gate_and_leaves_the_others_as_they_were() -> None:
    without = _by_id(_rank(Profile((HUNTING,))))
    with_negative = _by_id(_rank(Profile((HUNTING,), ("clinical tumour",))))

    assert without[TUMOURS.paper.id].probability > 0.5
    assert with_negative[TUMOURS.paper.id].probability < 0.5
    assert with_negative[TUMOURS.paper.id].why == 'Is about "clinical tumour", which you do not want.'
    assert with_negative[OWLS.paper.id] == without[OWLS.paper.id]


def test_an_exception_within_an_interest_works_as_a_negative() -> None:
    ranking = _by_id(_rank(Profile((Interest("owls hunting voles at night, but not clinical tumour wards"),))))

    assert ranking[OWLS.paper.id].probability > 0.5
    assert ranking[TUMOURS.paper.id].probability < 0.5


def test_a_followed_author_stands_first_whatever_the_interests() -> None:
    first, second = _rank(Profile((HUNTING,), (), ("J. Smith",)))[:2]

    assert (first.paper_id, first.probability) == (FOXES.paper.id, 0.95)
    assert first.why == "By Jane Smith; you follow J. Smith."
    assert second.paper_id == OWLS.paper.id
    assert first.score > second.score


def test_with_nothing_but_followed_authors_the_others_have_no_chance() -> None:
    ranking = _rank(Profile((), (), ("Jane Smith",)))

    assert [one.paper_id for one in ranking] == [FOXES.paper.id, OWLS.paper.id, TUMOURS.paper.id]
    assert [one.probability for one in ranking] == [0.95, 0.0, 0.0]
    assert [one.why for one in ranking[1:]] == ["Not by anyone you follow."] * 2


def test_likes_alone_rank_a_day() -> None:
    liked = make_candidate("2610.00001", "Owls hunt voles at dusk.", title="Dusk hunters")

    ranking = _rank(Profile(likes=("2610.00001",)), liked=(liked,))

    assert [one.paper_id for one in ranking] == [OWLS.paper.id, TUMOURS.paper.id, FOXES.paper.id]
    assert ranking[0].probability > 0.5 > ranking[2].probability
    assert ranking[0].interest == ""
    assert ranking[0].why == 'Similar to "Dusk hunters", which you liked.'


def test_a_like_lifts_what_resembles_it_and_lowers_nothing() -> None:
    liked = make_candidate("2610.00001", "Owls hunt voles at dusk.", title="Dusk hunters")
    profile = Profile((Interest("owls and foxes"),))

    plain, taught = _by_id(_rank(profile)), _by_id(_rank(profile, liked=(liked,)))

    assert taught[OWLS.paper.id].score > plain[OWLS.paper.id].score
    assert taught[FOXES.paper.id].score == plain[FOXES.paper.id].score


def test_a_dislike_lowers_what_resembles_it_and_says_so() -> None:
    disliked = make_candidate("2610.00001", "Owls hunt voles at night.", title="Seen before")

    ranking = _by_id(_rank(Profile((HUNTING,)), disliked=(disliked,)))

    assert ranking[OWLS.paper.id].score < _by_id(_rank(Profile((HUNTING,))))[OWLS.paper.id].score
    assert ranking[OWLS.paper.id].why.endswith("; close to a paper you disliked.")


def test_an_empty_profile_gets_the_day_by_id_with_probability_zero_and_is_told_why() -> None:
    ranking = _rank(Profile())

    assert [one.paper_id for one in ranking] == sorted(IDS)
    assert {one.probability for one in ranking} == {0.0}
    assert {one.why for one in ranking} == {"Nothing to go by yet: add an interest, like a paper or follow an author."}


def test_negatives_without_interests_recommend_nothing() -> None:
    assert max(one.probability for one in _rank(Profile((), ("clinical",)))) == 0.0


def test_on_a_day_without_a_match_nobody_passes() -> None:
    ranking = _rank(Profile((Interest("lattice quantum chromodynamics"),)))

    assert all(one.probability < 0.1 for one in ranking)
    assert {one.why for one in ranking} == {"Not close to anything you asked for."}


def test_papers_far_down_come_with_their_opening() -> None:
    many = tuple(make_candidate(f"2611.1{at:04d}", f"Salt number {at}. More salt.", title="Salt") for at in range(30))
    request = RankRequest(Profile((HUNTING,)), frozenset(one.paper.id for one in many))

    last = open_ranker(HashedEncoder()).rank([request], many)[0][-1]

    assert last.passage is not None
    assert last.passage.text == f"Salt number {int(last.paper_id[6:])}."
