"""Who won by what readers made of drafted papers."""

from __future__ import annotations

import pytest

from pipeline.interleaving import Drafted, drafted_by, read_label, sign_test, tally
from pipeline.subscriber import FeedbackKind

A, B = drafted_by("learned", "words"), drafted_by("words", "learned")
LIKE, DISLIKE, SAVE = FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.SAVE


def test_a_digest_is_won_by_the_one_whose_papers_earned_more() -> None:
    (match,) = tally(
        [
            *(Drafted(1, A, LIKE), Drafted(1, B, None)),  # won
            *(Drafted(2, A, LIKE), Drafted(2, A, DISLIKE), Drafted(2, B, SAVE)),  # lost, 0 to 1
            *(Drafted(3, A, SAVE), Drafted(3, B, LIKE)),  # tied
            *(Drafted(4, A, None), Drafted(4, B, DISLIKE)),  # won, 0 to -1
            *(Drafted(5, A, None), Drafted(5, B, None)),  # silent
        ]
    )

    assert match.rankers == ("learned", "words")
    assert (match.wins, match.losses, match.ties, match.silent) == (2, 1, 1, 1)
    assert match.credits == (2, 1)


def test_every_pair_has_a_match_of_its_own() -> None:
    other = drafted_by("cited", "words")

    matches = tally([Drafted(1, A, LIKE), Drafted(2, other, LIKE)])

    assert [(match.rankers, match.wins) for match in matches] == [(("cited", "words"), 1), (("learned", "words"), 1)]


def test_a_paper_that_nobody_drafted_counts_for_nobody() -> None:
    assert tally([Drafted(1, "", LIKE), Drafted(1, "learned", LIKE)]) == []


@pytest.mark.parametrize(
    "wins,losses,p_value",
    [(0, 0, 1.0), (1, 1, 1.0), (3, 3, 1.0), (5, 0, 0.0625), (9, 1, 0.021484375), (1, 9, 0.021484375)],
)
def test_the_sign_test_is_exact(wins: int, losses: int, p_value: float) -> None:
    assert sign_test(wins, losses) == p_value


def test_the_sign_test_stands_thousands_of_digests() -> None:
    assert sign_test(3000, 3000) == 1.0
    assert 0 < sign_test(3200, 2800) < 1e-6


def test_a_label_tells_the_team_and_its_rival() -> None:
    assert read_label(A) == ("learned", "words")
    assert read_label("learned") is None
    assert read_label("") is None
