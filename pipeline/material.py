"""What rankings are made from: a day's papers, those that profiles name, and the archive they are measured against."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.candidates import Vectors, load_abstracts, load_candidates
from pipeline.ports import Archive, Candidate, RankRequest
from pipeline.questions import rank_request
from pipeline.selection import Selection
from pipeline.store import UnitOfWork
from pipeline.subscriber import Profile

# Papers of the archive to measure on. With 1,500 instead of 4,000 nDCG@10 falls by .001, with 12,000 it gains .005
# (a linear SVM, eleven curated lists), for three times the work.
SAMPLE = 4000
ENOUGH = 1000  # papers that are older; of fewer, a reader's own library may be a good part


@dataclass(frozen=True, slots=True)
class Material:
    """The day's `candidates`, the papers `known` (those and the ones that profiles name) by id, and the archive."""

    candidates: tuple[Candidate, ...]
    known: Mapping[str, Candidate]
    archive: Archive

    def ask(self, profile: Profile, eligible: Collection[str], selection: Selection) -> RankRequest:
        """One reader's question."""
        return rank_request(profile, eligible, self.known, selection)


def gather(
    work: UnitOfWork, vectors: Vectors, eligible: Collection[str], taught: Collection[str], before: date
) -> Material:
    """Everything to rank `eligible` papers for profiles that name the `taught` ones, on the day `before`.

    The archive's sample is older than that day, or of the day too while the archive is young: nothing of the future
    tells what papers are usually like.
    """
    archive = load_archive(work, vectors, before, {*eligible, *taught})
    return gather_from(work, vectors, archive, eligible, taught)


def gather_from(
    work: UnitOfWork, vectors: Vectors, archive: Archive, eligible: Collection[str], taught: Collection[str]
) -> Material:
    """The same with an archive at hand, so that several days or readers are measured by one."""
    candidates = load_candidates(work, vectors, eligible)
    named = load_abstracts(work, vectors, set(taught) - set(candidates))
    return Material(tuple(candidates[one] for one in sorted(candidates)), {**named, **candidates}, archive)


def load_archive(
    work: UnitOfWork, vectors: Vectors, before: date, papers: Collection[str], until: date | None = None
) -> Archive:
    """A sample of what is older than a day, and what `papers` (candidates and those that profiles name) cite.

    Where there is little that is older, the sample is of all papers until a day, by default that day itself: the papers
    of a first day say what papers are usually like well enough for a library that was brought along.
    """
    # Papers that somebody likes stay in the sample: it must not depend on who else is ranked for.
    drawn = work.papers.sample(before, SAMPLE)
    if len(drawn) < ENOUGH:
        newest = until or before
        drawn = work.papers.sample(newest + timedelta(days=1) if newest < date.max else newest, SAMPLE)
    found = load_abstracts(work, vectors, drawn)
    # In the order drawn: the first ones alone are still a random sample, where by id they are the oldest papers.
    sample = tuple(found[one] for one in drawn if one in found)
    cited = work.citations.around(papers)
    return Archive(sample, cited.references, cited.citations, cited.papers)
