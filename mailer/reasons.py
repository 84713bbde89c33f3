"""What put a paper where it stands, beyond the sentence that says why: its parts, its kin, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from mailer import words
from pipeline.digest import DigestItem, Mention, Part
from pipeline.mathtext import clean, tex_to_text

# A part's share of the log-odds: 2 makes the odds seven times what they were, 0.8 twice, 0.2 a quarter more.
_STRONG, _CLEAR, _SLIGHT = 2.0, 0.8, 0.2
_MOST_FOR, _MOST_AGAINST = 4, 2
_MOST_MENTIONS = 2
_WORDS_CHARS = 60
_TITLE_CHARS = 90
_TOLD_CHARS = 40  # letters of a title; a sentence that holds as many speaks of this paper
# By how a part's name begins: rankers tell in full what it consists of, a line of the mail has room for less.
_NAMES = {
    "interest": "your interest",
    "like": "your likes",
    "meaning": "your likes",
    "words": "your likes",
    "titles": "your likes",
    "authors": "authors of what you liked",
    "categor": "its category",
    "citation": "what it cites",
    "dislike": "what you disliked",
    "negative": "what you do not want",
    "avoided": "an author you avoid",
    "answers": "your answers so far",
    "second look": "a second look",
}
_FOR_ANY_PAPER = "start"  # what every paper begins with is no reason for this one
_FOLLOWED = "author"  # has no share of the odds: it brings the paper whatever they are


@dataclass(frozen=True, slots=True)
class MentionView:
    """Another paper, as an entry speaks of it."""

    paper_id: str
    title: str
    url: str


def parts_in_words(parts: Sequence[Part]) -> str:
    """`For it: your interest (strongly); your likes (a little). Against it: a second look (clearly).`

    The weightiest first; parts of one name are taken together, and what hardly counts is left out, so that it may be
    nothing at all.
    """
    sums: dict[str, float] = {}
    for part in parts:
        if part.name in {_FOR_ANY_PAPER, _FOLLOWED}:
            continue
        name = _name(part)
        sums[name] = sums.get(name, 0.0) + part.log_odds
    weighty = sorted(
        ((name, odds) for name, odds in sums.items() if abs(odds) >= _SLIGHT), key=lambda one: -abs(one[1])
    )
    followed = ["an author you follow"] if any(part.name == _FOLLOWED for part in parts) else []
    sides = (
        ("For it", [*followed, *(f"{name} ({_size(odds)})" for name, odds in weighty if odds > 0)][:_MOST_FOR]),
        ("Against it", [f"{name} ({_size(-odds)})" for name, odds in weighty if odds < 0][:_MOST_AGAINST]),
    )
    return " ".join(f"{side}: {'; '.join(told)}." for side, told in sides if told)


def _name(part: Part) -> str:
    known = next((told for beginning, told in _NAMES.items() if part.name.startswith(beginning)), "")
    return known or words.clip(clean(part.words), _WORDS_CHARS).rstrip(".;") or clean(part.name)


def _size(odds: float) -> str:
    return "strongly" if odds >= _STRONG else "clearly" if odds >= _CLEAR else "a little"


def like_in(item: DigestItem) -> tuple[MentionView, ...]:
    """The liked papers it resembles, but for those that its sentence names."""
    told = _letters(item.ranked.why)
    untold = (mention for mention in item.like if (_letters(mention.title)[:_TOLD_CHARS] or "-") not in told)
    return tuple(mention_view(mention) for mention in islice(untold, _MOST_MENTIONS))


def _letters(text: str) -> str:
    """What is left to compare when two places quote the same title differently."""
    return "".join(letter for letter in tex_to_text(text).lower() if letter.isalnum())


def mention_view(mention: Mention) -> MentionView:
    """A mention in words; a paper without a title goes by its number."""
    paper_id = clean(mention.paper_id)
    title = words.clip(tex_to_text(mention.title), _TITLE_CHARS) or f"arXiv:{paper_id}"
    return MentionView(paper_id, title, f"https://arxiv.org/abs/{paper_id}")
