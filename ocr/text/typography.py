"""What is usual in a document: the size of its body text, its leading, and where its columns begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.page.lines import Line

_DEFAULT_LEADING = 1.2
_LEADINGS = (0.9, 3.0)  # outside, two lines do not follow each other in a paragraph
_NEAR = 4  # points; headings may stand out that far


@dataclass(frozen=True, slots=True)
class Typography:
    """`body_size` in points; `leading` is the distance of two baselines in units of the font size.

    `lefts` and `centres` are where body columns begin and have their middle, in points.
    """

    body_size: float
    leading: float
    lefts: tuple[float, ...] = ()
    centres: tuple[float, ...] = ()

    def is_body_size(self, line: Line) -> bool:
        """Whether a line is set about as large as running text."""
        return abs(line.size - self.body_size) <= 0.07 * self.body_size

    def is_aligned(self, line: Line) -> bool:
        """Whether a line begins where columns begin, or stands in the middle of one."""
        return any(abs(line.left - left) < _NEAR for left in self.lefts) or any(
            abs(line.centre - centre) < _NEAR for centre in self.centres
        )


def measure(pages: Iterable[Sequence[Line]]) -> Typography:
    """The typography of a document from the lines of its pages, headers and footers left out."""
    pages = list(pages)
    sizes: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines if line.is_upright):
        sizes[round(line.size, 1)] += len(line.text)
    if not sizes:
        return Typography(10.0, _DEFAULT_LEADING)
    body_size = sizes.most_common(1)[0][0]
    body = [[line for line in lines if abs(line.size - body_size) <= 0.07 * body_size] for lines in pages]
    lefts, centres = _columns([line for lines in body for line in lines])
    return Typography(body_size, _leading(body), lefts, centres)


def _leading(pages: Iterable[Sequence[Line]]) -> float:
    steps = sorted(
        (below.baseline - above.baseline) / above.size
        for lines in pages
        for above, below in pairwise(lines)
        if _LEADINGS[0] < (below.baseline - above.baseline) / above.size < _LEADINGS[1]
        and abs(below.left - above.left) < above.size
    )
    return steps[len(steps) // 2] if steps else _DEFAULT_LEADING


def _columns(body: Sequence[Line]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Left edges and middles that at least 8 % of the body's lines share."""
    needed = max(2, 0.08 * len(body))
    lefts = Counter(round(line.left) for line in body)
    full = [(left, count) for left, count in lefts.items() if count + lefts[left - 1] + lefts[left + 1] >= needed]
    tops = tuple(float(left) for left, _ in full)
    widths = {left: max(line.right for line in body if abs(line.left - left) < _NEAR) for left in tops}
    return tops, tuple((left + right) / 2 for left, right in widths.items())
