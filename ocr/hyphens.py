"""Joins the lines of a paragraph and decides which hyphens at line ends belong to the word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ocr.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
_FIRST_WORD = re.compile(r"^[^\W_]+")

# First parts that keep their hyphen nearly always; TeX breaks a hyphenated compound only at its hyphen.
_KEEPS_HYPHEN = frozenset(
    {"self", "well", "non", "state", "cross", "one", "two", "three", "high", "low", "long", "short"}
)


class Vocabulary:
    """The words of one document as they stand inside its lines, to tell `pre-train` from `pretrain`."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for text in texts:
            self._counts.update(_WORD.findall(text.lower()))

    def count(self, word: str) -> int:
        """How often the document holds this word, written just so but for case."""
        return self._counts[word.lower()]


def join_lines(lines: Sequence[Line], vocabulary: Vocabulary) -> str:
    """The lines as one running text."""
    if not lines:
        return ""
    text = _with_hyphen(lines[0])
    for line in lines[1:]:
        text = join_texts(text, _with_hyphen(line), vocabulary)
    return text


def join_texts(before: str, after: str, vocabulary: Vocabulary) -> str:
    """Two consecutive pieces of text; a hyphen between them stays only where the word is written with one."""
    if not before.endswith("-") or not (first := _FIRST_WORD.match(after)):
        return f"{before} {after}" if before and after else before or after
    stem = before[:-1]
    last = _LAST_WORD.search(stem)
    if last is None:
        return f"{before} {after}"
    return (before if _keeps_hyphen(last[0], first[0], vocabulary) else stem) + after


def _keeps_hyphen(last: str, first: str, vocabulary: Vocabulary) -> bool:
    if not (last[-1].islower() and first.islower()):
        return True  # GPT-4, DeepSeek-V2, x-ray
    part = last.rsplit("-", 1)[-1]
    joined, hyphenated = vocabulary.count(part + first), vocabulary.count(f"{part}-{first}")
    if joined or hyphenated:
        return hyphenated > joined
    return part in _KEEPS_HYPHEN


def _with_hyphen(line: Line) -> str:
    return f"{line.text}-" if line.is_hyphenated else line.text
