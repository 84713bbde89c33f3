"""Which of two readings of a scan is better: ours, or the text an earlier OCR left under the image."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.document import Page, PageStatus

_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*")  # noqa: RUF001 (what papers hold)
# Letters as words have them: small after the first, or capitals alone; scripts without cases are words as they are.
_WORD = re.compile(r"(?:[^\W\d_][^\W\d_A-ZÀ-Þ]*|[A-ZÀ-Þ]+)(?:[-'’](?:[^\W\d_][^\W\d_A-ZÀ-Þ]*|[A-ZÀ-Þ]+))*")  # noqa: RUF001
_VOWEL = re.compile(r"[aeiouyà-ÿ]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SHORT = 2  # letters; shorter ones need no vowel
_FEWEST_WORDS = 30
_MOST_JUNK = 0.03  # of the characters, in a text that is whole: as the gate has it
_MARGIN = 1.05  # ours is taken unless the other has so many times its worth: it has boxes that fit and our rules


@dataclass(frozen=True, slots=True)
class Worth:
    """Of the tokens with letters, how many look like words."""

    words: int
    odd: int

    @property
    def score(self) -> int:
        """An odd token is as bad as a word is good: noise must not win by its amount."""
        return self.words - self.odd


def worth(page: Page) -> Worth:
    """Judges a page's text by the shapes of its words, whatever their language."""
    tokens = [token for block in page.blocks for token in _TOKEN.findall(block.text) if _LETTER.search(token)]
    words = sum(map(_is_word, tokens))
    return Worth(words, len(tokens) - words)


def _is_word(token: str) -> bool:
    can_be_said = len(token) <= _SHORT or not token.isascii() or _VOWEL.search(token) is not None
    return can_be_said and _WORD.fullmatch(token) is not None


def better(ours: Page, evidence: Page) -> Page:
    """Our page, or the evidence where it holds clearly more that looks like words; then with the reason."""
    mine, theirs = worth(ours), worth(evidence)
    if theirs.words < _FEWEST_WORDS or theirs.score <= _MARGIN * mine.score:
        return ours
    reason = (
        f"its own text is better than what {ours.engine} reads: {theirs.words} words and "
        f"{theirs.odd} odd ones against {mine.words} and {mine.odd}"
    )
    is_whole = evidence.gauge is None or evidence.gauge.junk_share <= _MOST_JUNK
    if not is_whole:
        return replace(evidence, reason=f"{evidence.reason}; {reason}", usage=ours.usage)
    return replace(evidence, status=PageStatus.OK, reason=reason, usage=ours.usage)
