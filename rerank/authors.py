"""Whether an author's name is one that a reader follows, however either is written."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.author_ids import author_id_of

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_WORD = re.compile(r"[^\W\d_]+")
# Letters that Unicode does not decompose into a letter and an accent; 0131 is the dotless i.
_FOLDED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, folded: surname, and given names or their initials in order."""

    surname: str
    given: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Name:
        """Reads `John Smith`, `Smith, John`, `J. Smith`, `J.-P. Serre`; of several surnames the last one counts."""
        last, comma, first = text.partition(",")
        words = [*_words(first), *_words(last)] if comma and _words(first) else _words(text)
        return cls(words[-1], tuple(words[:-1])) if words else cls("", ())

    def is_like(self, other: Name) -> bool:
        """Whether both can be the same person: same surname, and no given name contradicts another.

        An initial agrees with any name that begins with it, and a missing middle name with any. A name of one word
        agrees only with itself: following "Wang" does not follow every Wang.
        """
        if self.surname != other.surname or bool(self.given) != bool(other.given):
            return False
        return all(_agree(ours, theirs) for ours, theirs in zip(self.given, other.given, strict=False))


@dataclass(frozen=True, slots=True)
class Byline:
    """A followed author found on a paper: the name as printed there, and as the reader wrote it."""

    printed: str
    followed: str

    @property
    def is_exact(self) -> bool:
        """Whether no initial had to be guessed."""
        return Name.parse(self.printed) == Name.parse(self.followed)


class Bylines:
    """The authors of a day, found by name."""

    def __init__(self, authors: Sequence[Iterable[str]]) -> None:
        """`authors` holds each paper's names; papers are told apart by their position."""
        self._by_surname: dict[str, list[tuple[int, str, Name]]] = defaultdict(list)
        for paper, names in enumerate(authors):
            for printed in names:
                name = Name.parse(printed)
                self._by_surname[name.surname].append((paper, printed, name))

    def find(self, followed: Iterable[str]) -> dict[int, Byline]:
        """The papers by any of these people; an exact name is told before one that agrees by initials."""
        found: dict[int, Byline] = {}
        for wanted in followed:
            if author_id_of(wanted):  # an ORCID or an arXiv author id is no name, and is known by other means
                continue
            name = Name.parse(wanted)
            for paper, printed, candidate in self._by_surname.get(name.surname, []) if name.surname else []:
                if name.is_like(candidate) and not (paper in found and found[paper].is_exact):
                    found[paper] = Byline(printed, wanted)
        return found

    @staticmethod
    def known(authored: Mapping[str, str], positions: Mapping[str, int]) -> dict[int, Byline]:
        """The papers that are known to be by somebody who is followed, whatever name is printed on them."""
        return {
            positions[paper_id]: Byline(author, author)
            for paper_id, author in authored.items()
            if paper_id in positions
        }


def _words(text: str) -> list[str]:
    # NFKD parts a letter from its accent; the accents are then dropped.
    parted = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    plain = "".join(letter for letter in parted if not unicodedata.combining(letter))
    return [word for word in _WORD.findall(plain) if word not in _SUFFIXES]


def _agree(ours: str, theirs: str) -> bool:
    shorter, longer = sorted((ours, theirs), key=len)
    return ours == theirs or (len(shorter) == 1 and longer.startswith(shorter))
