"""An issue knows whom its papers resemble and repeat, and how much was asked for; taps are kept and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.digest import Mention, Ranked
from pipeline.stages.compose import draft_issue
from pipeline.store import Store, open_store
from pipeline.subscriber import Feedback, FeedbackKind, Origin, Profile, Subscriber, Volume
from tests.fakes.papers import make_paper
from tests.fakes.site import CLOSED, DAY, NOW, OLD, OPEN, UNREAD, Built

LIKE = Feedback("2611.00001", FeedbackKind.LIKE, NOW, Origin.TAP)


def ranked(paper_id: str, place: int = 0, same_as: str = "", like: tuple[str, ...] = ()) -> Ranked:
    return Ranked(paper_id, 2.0 - place, 0.9, "It matches.", place=place, same_as=same_as, like=like)


def test_an_issue_names_the_papers_that_its_items_resemble_and_those_that_repeat_them(built: Built) -> None:
    ranking = [
        ranked(OPEN.id, place=1, like=(OPEN.id, OLD.id, "1201.00001")),
        ranked(CLOSED.id, same_as=OPEN.id),
        ranked(UNREAD.id, place=2, same_as=OPEN.id),
    ]

    with built.store.read() as work:
        issue = draft_issue(work, work.subscribers.by_id(built.reader), DAY, ranking)

    assert [(item.paper_id, item.like, item.also) for item in issue.items] == [
        (OPEN.id, (Mention(OLD.id, OLD.title),), (Mention(CLOSED.id, CLOSED.title),)),
        (UNREAD.id, (), ()),
    ]


def test_an_issue_knows_how_much_its_reader_asked_for(built: Built) -> None:
    with built.store.read() as work:
        reader = work.subscribers.by_id(built.reader)
        few = replace(reader, profile=replace(reader.profile, volume=Volume.FEW))

        assert draft_issue(work, few, DAY, [ranked(OPEN.id, place=1)]).volume is Volume.FEW


@pytest.fixture
def taught(tmp_path: Path) -> Iterator[tuple[Store, int]]:
    """A store with one paper, and a reader who likes it."""
    store = open_store(f"sqlite:///{tmp_path / 'taps.db'}")
    with store.begin() as work:
        work.papers.save([make_paper(LIKE.paper_id)], DAY)
        reader = work.subscribers.save(Subscriber("ada@example.org", NOW, Profile())).id
        work.subscribers.add_feedback(reader, [LIKE])
    yield store, reader
    store.close()


def test_the_newest_word_on_a_paper_stands(taught: tuple[Store, int]) -> None:
    store, reader = taught
    with store.begin() as work:
        assert work.taps.standing(reader, LIKE.paper_id) == LIKE
        work.subscribers.add_feedback(reader, [replace(LIKE, kind=FeedbackKind.SAVE)])

        assert work.taps.standing(reader, LIKE.paper_id) == replace(LIKE, kind=FeedbackKind.SAVE)
        assert work.taps.standing(reader + 1, LIKE.paper_id) is None


def test_a_tap_is_taken_back_but_no_other_word(taught: tuple[Store, int]) -> None:
    store, reader = taught
    with store.begin() as work:
        assert not work.taps.take_back(reader, LIKE.paper_id, FeedbackKind.SAVE)
        assert not work.taps.take_back(reader + 1, LIKE.paper_id, FeedbackKind.LIKE)
        assert work.taps.take_back(reader, LIKE.paper_id, FeedbackKind.LIKE)
        work.subscribers.add_feedback(reader, [replace(LIKE, origin=Origin.LIBRARY)])

        assert not work.taps.take_back(reader, LIKE.paper_id, FeedbackKind.LIKE)


def test_the_interest_of_a_ranking_is_its_reader_s(taught: tuple[Store, int]) -> None:
    store, reader = taught
    with store.begin() as work:
        work.issues.save_ranking(reader, DAY, [replace(ranked(LIKE.paper_id), interest="graphs")])

        assert work.taps.matched_interest(reader, LIKE.paper_id) == "graphs"
        assert work.taps.matched_interest(reader + 1, LIKE.paper_id) == ""
