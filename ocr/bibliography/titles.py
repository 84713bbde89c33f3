"""Parts what follows the authors into title and venue.

A title in quotation marks is plain. Else every mark that could end the title is weighed: what kind of mark it is, what
stands before it, and whether a journal, a conference or a publisher begins after it. The best place wins; a journal
with its volume right after the authors means that the style leaves titles out, as physicists do.
"""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.bibliography.identifiers import GAP
from ocr.bibliography.letters import LOWER, UPPER
from ocr.bibliography.venues import (
    CUT_SHORT,
    JOURNAL,
    JOURNAL_YEAR,
    NO_VENUE,
    NUMBERED,
    PROCEEDINGS,
    PROCEEDINGS_OF,
    PUBLISHER,
    UNTITLED,
    name_of,
)

_QUOTED = re.compile(
    r"“(?P<curly>.{4,400}?)(?:”|'')(?=[\s,.;:)\[(]|$)"
    r"|\"(?P<straight>[^\"]{4,400})\""
    r"|„(?P<low>[^“”]{4,400})[“”]|«(?P<angle>[^»]{4,400})»|``(?P<tex>.{4,400}?)''"
    r"|(?:(?<=\s)|^)[‘'](?P<single>[^’'](?:[^’']|[’'](?=\w)|(?<=s)[’'](?=\s[a-z])){4,300})[’'](?=[\s,.;]|$)"
)
_LATEST_QUOTE = 12  # characters that may stand between the authors and a quoted title
_BREAK = re.compile(rf"(?P<mark>[.?!,;])[”\"’]?\s+|(?P<bracket>\s)(?=[(\[])|\s(?=[Ii]n:\s)|(?P<gap>\s?{GAP})")
_AFTER_YEAR = re.compile(r"\(?(?:19|20)\d\d[a-z]?\)?[.,:;]?\s+")
_NUMBERS = re.compile(
    r"\(?(?:(?:[A-Z][a-z]{2,8}\.?,?\s)?(?:1[6-9]|20)\d\d\b|pp?\.|pages?\b|[Vv]ol\b|[Vv]olume\b|[Nn]o\.|\d)"
)
_ABBREVIATION = re.compile(
    rf"(?:^|[\s.(])(?:[{UPPER}]|vs|e\.g|i\.e|cf|resp|approx|St|Dr|Mr|Mrs|No|no|Vol|vol|Fig|eq|Eq|Nos|ver|al)$"
)
# The end of "approach Rom. Rep. Phys." or "methods Eur. J.", six characters before the dot.
_IN_CHAIN = re.compile(rf".{{0,3}}\w\s[{UPPER}][{LOWER}]{{1,3}}\.\s[{UPPER}][{LOWER}]{{0,9}}\.")
_REPORT = re.compile(r"[A-Z]{2,}[\w\s/.-]{0,12}-\d")
# As in ... decay J. Phys. G: Nucl. Part. Phys. 40 79601, or ... decay Nucl. Instrum. Methods A 12 34
_CHAIN = re.compile(
    rf"(?:(?<=[{LOWER}]\s)(?:[{UPPER}][{LOWER}]+\s)?|(?<=\s)|^)[{UPPER}][{LOWER}]{{0,11}}\.\s?"
    rf"(?:(?:[{UPPER}&][\w.:]*|of|and)\s?){{0,7}}?\s?[A-Z]?\d{{1,4}}(?:\s?\(\d+\))?\s[A-Z]?\d"
)
_LETTER_END = re.compile(rf"\s[{LOWER}]+\s[{UPPER}]$")
# Between two marks, so cut short, as in "K-theory. Ukr. Mat."
_LONE_WORD = re.compile(rf"(?:[.:;]\s[{UPPER}]\w{{0,9}}|,\s[{UPPER}]\w{{0,4}})$")
_SMALL_END = re.compile(r"\s(?:of|and|the|for|in|on|to|with|by|from|a|an|de|at|via|using|is|as)$")
_EDITION = re.compile(r"\([^()]{1,20}\s?[Ee]d(?:ition|n?\.)")
_EDITED = re.compile(r"edited by|[Ee]ds?\.")
# (Harbour Books, Malmo, 2009) or (Malmo: Harbour Books)
_IMPRINT = re.compile(r"\([^()\d]{3,80},?\s?(?:(?:1[6-9]|20)\d\d,?\s?)+\)|\([^():\d]{3,30}:\s[^():\d]{3,50}\)")
_IS_OVER = re.compile(
    r",\s(?:[Vv]ol|[Vv]olume|no|pp?)\b|\d(?:st|nd|rd|th)\sedn?\b|\b[Ee]dition\b|\([^()]{3,80},?\s?(?:19|20)\d\d\)"
)
_VOLUME_IN = re.compile(r"\d\s?[(:]\s?\d|\s[A-Z]?\d{1,4}\s?[,(:]|\s\d{1,4}\s\d|[Vv]ol\b")
_NTH = re.compile(r"[,.]?\s\d+(?:st|nd|rd|th)\b")
_WHOLE_WORD_END = re.compile(rf"[{LOWER}]{{7}}\.\s|[{LOWER}]{{4}}\.\s[{UPPER}]\w+(?![\w.])")
# Versions and editions, a year alone, the Chinese standard's [J] and [M], a volume.
_TRAILING = re.compile(
    r"\s?[(\[](?:[Vv]ersion|[Rr]ev|[Ss]oftware|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|\d+(?:st|nd|rd|th)\s|[Ee]ds?"
    r"|[^()]*[Ee]dition|[^()]*\b[Ee]ds?\.|[Ll]atest|[Cc]omputer)[^()\]]*[)\]]\s*$"
    r"|,\s\d(?:st|nd|rd|th)\sed(?:n|ition)?$"
    r"|\s\((?:19|20)\d\d\)$|,\s(?:[A-Z][a-z]{2,8}\.?\s)?(?:19|20)\d\d[a-z]?$"
    r"|\s?\[[A-Z]{1,2}(?:/OL)?\]$"
    r"|,\s[Vv]ol(?:ume|\.)?\s?[\dIVX]+[^,.]{0,40}$"
)
_MOST_BREAKS = 24
_LONG_TITLE = 32  # words
_LAST_WORDS = 24  # characters in which the end of a title is looked at
_JOURNAL_WINDOW = 90  # characters before a volume in which the journal's name begins


def split_title(rest: str, *, is_comma_style: bool, is_bare_style: bool = False) -> tuple[str, str]:
    """Title and venue of what follows authors and year.

    `is_comma_style` where a comma ended the authors, `is_bare_style` where nothing but spaces stands around the year,
    as in IOP's journals, which part title and journal by nothing either.
    """
    if (quoted := _QUOTED.search(rest, 0, 500)) is not None and quoted.start() <= _LATEST_QUOTE:
        title = next(text for text in quoted.groups() if text)
        return _clean(title), venue_of(rest[quoted.end() :])
    if PROCEEDINGS_OF.match(rest):
        return name_of(rest), ""  # a contribution cited by the book alone
    chain = _CHAIN.search(rest) if is_bare_style else None
    place = _best_break(rest, is_comma_style=is_comma_style) if chain is None else chain.start()
    return _clean(rest[:place]), venue_of(rest[place:])


def venue_of(rest: str) -> str:
    """The venue in what follows the title: right after it, or after identifiers or the year."""
    rest = rest.lstrip()
    if (imprint := _IMPRINT.match(rest)) is not None:
        rest = rest[imprint.end() :]  # a publisher is no venue
    for part in rest.split(GAP)[:3]:
        text = part.lstrip(' .,;:?!)]([”"')
        if (year := _AFTER_YEAR.match(text)) is not None and not PROCEEDINGS.match(text):
            text = text[year.end() :]
        if _NUMBERS.match(text) and not PROCEEDINGS.match(text):
            continue
        if len(text) > 1 and (venue := name_of(text)):
            return venue
    return ""


@dataclass(frozen=True, slots=True)
class _Limits:
    """Places after which no title goes on: an edition or an imprint, and a journal with its volume."""

    over: int
    journal: int
    journal_weight: float


def _best_break(rest: str, *, is_comma_style: bool) -> int:
    limits = _limits(rest)
    best, place = _score_untitled(rest), 0
    inside = 0.0  # what it costs that the title would hold a whole sentence
    for match, _ in zip(_BREAK.finditer(rest), range(_MOST_BREAKS), strict=False):
        mark = _score_mark(rest, match, is_comma_style=is_comma_style)
        if mark > _HOPELESS:
            score = mark + inside + _score_left(rest, match.start(), limits) + _score_right(rest[match.end() :], match)
            if score > best:
                best, place = score, match.start() + len(match["mark"] or "")
            if match["mark"] == ".":
                inside = _SENTENCE_INSIDE
        if match["gap"]:
            return place
    return len(rest) if inside + _score_left(rest, len(rest), limits) - 0.5 > best else place


_SENTENCE_INSIDE = -1.5
_HOPELESS = -4.0


def _limits(rest: str) -> _Limits:
    over = _IS_OVER.search(rest)
    journal, weight = len(rest) + 1, 0.0
    if (volume := _VOLUME_IN.search(rest)) is not None:
        numbered = NUMBERED.search(rest, max(0, volume.start() - _JOURNAL_WINDOW), volume.end() + 8)
        if numbered is not None:
            journal, weight = numbered.end(), -4.0 if JOURNAL.match(numbered[0]) else -1.0
    return _Limits(over.end() if over else len(rest) + 1, journal, weight)


def _score_untitled(rest: str) -> float:
    """How much it looks as if there were no title."""
    text = rest[year.end() :] if (year := _AFTER_YEAR.match(rest)) is not None else rest
    if UNTITLED.match(text):
        return 5.0
    is_journal = JOURNAL.match(text) is not None
    numbered = NUMBERED.match(text)
    if numbered is None:
        if is_journal and JOURNAL_YEAR.match(text):
            return 6.0
        return 0.0 if text[:1] in (GAP, "(", "[") or not text else -2.0
    if not is_journal and (
        numbered["volume"] or _WHOLE_WORD_END.search(numbered["name"]) or _NTH.match(text, numbered.end())
    ):
        return 0.0
    words = len(numbered["name"].split())
    return 4.0 + (3.0 if is_journal else 0.0) + (1.0 if words <= 2 else 0.0) - 0.4 * max(0, words - 4)  # noqa: PLR2004


def _score_mark(rest: str, match: re.Match[str], *, is_comma_style: bool) -> float:
    """How well a mark ends a title in this style."""
    mark = match["mark"]
    if mark == ".":
        score = _score_dot(rest[max(0, match.start() - _LAST_WORDS) : match.start()], is_comma_style=is_comma_style)
        return score - 2.0 if _IN_CHAIN.match(rest, max(0, match.start() - 6)) else score
    if mark is None or mark in "?!":
        return 1.0 if mark is None else 2.0
    return 1.5 if is_comma_style and mark == "," else -1.5


def _score_dot(end: str, *, is_comma_style: bool) -> float:
    if _LETTER_END.search(end):
        return 0.5  # "... in R. Mathematics" ends there, "... by J. Okafor" does not
    if _ABBREVIATION.search(end) or CUT_SHORT.search(end) or _LONE_WORD.search(end):
        return _HOPELESS
    return 1.5 if is_comma_style else 3.0


def _score_left(rest: str, end: int, limits: _Limits) -> float:
    """How much the text up to a mark looks like a whole title."""
    words = rest.count(" ", 0, end) + 1
    score = (-2.0, -0.5, 1.0)[min(words, 3) - 1]
    if words > _LONG_TITLE:
        score -= 2.0
    if _SMALL_END.search(rest, max(0, end - 10), end) or rest.count("(", 0, end) > rest.count(")", 0, end):
        score -= 4.0
    if limits.over <= end:
        score -= 3.0
    return score + (limits.journal_weight if limits.journal <= end else 0.0)


def _score_right(right: str, match: re.Match[str]) -> float:
    """How much the text after a mark looks like what follows a title."""
    if (year := _AFTER_YEAR.match(right)) is not None:
        right = right[year.end() :]
    text = right.lstrip("([")
    if not text or text[0] == GAP:
        return 1.0
    if PROCEEDINGS.match(text):
        return 4.0
    return _score_venue(text) or _score_rest(text, right, match)


def _score_venue(text: str) -> float:
    score = 2.5 if JOURNAL.match(text) else 0.0
    if (numbered := NUMBERED.match(text)) is not None:
        score += 2.5 - 0.3 * max(0, numbered["name"].count(" ") - 5)
    if NO_VENUE.match(text) or PUBLISHER.match(text):
        score += 3.0
    return score


def _score_rest(text: str, right: str, match: re.Match[str]) -> float:
    if _NUMBERS.match(text):
        return 1.5
    if _EDITED.match(text) or _REPORT.match(text):
        return 2.0
    if text[0].islower() and not any(map(str.isupper, text[1:4])):  # but eLife, iScience
        return -4.0
    if match["bracket"]:
        return 3.0 if _IMPRINT.match(right) else 0.0 if _EDITION.match(right) else -3.0
    return -1.0 if match["mark"] == "," else 0.0


def _clean(title: str) -> str:
    title = _TRAILING.sub("", title.strip(f" ,;:.{GAP}"))
    return title.strip(' ,;:.“”"')
