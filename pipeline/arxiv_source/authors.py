"""Splits the authors line of an arXiv record into names."""

from __future__ import annotations

import re

_INNERMOST = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[,;]|\s+and\s+|\s+&\s+|:\s")
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|IV)\.?$")
_NOBODY = re.compile(r"^(?:and|et\s+al)\.?$")
_FOLLOWERS = re.compile(r"\s+et\s+al\.?$")


def split_authors(line: str) -> tuple[str, ...]:
    """Names in the order given, as people write them ("A. B", not "B, A.").

    Follows https://info.arxiv.org/help/prep#author: names are separated by commas or "and", a collaboration ends with
    a colon, affiliations stand in parentheses, which may nest ("((1) Here, (2) There)") and hold commas. Accents
    written in TeX become letters, as arXiv's own API gives them.
    """
    bare = line
    while (shorter := _INNERMOST.sub(" ", bare)) != bare:
        bare = shorter
    # What is left over of unbalanced parentheses is dropped, the words within are kept: a name may be among them.
    pieces = [" ".join(piece.split()) for piece in _BETWEEN.split(re.sub(r"[()]", " ", bare))]
    names: list[str] = []
    for piece in pieces:
        name = _FOLLOWERS.sub("", piece)
        if not name or _NOBODY.match(name):
            continue
        if _SUFFIX.match(name) and names:
            names[-1] = f"{names[-1]} {name}"
        else:
            names.append(name.removeprefix("and "))
    return tuple(_decode(name) for name in names)


def _decode(name: str) -> str:
    if not any(mark in name for mark in "\\{~"):
        return name
    from pylatexenc.latex2text import LatexNodes2Text

    text: str = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=True).latex_to_text(name)
    return " ".join(text.split())
