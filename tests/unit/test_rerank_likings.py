"""What liked papers say of a day, each feature by its definition."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pipeline.ports import I64, Candidate
from rerank.background import FEWEST, Background, learn_background
from rerank.day import lay_out
from rerank.likings import FEATURES, Likings
from tests.fakes.tastes import TOPICS, make_archive, make_topical, make_topical_day

ARCHIVE = make_archive()
LIKED = tuple(make_topical(topic, number, "liked") for topic in ("owls", "bread") for number in range(6))
OWLS, BREAD = np.arange(6), np.arange(6, 12)


def _background() -> Background:
    learned = learn_background(ARCHIVE.sample)
    assert learned
    return learned


@pytest.fixture(scope="module")
def likings() -> Likings:
    return Likings(lay_out(make_topical_day(), 256), _background(), LIKED)


def _parts(likings: Likings, rows: I64) -> dict[str, np.ndarray]:
    return dict(zip(FEATURES, likings.among(np.arange(len(LIKED))).of(rows).parts, strict=True))


def _is_of(topic: str) -> np.ndarray:
    """Which papers of the day are of a topic; a day stands in the order of its ids, which is that of the topics."""
    return np.repeat(np.asarray(TOPICS) == topic, 4)


def test_of_too_few_papers_nothing_is_learned() -> None:
    assert learn_background(ARCHIVE.sample[: FEWEST - 1]) is None
    assert learn_background(ARCHIVE.sample[:FEWEST]) is not None


def test_papers_without_text_are_not_learned_from() -> None:
    textless = [replace(one, chunks=(), vectors=np.zeros((0, 256), np.float32)) for one in ARCHIVE.sample[:21]]

    assert learn_background([*textless, *ARCHIVE.sample[21:]]) is None


def test_half_of_a_small_sample_is_the_ruler_and_the_rest_is_chance() -> None:
    background = _background()

    assert background.chance == 40
    assert background.ruler.tolist() == [one.vectors[0].tolist() for one in ARCHIVE.sample[40:]]
    assert background.texts.rows.shape[0] == background.titles.rows.shape[0] == 80


def test_authors_are_counted_once_a_paper_however_they_are_written() -> None:
    twice = replace(ARCHIVE.sample[0], paper=replace(ARCHIVE.sample[0].paper, authors=("Ada  Lind", "ada lind")))
    learned = learn_background([twice, *ARCHIVE.sample[1:]])

    assert learned
    assert learned.authors["ada lind"] == 1


@pytest.mark.parametrize("feature", ["meaning", "words"])
@pytest.mark.parametrize("topic, rows", [("owls", OWLS), ("bread", BREAD)])
def test_papers_of_a_liked_topic_stand_out_in(feature: str, topic: str, rows: I64, likings: Likings) -> None:
    told = _parts(likings, rows)[feature]

    assert told[_is_of(topic)].min() > told[~_is_of(topic)].max()


def test_a_unit_is_a_deviation_of_papers_at_random() -> None:
    of_archive = Likings(lay_out(ARCHIVE.sample[40:], 256), _background(), LIKED)  # the ruler itself as a day

    meaning, words, titles, _ = _parts(of_archive, OWLS).values()

    # A measured feature is of mean 0 and deviation 1 over the ruler; two together are of mean 0.
    assert [float(some.mean()) for some in (meaning, words, titles)] == pytest.approx([0, 0, 0], abs=1e-4)
    assert float(titles.std()) == pytest.approx(0.4, abs=1e-4)


def test_the_discriminant_is_the_shrunk_one_of_fisher(likings: Likings) -> None:
    background = _background()
    covariance = np.cov(np.stack([one.vectors[0] for one in ARCHIVE.sample]).T.astype(np.float64))
    shrinkage = (0.3 + 100 / 6) * np.trace(covariance) / 256
    apart = np.stack([one.vectors[0] for one in LIKED[:6]]).mean(axis=0) - background.mean

    expected = np.linalg.solve(covariance + shrinkage * np.eye(256), apart)

    assert likings.directions([OWLS])[0] == pytest.approx(expected, abs=1e-2 * float(np.abs(expected).max()))


def test_an_author_tells_the_more_the_less_they_write_otherwise() -> None:
    def by(candidate: Candidate, name: str) -> Candidate:
        return replace(candidate, paper=replace(candidate.paper, authors=(name,)))

    often = [by(one, "Of Ten") if at < 9 else one for at, one in enumerate(ARCHIVE.sample)]
    background = learn_background(often)
    assert background
    day = (make_topical("clocks", 0, authors=("OF  TEN",)), make_topical("clocks", 1, authors=("rare one", "Of Ten")))
    liked = [by(LIKED[0], "Of Ten"), by(LIKED[1], "Rare One"), by(LIKED[2], "Rare One")]

    told = Likings(lay_out(day, 256), background, liked).authors(np.arange(3))

    assert told.tolist() == pytest.approx([math.log1p(1 / 10), math.log1p(1 / 10 + 2)])


def test_groups_judged_together_are_judged_as_each_alone(likings: Likings) -> None:
    compared = likings.among(np.arange(len(LIKED)))

    together = compared.of_groups([OWLS, BREAD, OWLS[:1]])

    for rows, liking in zip([OWLS, BREAD, OWLS[:1]], together, strict=True):
        assert liking.likes == len(rows)
        assert liking.parts == pytest.approx(compared.of(rows).parts, abs=1e-3)
    assert compared.of_groups([]) == []


def test_some_liked_papers_are_found_again_among_others(likings: Likings) -> None:
    some = np.asarray([2, 3, 8])

    alone, among_all = likings.among(some).of(some), likings.among(np.arange(len(LIKED))).of(some)

    assert alone.parts == pytest.approx(among_all.parts, abs=1e-3)


def test_a_like_counts_by_the_nearest_five_however_many_others_there_are(likings: Likings) -> None:
    far = np.concatenate([OWLS, BREAD])

    told = _parts(likings, far)["meaning"]

    assert told[_is_of("owls") | _is_of("bread")].min() > np.median(told[~(_is_of("owls") | _is_of("bread"))])
