"""What a search answers: papers with the passages that matched and, in plain words, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat

from index.columns import I32
from index.evidence import Evidence, Reading, weigh
from index.fusion import Fused
from pipeline.digest import Passage
from pipeline.ports import IndexedChunk

MOST_PASSAGES = 3
_WORTH_SHOWING = 0.45  # of the score of the paper's best passage, which may gain by having every word
_MOST_WORDS_NAMED = 6
_MOST_WORDS_SHARED = 3
_LEADS = 2  # one share this many times the other is what the hit owes its place to


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found. `score` is 0 to 1 within one result; `passages` best first, at least one.

    `evidence` speaks for each passage; `also` are the ids of the same work's other papers, folded into this hit.
    """

    paper_id: str
    version: int
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    day: date
    score: float
    passages: tuple[Passage, ...]
    why: str
    evidence: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()
    is_withdrawn: bool = False

    @property
    def quoted(self) -> Iterator[tuple[Passage, Evidence]]:
        """Each passage with what speaks for it."""
        return zip(self.passages, chain(self.evidence, repeat(Evidence())), strict=False)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits best first; `total_considered` is the number of papers the search could have found.

    `is_reranked` tells whether a second look decided on the order of the first ones.
    """

    hits: tuple[Hit, ...]
    seconds: float
    total_considered: int
    is_reranked: bool = False


@dataclass(frozen=True, slots=True)
class PaperMatch:
    """A paper while it is only numbers: its best rows, best first, and how its best row came to its score."""

    paper: int
    rows: tuple[int, ...]
    score: float
    by_meaning: float
    by_words: float
    reason: str = ""  # why it is here where that is not its score
    tells_words: bool = False  # whether its reason goes on with the words it has


def group(fused: Fused, papers: I32, limit: int) -> list[PaperMatch]:
    """The best `limit` papers; a paper is as good as its best row. `papers` holds the paper of each fused row."""
    first: dict[int, int] = {}
    rows: dict[int, list[int]] = {}
    for place, paper in enumerate(papers.tolist()):
        if paper not in first:
            if len(first) == limit:
                continue
            first[paper] = place
        best = fused.scores[first[paper]]
        if len(rows.setdefault(paper, [])) < MOST_PASSAGES and fused.scores[place] >= _WORTH_SHOWING * best:
            rows[paper].append(int(fused.rows[place]))
    return [
        PaperMatch(
            paper,
            tuple(rows[paper]),
            float(fused.scores[place]),
            float(fused.by_meaning[place]),
            float(fused.by_words[place]),
        )
        for paper, place in first.items()
    ]


def make_hit(match: PaperMatch, chunks: Sequence[IndexedChunk], wanted: Mapping[str, str]) -> Hit:
    """Turns numbers into what the reader sees.

    `chunks` are the match's rows in their order, `wanted` the query's terms with the words they were typed as.
    """
    readings = [Reading.of(chunk.chunk.text, wanted) for chunk in chunks]
    order = sorted(range(len(chunks)), key=lambda place: _telling(readings[place]))
    evidence = weigh([readings[place] for place in order], wanted)
    best = chunks[0]
    found = _words_found([Reading.of(best.title, wanted), *readings], wanted)
    return Hit(
        paper_id=best.chunk.paper_id,
        version=best.chunk.version,
        title=best.title,
        authors=best.authors,
        categories=best.categories,
        day=best.day,
        score=match.score,
        passages=tuple(_passage(chunks[place]) for place in order),
        why=_with_words(match, found) if match.reason else _why(match, found, len(wanted)),
        evidence=tuple(evidence),
        is_withdrawn=best.is_withdrawn,
    )


def best_passage(chunks: Sequence[IndexedChunk], wanted: Mapping[str, str]) -> str:
    """The text of the passage that `make_hit` puts first, after its paper's title."""
    best = min(chunks, key=lambda chunk: _telling(Reading.of(chunk.chunk.text, wanted)))
    return f"{best.title}. {best.chunk.text}"


def _telling(reading: Reading) -> tuple[bool, int]:
    """Orders passages by how many of the query's words they hold themselves, a scrap after whole passages.

    A chunk is scored together with its paper's title, so a caption of seven words can come out best by the title alone.
    """
    return reading.is_scrap, -len(reading.terms)


def _passage(indexed: IndexedChunk) -> Passage:
    chunk = indexed.chunk
    return Passage(chunk.text, chunk.section, chunk.page, chunk.box, chunk.id)


def _words_found(readings: Sequence[Reading], wanted: Mapping[str, str]) -> list[str]:
    """The query's words that any of the texts has, as they were typed."""
    present = frozenset[str]().union(*(reading.terms for reading in readings))
    return [word for term, word in wanted.items() if term in present]


def _with_words(match: PaperMatch, found: Sequence[str]) -> str:
    """The reason that a match brings, with words that it shares with what was asked for."""
    if not (match.tells_words and found):
        return match.reason
    return f"{match.reason.removesuffix('.')}; it has {_listed(found[:_MOST_WORDS_SHARED])} too."


def _listed(words: Sequence[str]) -> str:
    """`“a”`, `“a” and “b”`, `“a”, “b” and “c”`."""
    quoted = [f"“{word}”" for word in words]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _why(match: PaperMatch, found: Sequence[str], asked: int) -> str:
    quoted = [f"“{word}”" for word in found[:_MOST_WORDS_NAMED]]
    if not quoted:
        return "Close in meaning; it shares no word with the query."
    if len(quoted) == 1:
        named = f"the word {quoted[0]}"
    else:
        share = "all the words" if len(quoted) == asked else "the words"
        named = f"{share} {_listed(found[:_MOST_WORDS_NAMED])}"
    if match.by_words > _LEADS * match.by_meaning:
        return f"It has {named}."
    if match.by_meaning > _LEADS * match.by_words:
        return f"Close in meaning; it also has {named}."
    return f"It has {named}, and is close in meaning."
