"""Finds citations by label in the text: [3], [3, 5-7], [Knu84, AK80], [12, Theorem 3]."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_BRACKETS = re.compile(r"\[([^\[\]]{1,160})\]")
_RANGE = re.compile(r"(\d{1,3})\s?[-–—]\s?(\d{1,3})$")
_NUMBER = re.compile(r"\d{1,3}$")
_NOTE = re.compile(
    r"(?:pp?\.|Sec|Section|Ch|Thm|Th|Theorem|Lemma|Prop|Cor|Def|Eq|Fig|Tab|App|Remark|Example|§|and\b)|\d+$"
)
_SPLIT = re.compile(r"\s?[,;]\s?|\s(?:and|&)\s")
# An interval or an index of an array is no citation: x ∈ [1, 2], a[3].
_MATHEMATICS = re.compile(r"(?:[∈=×⊂∪]|\b(?:interval|range|between)|(?<!\w)[a-zA-Z])\s?$|(?<!\w)[a-zA-Z]$")
_LONGEST_RANGE = 60


def numbered_citations(text: str, labels: Mapping[str, int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Start, end and the references of every bracket that holds labels of the list and nothing that is none."""
    for match in _BRACKETS.finditer(text):
        found = _resolved(_SPLIT.split(match[1].strip()), labels)
        if found and not _is_mathematics(text, match.start(), match[1]):
            yield match.start(), match.end(), tuple(dict.fromkeys(found))


def _resolved(tokens: Sequence[str], labels: Mapping[str, int]) -> list[int]:
    found: list[int] = []
    for token in tokens:
        if token in labels:
            found.append(labels[token])
        elif (span := _RANGE.match(token)) is not None:
            numbers = range(int(span[1]), int(span[2]) + 1)
            if not 0 < len(numbers) <= _LONGEST_RANGE or str(numbers[-1]) not in labels:
                return []
            found += [labels[str(number)] for number in numbers if str(number) in labels]
        elif _NUMBER.match(token) or not (found and _NOTE.match(token)):
            return []
    return found


def _is_mathematics(text: str, start: int, inside: str) -> bool:
    return inside.strip()[:1].isdigit() and _MATHEMATICS.search(text[max(0, start - 12) : start]) is not None
