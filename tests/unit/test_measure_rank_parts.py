"""Calibration, readers put together, and beginnings, on examples worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from flows.evaluation.rank_calibration import Told, calibration_rows, expected_error, reliability
from flows.evaluation.rank_cold_start import LIKES, cold_start_rows
from flows.evaluation.rank_merged import merge, merged_interests, merged_readers
from flows.evaluation.rank_methods import baselines, scaled, top_mean
from flows.evaluation.rank_quality import Material
from flows.evaluation.rank_scores import measures
from flows.evaluation.rank_sets import Judged, KnownReader
from pipeline.digest import Ranked
from pipeline.ports import NOTHING_OLDER, Archive, Candidate, Ranker, RankRequest
from pipeline.stages import no_progress
from pipeline.subscriber import Profile
from tests.fakes.candidates import make_candidate


def test_a_bin_tells_what_was_promised_and_what_was_kept() -> None:
    promised, kept = np.array([0.05, 0.15, 0.11, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])

    assert reliability(promised, kept) == {
        0: (0.05, 0.0, 1),
        1: (pytest.approx(0.13), 0.5, 2),
        9: (1.0, 1.0, 1),
    }
    assert expected_error(promised, kept) == pytest.approx((0.05 + 2 * 0.37 + 0.0) / 4)


def test_the_gates_tell_precision_recall_and_papers_a_day() -> None:
    is_head = np.array([True, False, False, False])
    told = {"ada": Told(np.array([0.9, 0.6, 0.3, 0.1]), np.array([1.0, 0.0, 1.0, 0.0]), is_head, 2)}

    rows = {(row.dataset, row.metric): row.value for row in calibration_rows("ours", told)}

    assert rows["worth your time, normal (0.50)", "precision"] == 0.5
    assert rows["worth your time, normal (0.50)", "recall"] == 0.5
    assert rows["worth your time, many (0.25)", "papers a day"] == 1.5
    assert rows["worth your time, few (0.75)", "precision"] == 1.0
    assert rows["calibration", "kept"] == 0.5
    assert rows["calibration", "c"] == pytest.approx(2 / 1.9)
    assert rows["calibration", "ECE, best 20 of a day"] == pytest.approx(0.1)


def test_kept_over_c_is_right_where_everything_worth_it_is_kept_with_the_same_chance() -> None:
    promised = np.repeat([0.2, 0.8], 100)
    kept = (np.arange(200) % 100 < np.repeat([4, 16], 100)).astype(np.float64)  # a fifth of what is worth it

    rows = {
        (row.dataset, row.metric): row.value
        for row in calibration_rows("ours", {"ada": Told(promised, kept, kept > 0, 10)})
    }

    assert rows["calibration", "c"] == pytest.approx(0.2)
    assert rows["calibration", "ECE / c, all papers"] == pytest.approx(0.0)
    assert rows["calibration", "ECE, all papers"] == pytest.approx(0.4)
    assert rows["calibration, 0.8 to 0.9", "kept / c"] == pytest.approx(0.8)
    assert rows["worth your time, normal (0.50)", "precision / c"] == pytest.approx(0.8)


def test_without_labels_nothing_is_calibrated() -> None:
    assert list(calibration_rows("ours", {})) == []


def reader(name: str, first_day: int, *likes: str, is_general: bool = False) -> KnownReader:
    """Keeps `NAME-D` on three days from its first one, among six papers a day."""
    days = tuple(
        Judged(f"2026-01-{day}", tuple(f"{who}-{day}" for who in "abcdef"), {f"{name}-{day}": 1.0})
        for day in range(first_day, first_day + 3)
    )
    return KnownReader(name, Profile(likes=likes), ("old", *likes[:1]), days, is_general)


def test_a_merged_reader_keeps_what_any_member_kept_once_all_are_known() -> None:
    both = merge([reader("a", 11, "a1", "a2", "a3"), reader("b", 12, "b1", "b2")])

    assert [one.label for one in both.judged] == ["2026-01-12", "2026-01-13"]
    assert set(both.judged[0].grades) == {"a-12", "b-12"}
    assert both.judged[0].topics == (frozenset({"a-12"}), frozenset({"b-12"}))
    assert both.profile.likes == ("a1", "a2", "b1", "a3", "b2")
    assert both.background == ("old",)
    assert merged_interests([both], {"b": ("birds",), "c": ("cars",)}) == {"a + b": ("birds",)}


def test_topics_are_put_together_in_twos_and_threes_but_not_what_is_popular() -> None:
    readers = [reader("a", 11), reader("b", 12), reader("c", 12), reader("d", 12, is_general=True)]

    found = merged_readers(readers)

    assert {name: [one.name for one in some] for name, some in found.items()} == {
        "2 topics in one reader": ["a + b", "b + c"],
        "3 topics in one reader": ["a + b + c"],
    }


def test_the_worse_topic_is_told() -> None:
    ids = tuple(f"{number:02}" for number in range(30))
    judged = Judged("a day", ids, {"00": 1.0, "29": 1.0}, topics=(frozenset({"00"}), frozenset({"29"})))

    assert measures(judged, [0.0] * 30)["R@20, worse topic"] == 0.0
    assert measures(judged, [0.0] * 29 + [1.0])["R@20, worse topic"] == 1.0


class ByLikes:
    """Implements `pipeline.ports.Ranker`: finds the paper `a` once three papers are liked, or an interest is told."""

    def __init__(self) -> None:
        self.asked: list[RankRequest] = []

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        del candidates, archive
        self.asked += requests
        return [
            [
                Ranked(paper_id, float(self._knows(request) and paper_id == "a"), 0.5, "")
                for paper_id in request.eligible
            ]
            for request in requests
        ]

    def _knows(self, request: RankRequest) -> bool:
        return len(request.liked) >= 3 or bool(request.profile.interests)


class Papers:
    """Stands for `Material`: any id is a paper."""

    def papers(self, ids: Sequence[str]) -> tuple[Candidate, ...]:
        return tuple(make_candidate(one, f"About {one}.") for one in ids)

    asked = Material.asked


def test_beginnings_grow_like_by_like() -> None:
    likes = tuple(f"like{number}" for number in range(12))
    day = Judged("2026-01-11", ("0", "1", "a"), {"a": 1.0})
    known = KnownReader("ada", Profile(likes=likes), (), (day,))
    ranker: Ranker = ByLikes()

    rows = list(cold_start_rows(ranker, cast("Material", Papers()), [known], {"ada": ("graphs",)}, no_progress))

    curve = {(row.dataset, row.method): row.value for row in rows if row.metric == "AUC"}
    counts = [f"cold start, {count} likes" for count in LIKES[:-1]]  # of twelve likes, twenty cannot be drawn
    assert [curve[name, "autoreader"] for name in counts] == [0.5, 0.5, 1.0, 1.0, 1.0]
    assert [curve[name, "autoreader + interest"] for name in counts] == [1.0] * 5
    asked = [set(request.profile.likes) for request in cast("ByLikes", ranker).asked if not request.profile.interests]
    assert [len(some) for some in asked] == [0, 1, 3, 5, 10] + [1, 3, 5, 10] * 3
    assert asked[1] < asked[2] < asked[3] < asked[4]


def test_scores_are_scaled_and_the_nearest_averaged() -> None:
    assert scaled(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert scaled(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    assert top_mean(np.array([[1, 5, 3]], np.float32), 2).tolist() == [4.0]
    assert next(iter(baselines())) == "random"
