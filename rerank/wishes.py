"""What a reader asks for in plain words: topics wanted, and topics not wanted even within them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.subscriber import Profile
from rerank.words import split_words, stem, stems

# "graph learning, but not for molecules", "optimisation; except evolutionary algorithms". A comma, semicolon or "but"
# has to come first: "deep learning, not only for images" and "learning without labels" want what they name.
_EXCEPTION = re.compile(
    r"(?:[,;(]\s*(?:but\s+)?|\bbut\s+)(?:not|no|except(?:\s+for)?|excluding)\s+(?!only\b|just\b|necessarily\b|limited\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"^(?:not|no|nothing|never|without|except(?:\s+for)?|excluding)\s+", re.IGNORECASE)
_FILLER = re.compile(r"^(?:(?:about|on|in|for|from|with|any|anything|papers?|articles?)\s+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """One interest: `written` as the reader put it, `topic` what is looked for, `weight` how much it counts.

    `categories` are where such papers are listed, `seeds` the ids of papers that show what is meant.
    """

    written: str
    topic: str
    weight: float
    categories: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a profile says in words; blank texts and interests of no weight are left out."""

    wanted: tuple[Wish, ...]
    unwanted: tuple[str, ...]

    @property
    def own_words(self) -> tuple[str, ...]:
        """Of each negative the words that no interest holds too, e.g. `speech` of "speech translation"."""
        shared = frozenset().union(*(stems(wish.topic) for wish in self.wanted))
        return tuple(
            " ".join(word for word in split_words()(text) if stem(word) not in shared) for text in self.unwanted
        )


def read_wishes(profile: Profile) -> Wishes:
    """Parts the exceptions within interests from what is wanted, and takes the "not" off the negatives."""
    wanted: list[Wish] = []
    unwanted = [_bare(text) for text in profile.negatives]
    for interest in profile.interests:
        written = " ".join(interest.text.split())
        topic, *exceptions = (part.strip(" ,;.()") for part in _EXCEPTION.split(written))
        if topic and interest.weight > 0:
            wanted.append(Wish(written, topic, interest.weight, interest.categories, interest.seeds))
            unwanted += [_bare(text) for text in exceptions]
    return Wishes(tuple(wanted), tuple(dict.fromkeys(text for text in unwanted if text)))


def _bare(text: str) -> str:
    text = " ".join(text.split())
    return _FILLER.sub("", _NEGATION.sub("", text))
