"""Each reader's taste in a day: one for every interest, and one of all their likes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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

    def __init__(
        self, day: Day, background: Background, requests: Iterable[RankRequest], without: Collection[str] = ()
    ) -> None:
        liked: dict[str, Candidate] = {}
        for request in requests:
            liked.update((one.paper.id, one) for one in request.liked if len(one.vectors))
        self.papers = len(day.candidates)
        self._rows = {paper_id: row for row, paper_id in enumerate(liked)}
        self._likings = Likings(day, background, list(liked.values()), without) if liked else None

    def among(self, requests: Iterable[RankRequest]) -> Tasting:
        """What these readers like, compared with the day."""
        rows = {row for request in requests for row in self.rows_of(paper.paper.id for paper in request.liked).tolist()}
        compared = self._likings.among(np.asarray(sorted(rows), np.int64)) if self._likings and rows else None
        return Tasting(self, compared)

    def rows_of(self, ids: Iterable[str]) -> I64:
        """The rows of liked papers that have a text."""
        return np.asarray([self._rows[one] for one in ids if one in self._rows], np.int64)


class Tasting:
    """Some readers' likes compared with the day."""

    def __init__(self, tastes: Tastes, compared: Compared | None) -> None:
        """`compared` is None where they like nothing."""
        self._tastes = tastes
        self._compared = compared
        self._known: dict[bytes, Liking] = {}

    def prepare(self, questions: Iterable[tuple[RankRequest, Sequence[Wish], F32]]) -> None:
        """Works out at once what `judge` will be asked next: requests, their wishes and these' vectors."""
        groups = {
            rows.tobytes(): rows
            for request, wishes, vectors in questions
            for rows in self._groups(request, wishes, vectors)
            if len(rows)
        }
        if self._compared is not None:
            self._known = dict(zip(groups, self._compared.of_groups(list(groups.values())), strict=True))

    def nearness(self, request: RankRequest) -> F32 | None:
        """Cosines of the day's papers with those that a reader likes, of shape (liked, papers).

        None where they are not known, as of vectors that were adapted: what is told a reader is of plain ones.
        """
        if self._compared is None or not self._compared.likings.is_plain:
            return None
        at = np.searchsorted(self._compared.rows, self._rows(request))
        return self._compared.cosines[at, : self._tastes.papers]

    def judge(self, request: RankRequest, wishes: Sequence[Wish], evidence: F32, vectors: F32) -> Judged:
        """One reader's day; `evidence` for each wish is of shape (wishes, papers), `vectors` (wishes, dimension)."""
        rows = self._rows(request)
        if self._compared is None or not len(rows):
            return untaught(evidence)
        *of_wish, of_all = (self._liking(group) for group in self._groups(request, wishes, vectors))
        wanted = [with_interest(row, liking, len(rows)) for row, liking in zip(evidence, of_wish, strict=True)]
        borders = [border_of_interest(one.likes if one else 0, len(rows)) for one in of_wish]
        borders.append(border(of_all.likes) if of_all else 0.0)
        by_likes = untaught(evidence).alone if of_all is None else alone(of_all)
        together = np.stack(wanted) if wanted else evidence
        return Judged(together, by_likes, tuple(of_wish), of_all, tuple(borders))

    def _rows(self, request: RankRequest) -> I64:
        return self._tastes.rows_of(paper.paper.id for paper in request.liked)

    def _groups(self, request: RankRequest, wishes: Sequence[Wish], vectors: F32) -> list[I64]:
        """The likes that show each wish, then those that judge for themselves."""
        rows = self._rows(request)
        shown = self._shown(rows, wishes, vectors)
        speaking = rows if len(rows) >= _SPEAK else rows[shown < 0]
        return [*(rows[shown == number] for number in range(len(wishes))), speaking]

    def _liking(self, rows: I64) -> Liking | None:
        if self._compared is None or not len(rows):
            return None
        key = rows.tobytes()
        if key not in self._known:
            self._known[key] = self._compared.of(rows)
        return self._known[key]

    def _shown(self, rows: I64, wishes: Sequence[Wish], vectors: F32) -> I64:
        """For each liked paper the wish it shows, -1 for none; a seed shows the one it was given for."""
        if not wishes or self._compared is None or not len(rows):
            return np.full(len(rows), -1, np.int64)
        likings = self._compared.likings
        usual = np.quantile(likings.usual @ vectors.T, _SHOWS, axis=0)
        beyond = likings.vectors[rows] @ vectors.T - usual
        shown = np.where(beyond.max(axis=1) > 0, beyond.argmax(axis=1), -1)
        for number, wish in enumerate(wishes):
            shown[np.isin(rows, self._tastes.rows_of(wish.seeds))] = number
        return np.asarray(shown, np.int64)
