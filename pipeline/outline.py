"""The section a passage stands in, from the headings before it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(
    r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,3}|[IVX]{1,5}(?=[.\s])|[A-Z](?=[.)\s])|\d{1,2}(?=\)))"
    r"(?P<mark>[.):]?)\s+(?=\S)"
)
_CHAPTER = re.compile(r"^(?:appendix|chapter)\s+[A-Z\d]{1,2}\b[.:]?", re.IGNORECASE)
_SPACED = re.compile(r"[A-Z](?: [A-Z]){3,}")
_TOP_LEVEL = re.compile(
    r"(?:abstract|introduction|related work|background|methods?|methodology|experiments?|results|discussions?|"
    r"conclusions?|limitations|acknowledge?ments?|references|bibliography|appendix|appendices|contents|"
    r"supplementary materials?|(?:data|code) availability|funding|(?:ethics|broader impact|impact|reproducibility) "
    r"statement)\W*$",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 100  # of one heading in a path
_ROMAN = frozenset({"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"})


class Outline:
    """Walks through the headings of one document in order."""

    def __init__(self, headings: Iterable[str]) -> None:
        matches = [match for text in headings if (match := _NUMBER.match(text))]
        has_digits = any(match["number"][0].isdigit() and match["mark"] != ")" for match in matches)
        self._is_roman = sum(match["number"] in _ROMAN for match in matches) > 1 and not has_digits
        self._path: list[tuple[int, str]] = []
        self._numbered_depth = 0

    @property
    def path(self) -> str:
        """The titles from the section down, as in "3 Method > 3.2 Loss"; empty before the first heading."""
        return " > ".join(title for _, title in self._path)

    @property
    def title(self) -> str:
        """The innermost heading; empty before the first one."""
        return self._path[-1][1] if self._path else ""

    def enter(self, heading: str) -> None:
        """Goes to the next heading."""
        depth = self._depth(heading)
        self._path = [(level, title) for level, title in self._path if level < depth]
        self._path.append((depth, tidy_heading(heading)))

    def _depth(self, heading: str) -> int:
        if match := _NUMBER.match(heading):
            self._numbered_depth = self._depth_of_number(match["number"], match["mark"])
            return self._numbered_depth
        if _CHAPTER.match(heading) or _TOP_LEVEL.match(tidy_heading(heading)):
            self._numbered_depth = 0
            return 1
        return self._numbered_depth + 1

    def _depth_of_number(self, number: str, mark: str) -> int:
        """Depth by the parts of the number; IEEE's way is I. - A. - 1)."""
        if not self._is_roman:
            return number.count(".") + 1
        if number in _ROMAN and not (number in {"I", "V", "X"} and self._numbered_depth > 1):
            return 1
        return 3 if mark == ")" else 2


def tidy_heading(heading: str) -> str:
    """A heading on one line, without the point after its number and without letter-spacing."""
    text = " ".join(heading.split())
    if _SPACED.fullmatch(text):
        return text.replace(" ", "").capitalize()
    if match := _NUMBER.match(text):
        text = f"{match['number']} {text[match.end() :]}"
    return text.rstrip(" .:")[:_MOST_CHARACTERS]
