"""Whose pages are read first when not all can be."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pipeline.document import Chunk
from pipeline.paper import Paper
from pipeline.ports import Candidate, Encoder, Ranker
from pipeline.questions import rank_request
from pipeline.stages.context import StageContext

_NEWEST_FIRST = 1.0  # above any probability


def wanted_papers(context: StageContext, ranker: Ranker, encoder: Encoder, ids: Collection[str]) -> dict[str, float]:
    """How much each of these papers is wanted: the highest probability any active subscriber would give its abstract.

    The newest listing comes before everything older, whose digests are out. Without subscribers all of a listing
    are alike.
    """
    with context.store.read() as work:
        subscribers = work.subscribers.active()
        taught = set().union(*(reader.profile.taught for reader in subscribers))
        papers = work.papers.get({*ids, *taught})
        days: dict[str, date] = {}
        for event in work.papers.events_of(ids):
            days[event.paper_id] = max(event.announced_on, days.get(event.paper_id, event.announced_on))
    newest = max(days.values(), default=None)
    wanted = {one: _NEWEST_FIRST if days.get(one) == newest else 0.0 for one in ids}
    if not subscribers:
        return wanted
    candidates = _candidates(encoder, list(papers.values()))
    eligible = frozenset(set(ids) & candidates.keys())
    requests = [rank_request(reader.profile, eligible, candidates) for reader in subscribers]
    best: dict[str, float] = {}
    for ranking in ranker.rank(requests, list(candidates.values())):
        for one in ranking:
            best[one.paper_id] = max(best.get(one.paper_id, 0.0), one.probability)
    return {paper_id: listed + best.get(paper_id, 0.0) for paper_id, listed in wanted.items()}


def _candidates(encoder: Encoder, papers: list[Paper]) -> dict[str, Candidate]:
    """The papers by their abstracts alone: their full text is what is still to be read."""
    vectors = encoder.encode_passages([f"{paper.title}. {paper.abstract}" for paper in papers])
    return {
        paper.id: Candidate(
            paper, (Chunk(paper.id, paper.latest_version, 0, "Abstract", 0, paper.abstract),), vectors[row : row + 1]
        )
        for row, paper in enumerate(papers)
    }
