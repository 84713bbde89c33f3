"""Joins the lines of a paragraph and decides which hyphens at line ends belong to the word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ocr.page.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
_FIRST_WORD = re.compile(r"^[^\W_]+")
_PARTED_END = re.compile(r"\S+-$")
_PARTED_START = re.compile(r"^\S+")

# TeX breaks a hyphenated compound only at its hyphen. First parts that keep theirs nearly always:
_KEEPS_HYPHEN = frozenset(
    {"self", "well", "non", "state", "cross", "one", "two", "three", "four", "high", "low", "long", "short", "half"}
)
# ... second parts whose hyphen nearly always stays:
_KEEPS_HYPHEN_BEFORE = frozenset(
    {"like", "based", "aware", "free", "driven", "dependent", "independent", "specific", "informed", "dimensional"}
    | {
        "level",
        "valued",
        "invariant",
        "speaking",
        "related",
        "shot",
        "oriented",
        "guided",
        "order",
        "scale",
        "time",
        "world",
        "art",
        "quality",
    }
)
# ... and first parts that are words of their own but stand before others without a hyphen at least as often.
_PREFIXES = frozenset(
    {"over", "under", "out", "up", "down", "in", "on", "off", "inter", "super", "some", "any", "every", "back"}
    | {"sub", "pre", "post", "re", "co", "un", "multi", "meta", "micro", "macro", "mini", "trans", "through", "photo"}
    | {"for", "to", "an", "be", "with", "is", "as", "or", "can", "at", "not", "no", "a", "it", "man", "per", "con"}
)
_LONGEST_WORD = 80
_SHORTEST_PART = 4  # letters: shorter words are syllables of others too often ("in", "for", "the", "log")


class Vocabulary:
    """The words of one document as they stand inside its lines, to tell `pre-train` from `pretrain`.

    A text that ends in a hyphen parts a word: neither what stands before it nor what the next text begins with counts.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._parts: Counter[str] = Counter()
        is_parted = False
        for text in texts:
            whole = _PARTED_START.sub("", text) if is_parted else text
            is_parted = text.endswith("-")
            words = _WORD.findall((_PARTED_END.sub("", whole) if is_parted else whole).lower())
            self._words.update(words)
            self._parts.update(part for word in words if "-" in word for part in word.split("-"))

    def count(self, word: str) -> int:
        """How often the document holds this word, written just so but for case."""
        return self._words[word.lower()]

    def has(self, part: str) -> bool:
        """Whether the document holds this as a word, or between the hyphens of one."""
        return part.lower() in self._words or part.lower() in self._parts


def join_lines(lines: Sequence[Line], vocabulary: Vocabulary) -> str:
    """The lines as one running text."""
    if not lines:
        return ""
    text = with_hyphen(lines[0])
    for line in lines[1:]:
        text = join_texts(text, with_hyphen(line), vocabulary)
    return text


def join_texts(before: str, after: str, vocabulary: Vocabulary) -> str:
    """Two consecutive pieces of text; a hyphen between them stays only where the word is written with one."""
    if not before.endswith("-") or not (first := _FIRST_WORD.match(after)):
        return f"{before} {after}" if before and after else before or after
    stem = before[:-1]
    last = _LAST_WORD.search(stem[-_LONGEST_WORD:])  # not the whole paragraph once more for each of its lines
    if last is None:
        return f"{before} {after}"
    return (before if _keeps_hyphen(last[0], first[0], vocabulary) else stem) + after


def with_hyphen(line: Line) -> str:
    """A line's text with the hyphen at its end that was taken off."""
    return f"{line.text}-" if line.is_hyphenated else line.text


def _keeps_hyphen(last: str, first: str, vocabulary: Vocabulary) -> bool:
    part = last.rsplit("-", 1)[-1]
    joined, hyphenated = vocabulary.count(part + first), vocabulary.count(f"{part}-{first}")
    if joined or hyphenated:
        return hyphenated > joined
    if not (last[-1].islower() and first.islower()):
        return not _is_capital_word(part, first, vocabulary)  # GPT-4, DeepSeek-V2, x-ray
    if part.lower() in _KEEPS_HYPHEN or first in _KEEPS_HYPHEN_BEFORE:
        return True
    return _are_words(part, first, vocabulary)


def _is_capital_word(part: str, first: str, vocabulary: Vocabulary) -> bool:
    """Whether two pieces in capitals are one word rather than two names."""
    is_capitals = part.isupper() and first.isupper() and part.isalpha() and first.isalpha()
    return is_capitals and not (vocabulary.has(part) and vocabulary.has(first))


def _are_words(part: str, first: str, vocabulary: Vocabulary) -> bool:
    """Whether both pieces are words of the document, and long enough to be no mere syllables."""
    if part.lower() in _PREFIXES or min(len(part), len(first)) < _SHORTEST_PART:
        return False
    return vocabulary.has(part) and vocabulary.has(first)
