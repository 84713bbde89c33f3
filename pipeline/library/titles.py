"""How alike two titles are, and which stored titles could be the ones that a library names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz

from pipeline.library.words import readable, words_of

_CUT = re.compile(r"(?:\.\.\.|…)\W*$")
_SUBTITLE = re.compile(r"\s*(?::|\?|!|\.|\s[-–—]+)\s+")  # noqa: RUF001 - dashes as titles have them
_NUMERAL = re.compile(r"\d+|(?<![a-z])(?:ii|iii|iv|vi|vii|viii|ix)(?![a-z])")
_SHORTEST_PART = 6  # letters: a shorter piece of a title tells nothing
_SHORTEST_CUT = 40  # letters: no program cuts a title shorter without a sign
_PART_SCORE = 95.0
_RARE_WORDS = 5  # of a title, by which candidates are found
_SHARED_WORDS = 2  # of those, that a candidate must have
_KEPT = 4  # candidates a title


class Likeness(StrEnum):
    """What of two titles was alike."""

    WHOLE = "title"
    PART = "part of the title"  # a subtitle is missing on one side, or the title was cut


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart; `key` is its words in one piece, so that hyphens and spaces do not matter."""

    words: tuple[str, ...]
    key: str
    head: str  # the key of what stands before the subtitle; empty where there is none
    numbers: tuple[str, ...]
    is_cut: bool

    @classmethod
    def of(cls, text: str) -> Title:
        """Reads a title as an export or arXiv has it."""
        text = readable(text)
        words = words_of(text)
        head = _SUBTITLE.split(text, maxsplit=1)[0]
        key = "".join(words)
        head_key = "".join(words_of(head)) if len(head) < len(text) else ""
        return cls(
            words=tuple(words),
            key=key,
            head=head_key if _SHORTEST_PART <= len(head_key) < len(key) else "",
            numbers=_numbers(words),
            is_cut=bool(_CUT.search(text)),
        )


def _numbers(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(_NUMERAL.findall(" ".join(words)))


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two titles are, 0 to 100, in what, and over how many letters."""

    score: float
    likeness: Likeness
    letters: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper whose title resembles one."""

    paper_id: str
    alike: Alike


def compare(wanted: Title, stored: Title, cutoff: float = 0.0) -> Alike:
    """How alike two titles are by the share of letters that stay in order; a score of 0 below the cutoff.

    Titles whose numbers differ are two papers, however alike: parts I and II, the tasks of 2024 and 2025.
    """
    whole = fuzz.ratio(wanted.key, stored.key, score_cutoff=cutoff) if wanted.numbers == stored.numbers else 0.0
    alike = Alike(whole, Likeness.WHOLE, min(len(wanted.key), len(stored.key)))
    return max([alike, *_compare_parts(wanted, stored, cutoff)], key=lambda one: one.score)


def _compare_parts(wanted: Title, stored: Title, cutoff: float) -> list[Alike]:
    """What is left of a title is left as it was, so a part must agree better than a whole."""
    cutoff = max(cutoff, _PART_SCORE)
    pairs = [(wanted.key, stored.head), (wanted.head, stored.key)]
    if (length := len(wanted.key)) < len(stored.key):
        if wanted.is_cut:
            pairs.append((wanted.key, stored.key[:length]))
        elif length >= _SHORTEST_CUT and stored.key.startswith(wanted.key):
            pairs.append((wanted.key, wanted.key))
    return [
        Alike(fuzz.ratio(one, other, score_cutoff=cutoff), Likeness.PART, min(len(one), len(other)))
        for one, other in pairs
        if min(len(one), len(other)) >= _SHORTEST_PART
    ]


@dataclass(slots=True)
class _Search:
    """Which titles are looked for, by their rarest words."""

    titles: Sequence[Title]
    cutoff: float
    by_word: dict[str, list[int]] = field(default_factory=dict)
    needed: list[int] = field(default_factory=list)
    found: list[list[Candidate]] = field(default_factory=list)

    def prepare(self, counts: Counter[str]) -> None:
        """Chooses the words that tell a title apart; a word that no stored title has is a slip of the export."""
        for number, title in enumerate(self.titles):
            known = sorted({word for word in title.words if counts[word]}, key=lambda word: (counts[word], word))
            rare = known[:_RARE_WORDS]
            self.needed.append(min(_SHARED_WORDS, len(rare)))
            self.found.append([])
            for word in rare:
                self.by_word.setdefault(word, []).append(number)

    def offer(self, paper_id: str, text: str) -> None:
        """Compares one stored title with those it shares rare words with."""
        words = set(words_of(text))
        shared = Counter(number for word in words & self.by_word.keys() for number in self.by_word[word])
        likely = [number for number, count in shared.items() if count >= self.needed[number]]
        if not likely:
            return
        stored = Title.of(text)
        for number in likely:
            alike = compare(self.titles[number], stored, self.cutoff)
            if alike.score >= self.cutoff:
                self.found[number].append(Candidate(paper_id, alike))


def find_candidates(
    titles: Sequence[Title], stored: Callable[[], Iterable[tuple[str, str]]], cutoff: float
) -> list[list[Candidate]]:
    """For each title the stored ones most like it, best first, none below the cutoff.

    `stored` gives all (paper id, title) and is read twice: once to learn which words are rare, once to compare; so
    an archive of any size is searched without being held in memory.
    """
    if not any(title.words for title in titles):
        return [[] for _ in titles]
    asked = {word for title in titles for word in title.words}
    counts = Counter(word for _, text in stored() for word in asked.intersection(words_of(text)))
    search = _Search(titles, cutoff)
    search.prepare(counts)
    for paper_id, text in stored():
        search.offer(paper_id, text)
    return [sorted(found, key=lambda one: (-one.alike.score, one.paper_id))[:_KEPT] for found in search.found]
