"""Digests drafted by two rankers: who drafted which paper, and who won by what readers made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.subscriber import FeedbackKind

_VERSUS = " vs "
_LONGEST = 64  # the column `rankings.ranker`
_CREDIT = {FeedbackKind.LIKE: 1, FeedbackKind.SAVE: 1, FeedbackKind.DISLIKE: -1}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A paper of a digest that was sent, who drafted it, and what its reader then said of it; None: nothing.

    `reader_day` tells digests apart and means nothing else.
    """

    reader_day: int
    ranker: str
    kind: FeedbackKind | None


@dataclass(frozen=True, slots=True)
class Match:
    """How two rankers did in all digests they drafted together.

    A digest is won by the one whose papers earned more: a like or a save earns one, a dislike costs one. `silent`
    digests got no answer to a drafted paper. `credits` are the sums of the two.
    """

    rankers: tuple[str, str]
    wins: int
    losses: int
    ties: int
    silent: int
    credits: tuple[int, int]

    @property
    def p_value(self) -> float:
        """The chance of a result at least as uneven if neither were better."""
        return sign_test(self.wins, self.losses)


def drafted_by(ranker: str, rival: str) -> str:
    """What stands in `Ranked.ranker` for a paper that one ranker drafted against another: `learned vs words`.

    Raises ConfigError for names that cannot be told apart there.
    """
    label = f"{ranker}{_VERSUS}{rival}"
    if not (ranker and rival) or ranker == rival or label.count(_VERSUS) != 1 or len(label) > _LONGEST:
        raise ConfigError(f"{ranker!r} and {rival!r} cannot be compared: two short, different names are needed")
    return label


def read_label(label: str) -> tuple[str, str] | None:
    """The ranker that drafted a paper and its rival; None where there was no draft."""
    ranker, versus, rival = label.partition(_VERSUS)
    return (ranker, rival) if versus else None


def tally(drafted: Iterable[Drafted]) -> list[Match]:
    """One match for each pair of rankers, by name."""
    digests: dict[tuple[str, str], dict[int, list[Drafted]]] = defaultdict(lambda: defaultdict(list))
    for one in drafted:
        if (names := read_label(one.ranker)) is not None:
            first, second = sorted(names)
            digests[first, second][one.reader_day].append(one)
    return [_match(pair, list(by_digest.values())) for pair, by_digest in sorted(digests.items())]


def sign_test(wins: int, losses: int) -> float:
    """Two-sided and exact; ties are left out beforehand."""
    total, term, tail = wins + losses, 1, 0
    for fewest in range(min(wins, losses) + 1):
        tail += term
        term = term * (total - fewest) // (fewest + 1)  # the next binomial coefficient
    return min(1.0, 2 * tail / (1 << total))


def _match(pair: tuple[str, str], digests: list[list[Drafted]]) -> Match:
    answered = [digest for digest in digests if any(one.kind for one in digest)]
    scores = [tuple(_earned(digest, ranker) for ranker in pair) for digest in answered]
    return Match(
        rankers=pair,
        wins=sum(one > other for one, other in scores),
        losses=sum(one < other for one, other in scores),
        ties=sum(one == other for one, other in scores),
        silent=len(digests) - len(answered),
        credits=(sum(one for one, _ in scores), sum(other for _, other in scores)),
    )


def _earned(digest: list[Drafted], ranker: str) -> int:
    return sum(_CREDIT[one.kind] for one in digest if one.kind and one.ranker.startswith(f"{ranker}{_VERSUS}"))
