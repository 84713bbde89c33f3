"""How papers are tied by citations: the arithmetic that ranking and search share, and its words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# The rarity below which a shared work counts for nothing: what one paper in 30 of 100,000 cites, one in 3 of 50. It
# would add a hundredth to a coupling and take most of the time.
TELLING = 0.3
_DIRECT = 0.25
_TOGETHER = 0.5
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a paper to another, called `to`.

    `coupling` is the cosine of what both cite, each work weighed by its rarity, and `shared` how many works that are;
    `direct` the rarity of the citation where one cites the other (`cites`: it cites `to`; `is_cited`: `to` cites it);
    `cocitation` the cosine of who cites them, `together` how many papers cite both.
    """

    to: str
    coupling: float = 0.0
    shared: int = 0
    direct: float = 0.0
    cites: bool = False
    is_cited: bool = False
    cocitation: float = 0.0
    together: int = 0

    @property
    def strength(self) -> float:
        """All of it as one number from 0 (by chance) to 1, a share as `index.fusion` adds them.

        A citation brings as much as a quarter of all references in common, a common readership half of what common
        sources do. Chosen, not fitted: no collection at hand has both references and judgments.
        """
        apart = (1 - self.coupling) * (1 - _DIRECT * self.direct) * (1 - _TOGETHER * self.cocitation)
        return 1 - apart


@dataclass(frozen=True, slots=True)
class Kin:
    """A paper's ties to some papers."""

    ties: tuple[Tie, ...]

    @property
    def strength(self) -> float:
        """The ties together, 0 to 1; a further one never weakens it, and many faint ones stay faint."""
        return min(1.0, math.sqrt(math.fsum(tie.strength**2 for tie in self.ties)))

    def parts(self, name: str = "", *, is_named: bool = False) -> list[str]:
        """What the ties are, the strongest paper's, as parts of a sentence about this paper.

        That paper is called `name`, or else by its id, and `it` where it `is_named` before.
        """
        tie = max(self.ties, key=lambda one: one.strength)
        told = [
            ("cites {}", tie.cites),
            ("is cited by {}", tie.is_cited),
            (f"shares {counted(tie.shared, 'reference')} with {{}}", tie.shared),
            (f"{counted(tie.together, 'paper')} here cite{'s' if tie.together == 1 else ''} both", tie.together),
        ]
        parts = [text for text, is_so in told if is_so]
        return [text.format("it" if place or is_named else name or tie.to) for place, text in enumerate(parts)]


KinOf = Callable[[Sequence[str]], Mapping[str, Kin]]


def nobody(paper_ids: Sequence[str]) -> Mapping[str, Kin]:
    """A `KinOf` for where no references are known."""
    del paper_ids
    return {}


def rarity(citing: int, papers: int) -> float:
    """What it tells that a paper cites a work which so many of all papers cite: 1 if it alone does, 0 if all do."""
    papers = max(papers, citing, 1)
    return math.log((papers + 1) / max(citing, 1)) / math.log(papers + 1)


def cosine(shared: float, one: float, other: float) -> float:
    """The cosine of two sets of weighed works: of the sums of squares of what is shared, and of what each holds."""
    return min(1.0, shared / math.sqrt(one * other)) if one > 0 and other > 0 else 0.0


def length(weights: Iterable[float]) -> float:
    """The sum of squares."""
    return math.fsum(weight**2 for weight in weights)


def counted(count: int, noun: str) -> str:
    """`two papers`, `one reference`, `12 references`."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"
