"""Holds an answer against the page's own text: the free way to see what a model left out or made up."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pipeline.document import Block, BlockKind, Box, Page, PageStatus

# Of 13 real answers the good ones held .84 to 1.00 of the text layer's words of four letters and more, and .95 to
# 1.00 of their words stood in it; halves held .52 at most, and of looped ones .65 stood in it.
_LEAST_HELD = 0.7
_LEAST_KNOWN = 0.8
_FEWEST = 20  # words; fewer say nothing
_WORD = re.compile(r"[^\W\d_]{4,}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")  # scripts that set no space between words
_FURNITURE = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_INLINE = re.compile(r"\$[^$\n]*\$")
_COMMAND = re.compile(r"\\[A-Za-z]+")


def has_good_text(page: Page) -> bool:
    """Whether a page's text layer can stand for it, and be held against an answer."""
    return page.status is PageStatus.OK and any(block.text.strip() for block in page.blocks)


def disagreement(evidence: Page, blocks: Sequence[Block]) -> str:
    """What speaks against an answer; empty where nothing does, or where the text layer cannot say."""
    if not has_good_text(evidence):
        return ""
    pictures = [block.box for block in blocks if block.kind is BlockKind.FIGURE]
    in_layer = [block for block in evidence.blocks if not _is_in_any(block.box, pictures)]
    if _UNSPACED.search("".join(block.text for block in in_layer)):
        return ""
    due, said = _words(_body(in_layer)), _words(_body(blocks))
    if due.total() >= _FEWEST and (held := _share(due, _words(blocks))) < _LEAST_HELD:
        return f"the answer holds only {held:.0%} of the words of the text layer"
    if said.total() >= _FEWEST and (known := _share(said, _words(evidence.blocks))) < _LEAST_KNOWN:
        return f"only {known:.0%} of the answer's words stand in the text layer"
    return ""


def emptiness(evidence: Page, blocks: Sequence[Block], is_blank: Callable[[], bool]) -> str:
    """What speaks against an answer without a word; empty for pages that are blank or nothing but pictures."""
    if any(block.text.strip() for block in blocks):
        return ""
    pictures = [block.box for block in blocks if block.kind is BlockKind.FIGURE]
    if has_good_text(evidence):
        is_within = all(_is_in_any(block.box, pictures) for block in evidence.blocks if block.text.strip())
        return "" if is_within else "the answer is empty, and the page's own text is not"
    # A scan is a picture anyway: that a model sees no more in it is no sign that there is no more.
    is_plausible = (pictures and evidence.status is PageStatus.OK) or is_blank()
    return "" if is_plausible else "the answer is empty, and the page is not blank"


def _body(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block.kind not in _FURNITURE]


def _words(blocks: Iterable[Block]) -> Counter[str]:
    """Words of four letters and more with their numbers; accents folded, formulas without their commands."""
    text = " ".join(block.text for block in blocks)
    for formula in (_DISPLAYED, _INLINE):
        text = formula.sub(lambda match: _COMMAND.sub(" ", match[0]), text)
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(letter)
    )
    return Counter(_WORD.findall(letters))


def _share(of: Counter[str], in_: Counter[str]) -> float:
    return (of & in_).total() / of.total()


def _is_in_any(box: Box, others: Iterable[Box]) -> bool:
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return any(other.left <= across <= other.right and other.top <= down <= other.bottom for other in others)
