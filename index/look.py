"""One query's view of a generation: the rows that may be found, ranked by meaning and words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from index.conditions import Selection
from index.fusion import SHIPPED, Blend, Fused, fuse, moved, nearness, wordiness
from index.generation import Generation
from index.hits import MOST_PASSAGES, PaperMatch, group
from index.lexical import Among, Asking
from index.query import SearchQuery
from index.terms import query_words
from index.ties import tied
from pipeline.errors import UsageError
from pipeline.kinship import Kin
from pipeline.ports import F32, I64

_DEPTH = 200  # chunks taken from each list; 50 or 500 leave the first ten papers of SciFact's queries as they are
_DEPTH_PER_HIT = 10  # a paper may fill a list with its chunks
_WIDER = 4  # times as far, where the conditions left too few
# Rows are named to tantivy one by one (3 us each), or more hits are asked for and filtered (.3 us each, the more the
# fewer rows there are): both cost the same, 30 ms of a million, at the root of so many times the archive's rows.
_NAMED = 90
_STEP = 2000
_ID_IN_TEXT = re.compile(
    r"(?i:\S*arxiv(?:\.org/(?:abs|pdf)/|:\s?))?(?<![\w.-])(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Worded:
    """Rows that hold any of a query's words, best first, with their BM25 scores."""

    rows: I64
    scores: F32


@dataclass(frozen=True, slots=True)
class Look:
    """One query's view of a generation: the rows that may be found."""

    generation: Generation
    selection: Selection
    blend: Blend = SHIPPED

    def day_of(self, match: PaperMatch) -> int:
        """The day a found paper was announced, as an ordinal."""
        return int(self.generation.columns.days[match.rows[0]])

    def find_words(self, words: str, limit: int) -> Worded:
        """What `rank` needs to know of the words for so many papers; no vector is needed for it."""
        return Worded(*self._by_words(words, _depth(limit)))

    def rank(self, words: str, vector: F32, limit: int, worded: Worded | None = None) -> list[PaperMatch]:
        """The best papers by meaning and words together; without words by meaning alone.

        `worded` is what `find_words` said of the same words and limit.
        """
        fused = self._fused(vector, worded or self.find_words(words, limit), self._by_meaning(vector, _depth(limit)))
        return group(fused, self.generation.columns.papers[fused.rows], limit)

    def _fused(self, vector: F32, worded: Worded, others: I64) -> Fused:
        """The rows that hold the words, and others, by both."""
        lexical, dense = self.generation.lexical, self.generation.dense
        rows = np.union1d(others, worded.rows)
        by_words = np.zeros(len(rows), np.float32)
        by_words[np.searchsorted(rows, worded.rows)] = self.blend.words * wordiness(worded.scores, len(lexical))
        return fuse(rows, self._meaning(vector, dense.vectors(rows), by_words), by_words)

    def _meaning(self, vector: F32, vectors: F32, by_words: F32) -> F32:
        """How near the passages are to the query, once it was moved towards the best of them.

        Without a word found nothing but nearness vouches for those, and the query stays where it is.
        """
        if not len(vectors):
            return np.empty(0, np.float32)
        at_random = self.generation.dense.at_random
        meaning = nearness(vectors @ vector, float((at_random @ vector).mean()))
        if not self.blend.feedback or not by_words.any():
            return meaning
        scores = meaning + by_words
        first = np.argsort(-scores, kind="stable")[: self.blend.first_passages]
        vector = moved(vector, vectors[first], scores[first], self.blend.feedback)
        return nearness(vectors @ vector, float((at_random @ vector).mean()))

    def newest(self, limit: int) -> list[PaperMatch]:
        """The newest papers that meet the conditions, where there is nothing else to go by."""
        columns = self.generation.columns
        rows = columns.live if self.selection.mask is None else np.flatnonzero(self.selection.mask)
        rows = rows[np.lexsort((columns.ids[rows], -columns.days[rows]))]
        found: dict[int, PaperMatch] = {}
        for start in range(0, len(rows), _STEP):
            step = rows[start : start + _STEP]
            for row in step[self.selection.admits(step)].tolist():
                paper = int(columns.papers[row])
                found.setdefault(paper, PaperMatch(paper, (row,), 1.0, 0.0, 0.0, reason="It meets the conditions."))
                if len(found) == limit:
                    return list(found.values())
        return list(found.values())

    def near(self, asked: SearchQuery, limit: int, kin: Mapping[str, Kin], name: str = "") -> list[PaperMatch]:
        """Papers near to the ones named, by the middle of their passages, and by further words if there are any.

        `kin` are papers that citations tie to them; what ties a paper adds to its share of meaning. Reasons call the
        papers `name`, or by their ids.
        """
        columns = self.generation.columns
        places = [np.flatnonzero(columns.of_papers([paper_id]) & ~columns.is_dead) for paper_id in asked.like]
        if missing := [paper_id for paper_id, rows in zip(asked.like, places, strict=True) if not len(rows)]:
            raise UsageError(f"like:{missing[0]}: that paper is not in the index")
        middle = np.stack([self.generation.dense.vectors(rows).mean(axis=0) for rows in places]).mean(axis=0)
        nearest = np.union1d(self._by_meaning(middle, _depth(limit)), self._abstracts(kin))
        fused = self._fused(middle, self.find_words(asked.words, limit), nearest)
        matches = group(fused, columns.papers[fused.rows], len(fused.rows))
        theirs = [kin.get(str(columns.paper_ids[match.paper])) for match in matches]
        return tied(matches, theirs, asked.like, name)[:limit]

    def wanted(self, asked: SearchQuery) -> dict[str, str]:
        """The terms to look for in what was found, each as it was typed: the query's, and the titles' of `like:`.

        A title names a subject in its authors' own words; the rarest words of the abstract name what is peculiar.
        """
        columns, lexical = self.generation.columns, self.generation.lexical
        rows = [columns.rows_of(np.sort(lexical.ids_of_paper(paper_id)))[:1] for paper_id in asked.like]
        chunks = lexical.chunks(columns.ids[np.concatenate(rows)].tolist()) if rows else {}
        return query_words(" ".join((asked.words, *(chunk.title for chunk in chunks.values()))))

    def _abstracts(self, ids: Collection[str]) -> I64:
        """The first row of each of these papers, of those that may be found."""
        if not ids:
            return np.empty(0, np.int64)
        columns = self.generation.columns
        rows = np.flatnonzero(columns.of_papers(list(ids)) & ~columns.is_dead)
        first = rows[np.unique(columns.papers[rows], return_index=True)[1]]
        return first[self.selection.admits(first)]

    def _by_meaning(self, vector: F32, depth: int) -> I64:
        """The nearest rows that may be found."""
        dense, selection, limit = self.generation.dense, self.selection, depth
        while True:
            rows = dense.search(vector, limit, selection.mask)[0]
            admitted = rows[selection.admits(rows)] if selection.text else rows
            if len(admitted) >= depth or len(rows) < limit:
                return admitted[:depth]
            limit *= _WIDER

    def _by_words(self, words: str, depth: int) -> tuple[I64, F32]:
        """The rows that may be found and hold any of the words, with their scores, best first."""
        terms = list(query_words(words)) if words else []
        rewordings = self.generation.lexical.rewordings(words) if self.blend.rewords and terms else []
        asking = Asking(rewordings, self.blend.all_words)
        lexical, columns, selection = self.generation.lexical, self.generation.columns, self.selection
        if selection.structure is not None:
            ids, scores = lexical.search(terms, depth, Among(structure=selection.structure), asking)
            return columns.rows_of(ids), scores
        text = selection.text or None
        if selection.mask is None or selection.size**2 <= _NAMED * len(columns):
            named = None if selection.mask is None else columns.ids[selection.mask]
            ids, scores = lexical.search(terms, depth, Among(named, text), asking)
            rows = columns.rows_of(ids)
            admitted = selection.admits(rows) if text else np.ones(len(rows), bool)
            return rows[admitted], scores[admitted]
        limit = _WIDER * depth * len(columns) // max(selection.size, 1)
        while True:
            ids, scores = lexical.search(terms, limit, Among(None, text), asking)
            rows = columns.rows_of(ids)
            admitted = np.flatnonzero(selection.admits(rows))[:depth]
            if len(admitted) == depth or len(ids) < limit:
                return rows[admitted], scores[admitted]
            limit *= _WIDER

    def pin_ids(self, query: str) -> tuple[list[PaperMatch], str]:
        """The papers whose arXiv ids a query names, each with its first passage, and what else the query says."""
        pinned: list[PaperMatch] = []
        rest = query
        for named in _ID_IN_TEXT.finditer(query):
            rows = self._rows(self.generation.lexical.ids_of_paper(named["id"]))
            if len(rows):
                pinned.append(self._pinned(rows[:1], "It is the paper you named."))
            if len(rows) or named[0] == query:
                rest = rest.replace(named[0], " ")
        return pinned, rest.strip()

    def pin_title(self, title: str, vector: F32) -> list[PaperMatch]:
        """Papers that bear this very title, with their nearest passages."""
        rows = self._rows(self.generation.lexical.ids_titled(title))
        nearest = rows[np.argsort(-self.generation.dense.scores(vector, rows), kind="stable")]
        papers = self.generation.columns.papers[nearest]
        return [
            self._pinned(nearest[papers == paper][:MOST_PASSAGES], "Its title is what you typed.")
            for paper in dict.fromkeys(papers.tolist())
        ]

    def _rows(self, ids: I64) -> I64:
        rows = self.generation.columns.rows_of(np.sort(ids))
        return rows[self.selection.admits(rows)]

    def _pinned(self, rows: I64, reason: str) -> PaperMatch:
        paper = int(self.generation.columns.papers[rows[0]])
        return PaperMatch(paper, tuple(rows.tolist()), score=1.0, by_meaning=0.0, by_words=0.0, reason=reason)


def _depth(limit: int) -> int:
    return max(_DEPTH, _DEPTH_PER_HIT * limit)
