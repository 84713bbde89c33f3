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
# Rankers tell in full sentences what a part consists of; a line of the mail has room for its name.
_NAMES = {
    "interest": "your interest",
    "words": "its words",
    "likes": "your likes",
    "dislikes": "what you disliked",
    "author": "who wrote it",
    "category": "its category",
    "citations": "what it cites",
    "second look": "a second look",
}
_TITLE_CHARS = 90
_TOLD_CHARS = 40  # letters of a title; a sentence that holds as many speaks of this paper


@dataclass(frozen=True, slots=True)
class MentionView:
    """Another paper, as an entry speaks of it."""

    paper_id: str
    title: str
    url: str


def parts_in_words(parts: Sequence[Part]) -> str:
    """`For it: your interest (strongly); the papers you liked (a little). Against it: its words (clearly).`

    The weightiest first; what hardly counts is left out, so that it may be nothing at all.
    """
    weighty = sorted((part for part in parts if abs(part.log_odds) >= _SLIGHT), key=lambda part: -abs(part.log_odds))
    sides = (
        ("For it", [part for part in weighty if part.log_odds > 0][:_MOST_FOR]),
        ("Against it", [part for part in weighty if part.log_odds < 0][:_MOST_AGAINST]),
    )
    return " ".join(f"{side}: {'; '.join(map(_part, told))}." for side, told in sides if told)


def _part(part: Part) -> str:
    size = abs(part.log_odds)
    how = "strongly" if size >= _STRONG else "clearly" if size >= _CLEAR else "a little"
    told = _NAMES.get(part.name) or words.clip(clean(part.words), _WORDS_CHARS) or clean(part.name)
    return f"{told.rstrip('.;')} ({how})"


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
