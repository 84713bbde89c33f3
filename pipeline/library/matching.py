"""Decides which stored paper an entry of a library is: by its identifier, its DOI, or its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.library.entry import Entry
from pipeline.library.names import Authorship, compare_authors
from pipeline.library.titles import Alike, Candidate, Likeness
from pipeline.paper import Paper

_UNSIGNED_SCORE = 97.0  # a title without authors must be the same, but for a letter
_UNSIGNED_LETTERS = 30  # and long enough to be nobody else's
_SHORT_PART = 20  # letters: a shorter piece of a title is the name of a method, or of a field
_EARLIER, _LATER = 3, 6  # years in which a paper may be published before and after it came to arXiv
_CENTURY_TURN = 91  # arXiv began in 1991


class MatchedBy(StrEnum):
    """What told that an entry is a paper."""

    ID = "arXiv id"
    DOI = "DOI"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The paper an entry is, or why none of the candidates is it."""

    paper_id: str = ""
    score: float = 0.0
    reason: str = ""


def choose(entry: Entry, candidates: Sequence[Candidate], papers: Mapping[str, Paper], threshold: float) -> Verdict:
    """The one candidate that is the entry's paper; they come best first.

    A title that agrees as a whole needs `threshold`, and half of the authors. Where one side lacks a part of the
    title, they must agree as well; where only the name of a method is left, all of them. Without authors the title
    must be the same, long, and of a year that fits. Two papers that answer equally well are none.
    """
    reasons = [_objection(entry, one.alike, papers[one.paper_id], threshold) for one in candidates]
    accepted = [one for one, reason in zip(candidates, reasons, strict=True) if not reason]
    if not accepted:
        return Verdict(reason=_explain(candidates, reasons, papers))
    best = accepted[0]
    rivals = [one for one in accepted if one.alike == best.alike]
    if len(rivals) > 1:
        ids = ", ".join(one.paper_id for one in rivals)
        return Verdict(reason=f"{len(rivals)} stored papers answer to this title: {ids}")
    return Verdict(best.paper_id, best.alike.score)


def _objection(entry: Entry, alike: Alike, paper: Paper, threshold: float) -> str:
    """Why a candidate is not the entry's paper; empty where it is."""
    if alike.score < threshold:
        return f"its title is {alike.score:.0f} of 100 alike, {threshold:g} are needed"
    is_part = alike.likeness is Likeness.PART
    match compare_authors(entry.authors, paper.authors):
        case Authorship.DIFFER:
            return "it has other authors"
        case Authorship.AGREE if is_part and alike.letters < _SHORT_PART:
            return "only a few words of the title agree, and not several authors, all the same"
        case Authorship.UNKNOWN:
            return _objection_to_title(entry.year, alike, paper)
        case _:
            return ""


def _objection_to_title(year: int | None, alike: Alike, paper: Paper) -> str:
    """Why a title alone does not make a candidate the entry's paper."""
    if alike.likeness is Likeness.PART:
        return "only a part of the title agrees, and there are no authors to compare"
    if alike.score < _UNSIGNED_SCORE or alike.letters < _UNSIGNED_LETTERS:
        return "there are no authors to compare, and the title alone is not enough"
    return "" if _is_year_possible(year, paper) else "the year does not fit"


def _is_year_possible(year: int | None, paper: Paper) -> bool:
    return year is None or -_EARLIER <= year - year_of(paper.id) <= _LATER


def year_of(paper_id: str) -> int:
    """The year in which a paper came to arXiv, as its identifier says."""
    yy = int(paper_id.rpartition("/")[2][:2])
    return yy + (1900 if yy >= _CENTURY_TURN else 2000)


def _explain(candidates: Sequence[Candidate], reasons: Sequence[str], papers: Mapping[str, Paper]) -> str:
    if not candidates:
        return "no stored paper has a title like it"
    nearest = candidates[0].paper_id
    return f"the nearest stored paper is {nearest} ({papers[nearest].title}), but {reasons[0]}"
