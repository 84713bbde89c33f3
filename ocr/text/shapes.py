"""Tells from one line alone what it may be: an equation, a caption's beginning, a list item, a heading."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from functools import lru_cache

from ocr.page.lines import Line
from ocr.text.typography import Typography

_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_][a-zß-ÿ]{2,}(?![^\W\d_])")  # cased like a word; PCq and χBC are not
_VOWEL = re.compile(r"[aeiouyà-ÿ]", re.IGNORECASE)
_FUNCTIONS = frozenset(
    {
        "log",
        "exp",
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "max",
        "min",
        "arg",
        "argmax",
        "argmin",
        "sup",
        "inf",
        "lim",
        "det",
        "diag",
    }
    | {"mod", "rank", "sign", "softmax", "where", "with", "and", "for", "var", "cov", "dim", "ker", "tanh", "subject"}
)
# Relations, big operators, arrows, Greek, letter-like symbols, mathematical alphabets. Signs that prose and code use
# too (+ < > |) prove nothing alone.
_SYMBOL = re.compile(r"[=√∥µΑ-Ωα-ωϵϕϑ℀-⅏←-⇿∀-∖∙-⋿⌈-⌋⟨⟩⨀-⫿\U0001d400-\U0001d7ff]")
_EQUATION_NUMBER = re.compile(r"\(?[A-Z]?\.?\d+(?:\.\d+)*[a-z]?\)$")

ABSTRACT = re.compile(r"^(?P<head>abstract|ABSTRACT|Abstract)(?:\s*[.:—–-]+\s*|\s+)(?=\S)")
_CAPTION = re.compile(
    r"(?P<name>(?:supplementary |extended data )?(?:fig(?:ure|\.)?|table|tab\.|algorithm|listing|code|scheme))\s*"
    r"(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?|[IVX]+\b)\s*(?P<end>[.:|—–-]|$)?",
    re.IGNORECASE,
)
_NO_HEADING = re.compile(
    rf"{_CAPTION.pattern}|(?:proof|theorem|lemma|remark|proposition|corollary)\b|.*(?:://|@\w)", re.IGNORECASE
)
_LIST_ITEM = re.compile(
    r"(?:[•◦▪▸►‣∙●○■□–⁃✓*]|[-—](?=\s)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)(?=\s+[A-Z])|\d{1,2}\.(?=\s+[A-Z]))\s*(?=\S)"
)
_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H](?:\.\d{1,2}){0,3}|(?:appendix|section|chapter)\s+[A-Z\d]{1,2})"
    r"(?P<dot>[.:)]?)\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_KNOWN_NAMES = (
    r"abstract|introduction|(?:related|prior|previous) works?|background|preliminaries|methods?|methodology",
    r"materials and methods|experiments?|results|discussions?|conclusions?|(?:results|conclusions?) and .{4,20}",
    r"(?:summary|discussion) and .{4,20}|summary|limitations|acknowledge?ments?|references|bibliography",
    r"literature cited|appendix|appendices|supplementary materials?|data availability|code availability|funding",
    r"author contributions|(?:ethics|broader impact|impact|reproducibility) statement|key ?words|ccs concepts",
    r"statement of need|(?:table of )?contents",
)
_KNOWN = re.compile(rf"(?:[\dIVX]{{1,4}}\.?\s+)?(?:{'|'.join(_KNOWN_NAMES)})[.:]?$", re.IGNORECASE)
_SPACED = re.compile(r"[A-Z](?: [A-Z]){3,}")
_MOST_HEADING_WORDS = 14
_MOST_HEADING_CHARACTERS = 120
_FEWEST_LETTERS = 3
_FEWEST_CAPITALS = 5
_WORDS_A_CELL = 5
_MOST_LINES = 4096  # kept in mind: each is looked at several times, beside the one above and the one below
_MOST_WORDS_BEFORE_STOP = 4


def is_abstract(text: str) -> bool:
    """Whether a paragraph begins with the word "Abstract", as run-in headings do."""
    return bool(ABSTRACT.match(text))


@lru_cache(maxsize=_MOST_LINES)
def is_equation(text: str) -> bool:
    """Whether a line is mostly mathematics: symbols, and under three in ten characters in words."""
    if not _SYMBOL.search(text):
        return False
    visible = len(text.replace(" ", ""))
    words = [word for word in _WORD.findall(text) if word.lower() not in _FUNCTIONS and _VOWEL.search(word)]
    worded = sum(map(len, words))
    return worded < 0.3 * visible and visible >= _FEWEST_LETTERS


def is_equation_number(text: str) -> bool:
    """Whether a line is nothing but an equation's number, such as (12) or (3.4b)."""
    return text.startswith("(") and bool(_EQUATION_NUMBER.fullmatch(text))


def is_caption(line: Line, typography: Typography) -> bool:
    """Whether a caption begins here; "Figure 3 shows ..." at the size of running text does not begin one."""
    match = _CAPTION.match(line.text)
    if match is None or not match["name"][0].isupper():
        return False
    return match["end"] is not None or line.is_bold or line.size < 0.95 * typography.body_size


def is_caption_text(text: str) -> bool:
    """Whether a text begins with a float's name and number, be it a caption or a sentence about one."""
    return bool(_CAPTION.match(text))


def is_table_caption(text: str) -> bool:
    """Whether a caption belongs to a table rather than a figure."""
    match = _CAPTION.match(text)
    return match is not None and match["name"].lower().startswith("tab")


def is_list_item(text: str) -> bool:
    """Whether a line begins with a bullet or a short number of its own."""
    return bool(_LIST_ITEM.match(text))


def is_row(line: Line) -> bool:
    """Whether a line has the gaps of a table's row, and too few words between them for stretched prose."""
    return len(line.cells) > 1 and len(line.text.split()) <= _WORDS_A_CELL * len(line.cells)


def is_known_heading(text: str) -> bool:
    """Whether a line is nothing but a heading most papers have, numbered or not."""
    return bool(_KNOWN.match(unspaced(text)))


def unspaced(text: str) -> str:
    """The text with letter-spacing undone where it is nothing but single letters: "A B S T R A C T"."""
    return text.replace(" ", "") if _SPACED.fullmatch(text) else text


def is_heading(line: Line, typography: Typography) -> bool:
    """Whether a line looks like a heading, or the first line of one."""
    text = unspaced(line.text)
    if not _is_heading_text(text) or (_SYMBOL.search(text) and "=" in text):
        return False
    if line.is_mono or line.size < 0.93 * typography.body_size:
        return is_known_heading(text) and line.is_bold
    numbered = _NUMBERED.match(text)
    if numbered and not (numbered["title"][0].isalpha() and numbered["title"][0].isupper()):
        return False
    if numbered and line.is_italic:
        return True
    is_set_off = line.is_bold or line.size > 1.07 * typography.body_size or line.is_small_caps or _is_capitals(text)
    if is_known_heading(text):
        return is_set_off or typography.is_aligned(line)
    return is_set_off and (numbered is not None or _is_title_like(line, typography))


def _is_title_like(line: Line, typography: Typography) -> bool:
    first = next((character for character in line.text if character.isalnum()), "")
    is_larger = line.size > 1.07 * typography.body_size
    is_sentence = line.is_hyphenated or (line.text.endswith(".") and len(line.text.split()) > _MOST_WORDS_BEFORE_STOP)
    return (
        first.isupper()
        and line.text[-1] not in ",;:)"
        and not is_sentence
        and (is_larger or typography.is_aligned(line))
    )


@lru_cache(maxsize=_MOST_LINES)
def _is_heading_text(text: str) -> bool:
    if len(text) > _MOST_HEADING_CHARACTERS or len(text.split()) > _MOST_HEADING_WORDS:
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= _FEWEST_LETTERS and letters >= 0.5 * len(text.replace(" ", "")) and not _NO_HEADING.match(text)


def _is_capitals(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= _FEWEST_CAPITALS and sum(map(str.isupper, text)) > 0.85 * letters
