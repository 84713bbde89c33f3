"""Which stored papers the entries of a library are; the one file here that reads the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.library.entry import Entry
from pipeline.library.matching import MatchedBy, choose
from pipeline.library.titles import Title, find_candidates
from pipeline.store import UnitOfWork

SHOWN_FROM = 70.0  # a stored title less alike than this is not worth telling of


@dataclass(frozen=True, slots=True)
class Match:
    """The paper that an entry is, what told it and how alike the titles are (0 to 100); or why there is none."""

    paper_id: str = ""
    by: MatchedBy | None = None
    score: float = 0.0
    reason: str = ""


def match_stored(work: UnitOfWork, entries: Sequence[Entry], threshold: float) -> list[Match]:
    """One match an entry: by its arXiv id, else by its DOI, else by its title and authors.

    An entry whose arXiv id is not stored is no other paper, whatever its title: it is left to be fetched.
    """
    ids = work.papers.known_ids({one.arxiv_id for one in entries if one.arxiv_id})
    by_doi = work.libraries.by_doi({one.doi for one in entries if one.doi and not one.arxiv_id})
    matches = [_by_identifier(entry, ids, by_doi) for entry in entries]
    open_ones = [number for number, match in enumerate(matches) if not (match.paper_id or match.reason)]
    for number, match in zip(
        open_ones, _by_title(work, [entries[number] for number in open_ones], threshold), strict=True
    ):
        matches[number] = match
    return matches


def _by_identifier(entry: Entry, ids: set[str], by_doi: dict[str, str]) -> Match:
    if entry.arxiv_id in ids:
        return Match(entry.arxiv_id, MatchedBy.ID)
    if entry.arxiv_id:
        return Match(reason=f"{entry.arxiv_id} is not stored, and nothing came from arXiv")
    if entry.doi in by_doi:
        return Match(by_doi[entry.doi], MatchedBy.DOI)
    return Match() if entry.title else Match(reason=f"no stored paper has the DOI {entry.doi}, and there is no title")


def _by_title(work: UnitOfWork, entries: Sequence[Entry], threshold: float) -> list[Match]:
    titles = [Title.of(entry.title) for entry in entries]
    found = find_candidates(titles, work.libraries.titles, min(threshold, SHOWN_FROM))
    papers = work.papers.get({one.paper_id for some in found for one in some})
    matches = []
    for entry, candidates in zip(entries, found, strict=True):
        there = [one for one in candidates if one.paper_id in papers]
        verdict = choose(entry, there, papers, threshold)
        by = MatchedBy.TITLE if verdict.paper_id else None
        matches.append(Match(verdict.paper_id, by, verdict.score, verdict.reason))
    return matches
