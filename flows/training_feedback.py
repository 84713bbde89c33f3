"""Readers' own answers as training data.

Only where the owner asks for it: through such a model one reader's taste reaches the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.store import UnitOfWork
from pipeline.store.lessons import Offered
from pipeline.subscriber import Feedback, FeedbackKind, Origin
from rerank.train_set import Occasion

PASSED = 60  # of a day, the best ranked that were not taken
_WANTED = frozenset({FeedbackKind.LIKE, FeedbackKind.SAVE})


def feedback_occasions(work: UnitOfWork) -> Iterator[Occasion]:
    """Each day and interest of each reader in which they liked or saved something of what was ranked for them.

    What was ranked high that day and not taken is what they let pass; a library that was imported is known, but no
    answer. The reader is a number that the trained model does not keep.
    """
    for subscriber_id, given in sorted(work.lessons.feedback().items()):
        answers = {one.paper_id: one for one in given if one.kind in _WANTED and one.origin is not Origin.LIBRARY}
        if answers:
            yield from _of_reader(f"reader {subscriber_id}", given, answers, work.lessons.offered(subscriber_id))


def _of_reader(
    learner: str, given: Sequence[Feedback], answers: dict[str, Feedback], offered: Sequence[Offered]
) -> Iterator[Occasion]:
    groups: dict[tuple[date, str], list[str]] = {}
    for one in offered:
        groups.setdefault((one.day, one.interest), []).append(one.paper_id)
    for (day, interest), papers in groups.items():
        taken = tuple(one for one in papers if one in answers)
        if not taken:
            continue
        known = tuple(one.paper_id for one in given if one.kind in _WANTED and one.given_at.date() < day)
        yield Occasion(
            learner if not interest else f"{learner}, {interest}",
            day,
            interest,
            known,
            taken,
            tuple(answers[one].given_at.date() for one in taken),
            tuple(one for one in papers if one not in answers)[:PASSED],
        )
