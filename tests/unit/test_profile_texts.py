"""What people read of a profile, and of an erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flows.belief_texts import belief_lines, beliefs_json, profile_lines
from flows.commands.personal import warnings_of
from flows.profiles import Belief, Beliefs, NamedPaper, Opinion
from pipeline.author_papers import AuthorFetch
from pipeline.erasure import Erasure
from pipeline.subscriber import FeedbackKind, Interest, Origin, Profile, Subscriber, Volume

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
GRAPHS = Interest("graphs", 0.5, ("cs.LG", "stat.ML"))
PROFILE = Profile(
    (GRAPHS,),
    ("images",),
    ("Ada Lind", "lind_a_1", "nobody_x_1", "okafor_b_1"),
    avoided_authors=("B. Noisy", "C. Loud"),
    volume=Volume.MANY,
)
LIKED, SAVED = NamedPaper("2611.00001", "On graphs"), NamedPaper("2611.00002", "")
BELIEFS = Beliefs(
    Subscriber("a@example.org", NOON, PROFILE, is_active=False, id=1),
    (Belief(GRAPHS, (), (LIKED,)),),
    (SAVED,),
    (
        Opinion(LIKED, FeedbackKind.LIKE, NOON, Origin.TAP),
        Opinion(SAVED, FeedbackKind.SAVE, NOON, Origin.LIBRARY),
        Opinion(NamedPaper("2611.00003", "On images"), FeedbackKind.DISLIKE, NOON, Origin.COMMAND),
    ),
    {
        "lind_a_1": AuthorFetch("lind_a_1", "Ada Lind", 12, NOON),
        "nobody_x_1": AuthorFetch("nobody_x_1", "", 0, NOON),
    },
)


def test_everything_that_is_believed_is_said_in_words() -> None:
    assert belief_lines(BELIEFS) == [
        "a@example.org, subscribed since 17 November 2026, gets no mail now",
        "",
        "  1  graphs, weight 0.5, in cs.LG, stat.ML",
        "     you liked 2611.00001  On graphs",
        "likes near no interest: 2611.00002  (not stored)",
        "not: images",
        "follows: Ada Lind",
        "follows: lind_a_1, Ada Lind, 12 papers at arXiv as of 2026-11-17",
        "follows: nobody_x_1, under whom arXiv lists nothing",
        "follows: okafor_b_1, whom the next run asks arXiv about",
        "avoids: B. Noisy; C. Loud",
        "wants to read: many papers",
        "liked on 2026-11-17 in a mail: 2611.00001  On graphs",
        "disliked on 2026-11-17 by command: 2611.00003  On images",
        "saved on 2026-11-17 from a library: 2611.00002  (not stored)",
    ]


def test_what_somebody_said_fits_into_few_lines() -> None:
    assert profile_lines(PROFILE) == [
        "  1  graphs, weight 0.5, in cs.LG, stat.ML",
        "not: images",
        "follows: Ada Lind; lind_a_1; nobody_x_1; okafor_b_1",
        "avoids: B. Noisy; C. Loud",
        "wants to read: many papers",
    ]


def test_an_author_told_by_number_is_shown_with_what_arxiv_said() -> None:
    authors = beliefs_json(BELIEFS)["authors"]

    assert [(one["author"], one["is_number"], one["name"], one["papers"]) for one in authors] == [
        ("Ada Lind", False, "", None),
        ("lind_a_1", True, "Ada Lind", 12),
        ("nobody_x_1", True, "", 0),
        ("okafor_b_1", True, "", None),
    ]


def test_an_erasure_tells_of_mails_and_of_what_is_left() -> None:
    clean = Erasure("a@example.org", 9, 4, unsent=0, in_doubt=0, is_scrubbed=True)

    assert warnings_of(clean) == []
    assert warnings_of(replace(clean, unsent=1, in_doubt=2, is_scrubbed=False)) == [
        "mails to a@example.org that waited and will not be sent: 1",
        "mails that were handed over without an answer, and may have arrived: 2",
        "another process still reads the database: its log keeps what was erased until that has ended",
    ]
