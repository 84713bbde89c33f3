"""Ranking for whoever is described in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.loading import read_papers_file, store_papers
from flows.rankings import rank_request_file
from flows.steps import index_chunks
from flows.wiring import Parts
from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.subscriber import Volume
from rerank import open_ranker
from tests.fakes.parts import open_test_parts
from tests.fakes.rankings import TitleRanker
from tests.fakes.tastes import TOPICS, id_of, make_topical

ARCHIVED = [make_topical(topic, number, "archive") for number in range(8) for topic in TOPICS]
LIKED = [make_topical("owls", number, "liked") for number in range(3)]
TODAY = [make_topical(topic, number) for topic in ("owls", "bread", "bees") for number in range(2)]
IDS = [one.paper.id for one in TODAY]
OWL = id_of("owls", 0, "liked")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """A home of an archive of 64 papers, three younger ones to like, and six of the day."""
    folder = tmp_path_factory.mktemp("requests")
    days = ((ARCHIVED, "2026-01-05"), (LIKED, "2026-11-16"), (TODAY, "2026-11-17"))
    records = [
        {
            "id": one.paper.id,
            "title": one.paper.title,
            "authors": list(one.paper.authors),
            "abstract": one.paper.abstract,
            "categories": ["math.NT" if one.paper.id == IDS[0] else "cs.IR"],
            "first_listed": day,
        }
        for papers, day in days
        for one in papers
    ]
    path = folder / "papers.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with open_test_parts(load_settings(home=folder / "home")) as opened:
        store_papers(opened, read_papers_file(path))
        index_chunks(opened)
        opened.ranker = open_ranker(opened.encoder)
        yield opened


def _rank(parts: Parts, folder: Path, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    path = folder / "requests.jsonl"
    path.write_text("\n".join(map(json.dumps, requests)), encoding="utf-8")
    return list(rank_request_file(parts, path))


def _scores(answer: dict[str, Any]) -> dict[str, float]:
    return {one["id"]: one["score"] for one in answer["ranking"]}


def _ask(**said: object) -> dict[str, Any]:
    return {"user": "ada", "candidates": IDS, **said}


def test_each_line_is_answered_in_its_order(parts: Parts, tmp_path: Path) -> None:
    one, other = _rank(parts, tmp_path, _ask(interests=["owl feather"]), _ask(user=7, interests=["bread dough"]))

    assert (one["user"], other["user"]) == ("ada", "7")
    assert set(_scores(one)) == set(_scores(other)) == set(IDS)
    assert one["ranking"][0]["id"] in {id_of("owls", 0), id_of("owls", 1)}
    assert other["ranking"][0]["id"] in {id_of("bread", 0), id_of("bread", 1)}
    assert set(one["ranking"][0]) == {"id", "score", "probability"}


def test_a_day_stands_for_its_candidates(parts: Parts, tmp_path: Path) -> None:
    by_day, by_ids = _rank(parts, tmp_path, {"user": "ada", "day": "2026-11-17"}, _ask())

    assert by_day == by_ids


def test_no_candidates_are_ranked_as_nothing(parts: Parts, tmp_path: Path) -> None:
    (answer,) = _rank(parts, tmp_path, {"user": "ada", "likes": [OWL], "interests": ["owls"], "candidates": []})

    assert answer == {"user": "ada", "ranking": [], "unknown": []}


def test_an_interest_is_a_text_or_an_object_with_one(parts: Parts, tmp_path: Path) -> None:
    plain, whole = _rank(parts, tmp_path, _ask(interests=["owl feather"]), _ask(interests=[{"text": "owl feather"}]))

    assert plain["ranking"] == whole["ranking"]


def test_all_of_an_interest_is_read(parts: Parts, tmp_path: Path) -> None:
    said = {"text": "owl  feather", "weight": 2, "categories": ["math.*"], "seeds": [f"arXiv:{OWL}v2"]}

    (asked,) = _asked(parts, tmp_path, interests=[said])

    (interest,) = asked.profile.interests
    assert (interest.text, interest.weight) == ("owl  feather", 2.0)
    assert (interest.categories, interest.seeds) == (("math.*",), (OWL,))
    assert [one.paper.id for one in asked.liked] == [OWL]


def test_all_of_a_profile_is_read(parts: Parts, tmp_path: Path) -> None:
    (asked,) = _asked(
        parts,
        tmp_path,
        negatives=["kites"],
        authors=["Ada Lind"],
        likes=[OWL],
        dislikes=[id_of("owls", 1, "liked")],
        saves=[id_of("owls", 2, "liked")],
        avoided_authors=["Bo Okafor"],
        categories=["cs.*"],
        volume="few",
    )

    profile = asked.profile
    assert (profile.negatives, profile.authors) == (("kites",), ("Ada Lind",))
    assert (profile.avoided_authors, profile.categories) == (("Bo Okafor",), ("cs.*",))
    assert profile.volume is Volume.FEW
    assert asked.gate == pytest.approx(0.75)
    assert [one.paper.id for one in asked.liked] == [OWL, id_of("owls", 2, "liked")]
    assert [one.paper.id for one in asked.disliked] == [id_of("owls", 1, "liked")]


def _asked(parts: Parts, folder: Path, **said: object) -> list[Any]:
    """What a ranker is asked for such a line."""
    before, parts.ranker = parts.ranker, TitleRanker()
    try:
        _rank(parts, folder, _ask(**said))
        return parts.ranker.calls[0]
    finally:
        parts.ranker = before


def test_saves_teach_as_likes_do(parts: Parts, tmp_path: Path) -> None:
    liked, saved, nothing = _rank(parts, tmp_path, _ask(likes=[OWL]), _ask(saves=[OWL]), _ask())

    assert liked["ranking"] == saved["ranking"]
    assert _scores(liked)[IDS[0]] > _scores(nothing)[IDS[0]]


def test_an_avoided_author_comes_last(parts: Parts, tmp_path: Path) -> None:
    name = TODAY[0].paper.authors[0]

    (answer,) = _rank(parts, tmp_path, _ask(interests=["owl feather"], likes=[OWL], avoided_authors=[name]))

    assert answer["ranking"][-1]["id"] == IDS[0]
    assert answer["ranking"][-1]["probability"] < 0.001


def test_a_hinted_category_lifts_its_papers(parts: Parts, tmp_path: Path) -> None:
    plain, hinted = _rank(parts, tmp_path, _ask(likes=[OWL]), _ask(likes=[OWL], categories=["math.NT"]))

    lifted = {one: round(_scores(hinted)[one] - _scores(plain)[one], 3) for one in IDS}
    assert lifted == dict.fromkeys(IDS, 0.0) | {IDS[0]: 0.7}


def test_likes_are_measured_against_what_is_older_or_in_a_young_archive_against_all(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _ask(likes=[one.paper.id for one in LIKED], interests=["owl feather"])
    (young,) = _rank(parts, tmp_path, asked)
    # A line that also asks for the oldest papers leaves nothing that is older than all candidates.
    nothing_older, _ = _rank(parts, tmp_path, asked, _ask(candidates=[ARCHIVED[0].paper.id]))
    monkeypatch.setattr("pipeline.material.ENOUGH", len(ARCHIVED))

    (grown_up,) = _rank(parts, tmp_path, asked)

    assert _scores(young) == _scores(nothing_older)
    assert _scores(young) != _scores(grown_up)


def test_one_reader_changes_nothing_for_another(parts: Parts, tmp_path: Path) -> None:
    asked = _ask(likes=[OWL], interests=["owl feather"])
    other = _ask(user="bo", likes=[id_of("bread", 0, "archive")], dislikes=[OWL], interests=["bread dough"])

    assert _rank(parts, tmp_path, other, asked)[1] == _rank(parts, tmp_path, asked)[0]


def test_what_is_not_stored_is_named(parts: Parts, tmp_path: Path) -> None:
    unknown = ["2699.00001", "2699.00002", "2699.00003"]
    asked = _ask(candidates=[*IDS, unknown[2]], saves=[unknown[1]], interests=[{"text": "owls", "seeds": [unknown[0]]}])

    (answer,) = _rank(parts, tmp_path, asked)

    assert answer["unknown"] == unknown
    assert set(_scores(answer)) == set(IDS)


@pytest.mark.parametrize(
    "said, complaint",
    [
        ({"interests": "owls"}, "'interests' is no list of texts"),
        ({"interests": [3]}, "'interests' is no list of texts, or of objects with a text: 3"),
        ({"interests": [{"weight": 2}]}, "of objects with a text: {'weight': 2}"),
        ({"interests": [{"text": "owls", "weight": 0}]}, "weight of an interest is no number from 1e-06 to 1000000: 0"),
        ({"interests": [{"text": "owls", "weight": float("nan")}]}, "1000000: nan"),
        ({"interests": [{"text": "owls", "weight": float("inf")}]}, "1000000: inf"),
        ({"interests": [{"text": "owls", "weight": 10**400}]}, "1000000: 1000"),
        ({"interests": [{"text": "owls", "weight": True}]}, "1000000: True"),
        ({"interests": [{"text": "owls", "seeds": ["no id"]}]}, "no id"),
        ({"likes": [3]}, "'likes' is no list of texts"),
        ({"avoided_authors": "Ada Lind"}, "'avoided_authors' is no list of texts"),
        ({"volume": "lots"}, "'volume' is none of few, normal, many: 'lots'"),
        ({"volume": ["few"]}, "'volume' is none of few, normal, many"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line(
    parts: Parts, tmp_path: Path, said: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UsageError, match=r"requests\.jsonl, line 2: ") as caught:
        _rank(parts, tmp_path, _ask(), _ask(**said))

    assert complaint in str(caught.value)


@pytest.mark.parametrize("line", [{"candidates": []}, {"user": "ada"}, {"user": "ada", "day": "yesterday"}, 3, [1]])
def test_a_line_that_lacks_what_it_must_have_is_refused(parts: Parts, tmp_path: Path, line: Any) -> None:
    with pytest.raises(UsageError):
        _rank(parts, tmp_path, line)


def test_a_bad_line_is_told_before_anything_is_ranked(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text(f"{json.dumps(_ask())}\nnot json\n", encoding="utf-8")

    with pytest.raises(UsageError, match="line 2: not JSON"):
        next(rank_request_file(parts, path))


def test_ranking_stores_nothing(parts: Parts, tmp_path: Path) -> None:
    _rank(parts, tmp_path, _ask(likes=[OWL], interests=["owl feather"]))

    with parts.store.read() as work:
        assert work.subscribers.active() == []
        assert work.past.days(date(2026, 1, 1), date(2026, 12, 31)) == [
            date(2026, 1, 5),
            date(2026, 11, 16),
            date(2026, 11, 17),
        ]
