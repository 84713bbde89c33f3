"""Say in one sentence why a paper stands where it stands."""

from __future__ import annotations

import re

from pipeline.digest import Passage
from rerank.authors import Byline
from rerank.passage import shorten

_LONGEST_QUOTE = 90
NOTHING_KNOWN = "Nothing to go by yet: add an interest, like a paper or follow an author."
NO_MATCH = "Not close to anything you asked for."
NOT_FOLLOWED = "Not by anyone you follow."


def place(passage: Passage) -> str:
    """Where a passage stands: `in the abstract`, `in section 4.2, page 5`, `in "Related work", page 2`, `on page 5`."""
    if passage.page == 0:
        return "in the abstract"
    # A chunk's section is the path of its headings; the last one is where the reader has to look.
    section = passage.section.rsplit(" > ", 1)[-1].strip()
    if section.lower() == "abstract":  # the PDF's own, where it differs from the record's
        return f"in the abstract, page {passage.page}"
    if number := re.match(r"(?:section\s+)?(\d+(?:\.\d+)*|[A-Z](?:\.\d+)+)(?=[\s.:]|$)", section, re.IGNORECASE):
        return f"in section {number[1]}, page {passage.page}"
    return f"in {quote(section)}, page {passage.page}" if section else f"on page {passage.page}"


def quote(text: str) -> str:
    """The text in quotation marks, shortened where it is long, its own marks made single."""
    return '"' + shorten(text.replace('"', "'"), _LONGEST_QUOTE) + '"'


def followed(byline: Byline) -> str:
    """A followed author's paper; where initials were guessed, both spellings are told."""
    if byline.is_exact:
        return f"by {byline.printed}, whom you follow"
    return f"by {byline.printed}; you follow {byline.followed}"


def matched(interest: str, passage: Passage | None, *, is_close: bool) -> str:
    """A paper that an interest speaks for, strongly or not; where, if a passage was looked for and found."""
    text = f"{'matches' if is_close else 'distantly related to'} {quote(interest)}"
    return f"{text} {place(passage)}" if passage else text


def avoided(byline: Byline) -> str:
    """A paper by somebody whom the reader never wants."""
    return f"by {byline.printed}, whom you do not want to read"


def unwanted(negative: str) -> str:
    """A paper that a negative overrules."""
    return f"is about {quote(negative)}, which you do not want"


def similar(title: str, *, is_close: bool) -> str:
    """A paper near to a liked one."""
    return f"{'similar to' if is_close else 'distantly similar to'} {quote(title)}, which you liked"


def disliked() -> str:
    """A paper near to a disliked one."""
    return "close to a paper you disliked"


def sentence(parts: list[str]) -> str:
    """The parts, which begin in lower case, as one sentence; `NO_MATCH` where there are none."""
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "." if text else NO_MATCH
