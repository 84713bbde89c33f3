"""A paper as a BibTeX entry that BibTeX and biber both read."""

from __future__ import annotations

import re
import unicodedata

from pipeline.paper import ArxivId, Paper

_MATH = re.compile(r"((?<!\\)\$(?:\\.|[^$\\])+\$)")
_SPECIAL = re.compile(r"(?<!\\)([&%#_])")  # an escaped one is kept as it is
_OFTEN_FIRST = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "is", "are", "do", "does", "how", "what"})
_GROUP = re.compile(r"\b(collaboration|consortium|team|group|project|initiative|institute)\b", re.IGNORECASE)
_YEAR_2000 = 2000


def bibtex(paper: Paper) -> str:
    """A `@misc` entry, ending with a newline. Formulas in the title are kept, everything else is escaped."""
    fields = {
        # Doubled braces keep the authors' own capitals in every bibliography style.
        "title": f"{{{_escape(paper.title)}}}",
        "author": " and ".join(_author(name) for name in paper.authors),
        "year": str(_year(paper)),
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.primary_category,
        "journal": _escape(paper.journal_ref),
        "doi": _bare(paper.doi),
        "url": paper.abs_url,
    }
    kept = {name: value for name, value in fields.items() if value}
    width = max(len(name) for name in kept)
    lines = (f"  {name:<{width}} = {{{value}}}" for name, value in kept.items())
    return f"@misc{{{_key(paper)},\n" + ",\n".join(lines) + "\n}\n"


def _author(name: str) -> str:
    escaped = _escape(name)
    return f"{{{escaped}}}" if _GROUP.search(name) or " and " in name else escaped


def _escape(text: str) -> str:
    """TeX's special characters outside formulas, and braces that do not balance."""
    flat = " ".join(text.split())
    if not _is_balanced(flat):
        flat = flat.replace("{", "").replace("}", "")
    pieces = _MATH.split(flat)
    pieces[::2] = [_SPECIAL.sub(r"\\\1", piece).replace("~", "\\textasciitilde{}") for piece in pieces[::2]]
    # A single dollar left outside a formula would open one.
    pieces[::2] = [re.sub(r"(?<!\\)\$", r"\\$", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _bare(text: str) -> str:
    """A DOI holds no white space and no brace; arXiv's field may list several: the first counts."""
    return re.sub(r"[{}]", "", text.split(maxsplit=1)[0]) if text.split() else ""


def _year(paper: Paper) -> int:
    """Of the first version; of the identifier (yymm) where the history is unknown."""
    if paper.versions:
        return paper.versions[0].submitted_at.year
    yy = int(ArxivId.parse(paper.id).id.rpartition("/")[2][:2])
    return yy + (_YEAR_2000 if yy < 91 else _YEAR_2000 - 100)  # noqa: PLR2004 - arXiv began in 1991


def _key(paper: Paper) -> str:
    """`lind2026study`: first author's last word, year, first word of the title that says something."""
    author = _ascii(paper.authors[0].split()[-1]) if paper.authors and paper.authors[0].split() else ""
    words = [_ascii(word) for word in re.split(r"[\s\-–—:/]+", _MATH.sub(" ", paper.title))]  # noqa: RUF001 (dashes)
    word = next((word for word in words if word and word not in _OFTEN_FIRST), "")
    return f"{author or 'arxiv'}{_year(paper)}{word}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())
