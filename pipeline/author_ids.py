"""Authors by number: ORCID iDs, and the author ids that arXiv gives out."""

from __future__ import annotations

import re

from pipeline.errors import UsageError

_PREFIX = re.compile(r"^(?:https?://)?(?:(?:www\.)?orcid\.org/|(?:www\.)?arxiv\.org/a/)|^orcid:\s*", re.IGNORECASE)
_ORCID = re.compile(r"^(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])$", re.IGNORECASE)
# https://info.arxiv.org/help/author_identifiers.html: last name, first initial and a number, all of a to z
_ARXIV = re.compile(r"^[a-z]+(?:_[a-z])?_[1-9]\d*$")


def author_id_of(text: str) -> str | None:
    """The author's number in the form arXiv's addresses use: `0000-0002-1825-0097`, `lind_a_1`; None for a name."""
    bare = _PREFIX.sub("", text.strip()).rstrip("/")
    if match := _ORCID.match(bare):
        orcid = "-".join(match.groups()).upper()
        return orcid if _has_right_checksum(orcid) else None
    return bare if _ARXIV.match(bare) else None


def checked_author(text: str) -> str:
    """An author as a profile names them: a number in its canonical form, or a name with single blanks.

    Raises UsageError for a blank name and for an ORCID iD with a wrong digit.
    """
    name = " ".join(text.split())
    if found := author_id_of(name):
        return found
    if _ORCID.match(_PREFIX.sub("", name).rstrip("/")):
        raise UsageError(f"not an ORCID iD: {name!r}; its last digit, a check on the others, does not agree with them")
    if not any(letter.isalpha() for letter in name):
        raise UsageError(f"not an author: {text!r} (expected a name, an ORCID iD, or an arXiv author id as lind_a_1)")
    return name


def _has_right_checksum(orcid: str) -> bool:
    # ISO 7064 MOD 11-2, as support.orcid.org describes the structure of the identifier.
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return digits[-1] == "0123456789X"[(12 - total % 11) % 11]
