"""Each reader's taste in a day: one for every interest, and one of all their likes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32, I64, Candidate, RankRequest
from rerank.background import Background
from rerank.day import Day
from rerank.fusion import alone, border, border_of_interest, with_interest
from rerank.likings import Compared, Liking, Likings
from rerank.wishes import Wish

# A liked paper shows what an interest means if it is nearer to it than four of five papers of the archive: of the likes
# of nine topical lists .85 to 1 are. A fixed cosine would not do: .3 is exceeded by 1 % of all papers for one interest
# and by 33 % for another.
_SHOWS = 0.8
# So many likes judge for themselves beside the interests; fewer only where no interest explains them. One like alone
# beside an interest that explains it costs .02 of nDCG@10.
_SPEAK = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A reader's day by interests and likes together.

    `wanted` is float32 of shape (interests, papers), `alone` of shape (papers,), -inf without likes that judge for
    themselves, all in log-odds. `of_interest` and `of_all` are the likings behind them, None where there are no likes;
    `borders` is what each interest, and then likes alone, starts from.
    """

    wanted: F32
    alone: F32
    of_interest: tuple[Liking | None, ...]
    of_all: Liking | None
    borders: tuple[float, ...]

    @property
    def is_taught(self) -> bool:
        """Whether any likes had a say."""
        return any(liking is not None for liking in (*self.of_interest, self.of_all))


def untaught(evidence: F32) -> Judged:
    """The day of a reader who likes nothing yet, or of whose likes nothing can be learned."""
    return Judged(
        evidence,
        np.full(evidence.shape[1], -np.inf, np.float32),
        (None,) * len(evidence),
        None,
        (0.0,) * (len(evidence) + 1),
    )


class Tastes:
    """What many readers' likes say of a day.

    A paper that several like is read once; who else likes it changes nothing for anybody.
    """

    def __init__(self, day: Day, background: Background, requests: Iterable[RankRequest]) -> None:
        liked: dict[str, Candidate] = {}
        for request in requests:
            liked.update((one.paper.id, one) for one in request.liked if len(one.vectors))
        self.papers = len(day.candidates)
        self._rows = {paper_id: row for row, paper_id in enumerate(liked)}
        self._likings = Likings(day, background, list(liked.values())) if liked else None

    def among(self, requests: Iterable[RankRequest]) -> Tasting:
        """What these readers like, compared with the day."""
        rows = {row for request in requests for row in self.rows_of(paper.paper.id for paper in request.liked).tolist()}
        compared = self._likings.among(np.asarray(sorted(rows), np.int64)) if self._likings and rows else None
        return Tasting(self, compared)

    def rows_of(self, ids: Iterable[str]) -> I64:
        """The rows of liked papers that have a text."""
        return np.asarray([self._rows[one] for one in ids if one in self._rows], np.int64)


@dataclass(frozen=True, slots=True)
class Tasting:
    """Some readers' likes compared with the day; None where they like nothing."""

    tastes: Tastes
    compared: Compared | None

    def judge(self, request: RankRequest, wishes: Sequence[Wish], evidence: F32, vectors: F32) -> Judged:
        """One reader's day; `evidence` for each wish is of shape (wishes, papers), `vectors` (wishes, dimension)."""
        rows = self.tastes.rows_of(paper.paper.id for paper in request.liked)
        if self.compared is None or not len(rows):
            return untaught(evidence)
        shown = self._shown(self.compared, rows, wishes, vectors)
        of_wish = tuple(_of(self.compared, rows[shown == number]) for number in range(len(evidence)))
        wanted = [with_interest(row, liking, len(rows)) for row, liking in zip(evidence, of_wish, strict=True)]
        of_all = _of(self.compared, rows if len(rows) >= _SPEAK else rows[shown < 0])
        by_likes = untaught(evidence).alone if of_all is None else alone(of_all)
        borders = [border_of_interest(one.likes if one else 0, len(rows)) for one in of_wish]
        borders.append(border(of_all.likes) if of_all else 0.0)
        return Judged(np.stack(wanted) if wanted else evidence, by_likes, of_wish, of_all, tuple(borders))

    def _shown(self, compared: Compared, rows: I64, wishes: Sequence[Wish], vectors: F32) -> I64:
        """For each liked paper the wish it shows, -1 for none; a seed shows the one it was given for."""
        if not wishes:
            return np.full(len(rows), -1, np.int64)
        nearness = compared.likings.vectors[rows] @ vectors.T
        usual = np.quantile(compared.likings.usual @ vectors.T, _SHOWS, axis=0)
        beyond = nearness - usual
        shown = np.where(beyond.max(axis=1) > 0, beyond.argmax(axis=1), -1)
        for number, wish in enumerate(wishes):
            shown[np.isin(rows, self.tastes.rows_of(wish.seeds))] = number
        return np.asarray(shown, np.int64)


def _of(compared: Compared, rows: I64) -> Liking | None:
    return compared.of(rows) if len(rows) else None
