"""What is asked about the heads of all readers' rankings: each interest once, about every paper it matched."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest import Ranked
from pipeline.ports import Candidate, Pair, RankRequest
from rerank.wishes import Wishes, read_wishes

MOST_AT_ONCE = 200  # papers of one call: an endpoint takes no longer lists (`rerank.endpoint`)
LIKED_TITLES = 3  # of a reader whose likes alone speak for a paper: what their likes are about, in their own words
# Names of parts (`rerank.parts`): what settles a paper whatever else speaks for it, and what may be outweighed, but by
# no second reading that knows of the interest alone.
OVERRULED = frozenset({"negative", "avoided author"})
OBJECTIONS = OVERRULED | {"dislikes"}


@dataclass(frozen=True, slots=True)
class Question:
    """One interest and the papers to be read beside it, with the passage of each, in the order of their ids."""

    text: str
    pairs: tuple[Pair, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is asked, the interests of most readers first, and who asked it."""

    all: tuple[Question, ...]
    asked: tuple[Mapping[str, str], ...]  # for each reader: paper id -> question
    wishes: tuple[Wishes, ...]
    requests: tuple[RankRequest, ...]

    def of(self, reader: int, paper_id: str) -> str:
        """What was asked about a paper for a reader; empty where nothing was."""
        return self.asked[reader].get(paper_id, "")

    def is_objected(self, reader: int, ranked: Ranked) -> bool:
        """Whether something the reader does not want speaks against a paper, or nobody said that it does not."""
        profile = self.requests[reader].profile
        if not (self.wishes[reader].unwanted or profile.dislikes or profile.avoided_authors):
            return False
        return not ranked.parts or any(part.name in OBJECTIONS for part in ranked.parts)


def ask_about(
    requests: Sequence[RankRequest], rankings: Sequence[Sequence[Ranked]], candidates: Sequence[Candidate], depth: int
) -> Questions:
    """The questions of everybody's first `depth` papers that have a text."""
    by_id = {candidate.paper.id: candidate for candidate in candidates if candidate.chunks}
    wishes = tuple(read_wishes(request.profile) for request in requests)
    asked = tuple(
        dict(_asked(request, its, [one for one in ranking[:depth] if one.paper_id in by_id]))
        for request, its, ranking in zip(requests, wishes, rankings, strict=True)
    )
    passages: dict[str, dict[str, str]] = {}
    readers: Counter[str] = Counter()
    for mine, ranking in zip(asked, rankings, strict=True):
        readers.update(set(mine.values()))
        for one in ranking[:depth]:
            if text := mine.get(one.paper_id):
                passages.setdefault(text, {}).setdefault(one.paper_id, _passage(by_id[one.paper_id], one))
    ordered = sorted(passages, key=lambda text: (-readers[text], text))
    return Questions(tuple(_question(text, passages[text], by_id) for text in ordered), asked, wishes, tuple(requests))


def _asked(request: RankRequest, wishes: Wishes, head: Sequence[Ranked]) -> Iterator[tuple[str, str]]:
    """Paper and question: the interest it matched without its exceptions, or the liked papers' titles.

    Nothing is asked about a paper that a negative or an avoided author settles.
    """
    topics = {wish.written: wish.topic for wish in wishes.wanted}
    likes = titles_of_likes(request, head)
    for one in head:
        if any(part.name in OVERRULED for part in one.parts):
            continue
        if text := topics.get(one.interest, one.interest) or likes:
            yield one.paper_id, text


def titles_of_likes(request: RankRequest, head: Sequence[Ranked]) -> str:
    """The titles of the liked papers that most of a head resembles; the newest ones where it is not told which."""
    titles = {liked.paper.id: liked.paper.title for liked in request.liked}
    counted = Counter(one for ranked in head for one in ranked.like[:1] if one in titles)
    nearest = sorted(counted, key=lambda one: (-counted[one], one))[:LIKED_TITLES]
    return "; ".join(titles[one] for one in nearest or list(titles)[-LIKED_TITLES:])


def _passage(candidate: Candidate, ranked: Ranked) -> str:
    """Title and abstract, and the whole chunk that is quoted where it is from the full text.

    The quotation itself is cut for one reader's eyes; the chunk is the same for all who share the interest.
    """
    abstract = candidate.chunks[0].text
    quoted = ranked.passage.chunk_id if ranked.passage else 0
    body = [chunk.text for chunk in candidate.chunks[1:] if chunk.id == quoted and quoted]
    return " ".join([f"{candidate.paper.title}. {abstract}", *body])


def _question(text: str, passages: Mapping[str, str], by_id: Mapping[str, Candidate]) -> Question:
    papers = sorted(list(passages)[:MOST_AT_ONCE])  # in the order in which readers had them, so the best are in it
    query = hashlib.sha256(text.encode()).hexdigest()
    pairs = tuple(Pair(query, paper, by_id[paper].chunks[0].version) for paper in papers)
    return Question(text, pairs, tuple(passages[paper] for paper in papers))
