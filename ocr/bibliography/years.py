"""Picks the year of publication among the numbers of a reference."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re

_YEAR = re.compile(r"(?<![\d.:/–—-])(?P<year>1[6-9]\d\d|20[0-4]\d)(?P<suffix>[a-z])?(?![\w–—:/-])(?!\.\d)")
_BRACKET = re.compile(r"[(\[](?:[^()\[\]\d]{0,12}\d{0,2}[^()\[\]\d]{0,4})?$")  # "(", "(Mar. ", "(Springer, 1 June "
_PAGES = re.compile(r"(?:\bpp?\.?|\bpages?|\b[Vv]ol(?:ume)?\.?|\b[Nn]o\.?|\barticle|ISSN|ISBN|\bsect?\.)\s?$")
_ACCESS = re.compile(r"(?:[Rr]etrieved|[Aa]ccessed|[Vv]isited|[Aa]ccess)\b[^.;]{0,30}$")
_VOLUME = re.compile(r"\d\s?[,:(]\s?$|\d\s$")
_CLOSED = re.compile(r"\s?[)\]]")
_ENDS = re.compile(r"\s?(?:[.;]|$|\x1a|,?\s?\x1a)")


def find_year(text: str, after_names: int) -> tuple[int | None, str]:
    """The year, and the letter behind it that tells 2019a from 2019b; `after_names` is where the authors end."""
    best: tuple[float, int] | None = None
    found: tuple[int | None, str] = (None, "")
    for match in _YEAR.finditer(text):
        score = _score(text, match, after_names)
        if score > 0 and (best is None or score >= best[0]):
            # Of equals the last counts, but not in brackets: what follows them is an erratum or a translation.
            if best is not None and score == best[0] and score >= _BRACKETED:
                continue
            best = (score, match.start())
            found = (int(match["year"]), match["suffix"] or "")
    return found


_BRACKETED = 5.0


def _score(text: str, match: re.Match[str], after_names: int) -> float:
    before = text[max(0, match.start() - 40) : match.start()]
    if _PAGES.search(before) or _ACCESS.search(before):
        return 0.0
    score = 2.0
    if match.start() < after_names:
        score -= 1.0
    elif match.start() - after_names <= _NEAR and not any(map(str.isalpha, text[after_names : match.start()])):
        return 8.0
    if _BRACKET.search(before) and _CLOSED.match(text, match.end()):
        score += 3.0
    elif _VOLUME.search(before):
        score -= 0.5
    if _ENDS.match(text, match.end()):
        score += 1.0
    return score


_NEAR = 4
