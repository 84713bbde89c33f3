"""What a cited work is called, so that two papers that cite it are seen to cite the same.

A reference has up to three names: `arxiv:2401.12345`, `doi:10.1000/x` and `title:` with the letters of its title; a
stored paper has the same names, so a reference to the journal's version meets the preprint. Which of them a citing
paper prints is chance: of 820 references read from 41 PDFs, 14 % have an arXiv id, 47 % a DOI and 99 % a title, and of
the 47 times that two of these papers cite the same work an id alone tells 11, an id or else the title 22, the title
46, all names together 47. Therefore all are kept, and a reference goes by the one that most papers here use (`key_of`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.document import Reference
from pipeline.errors import UsageError
from pipeline.mathtext import tex_to_text
from pipeline.paper import ArxivId, Paper

# Of 105,668 titles of a year of arXiv's computer science, 13 pairs are alike in all letters, 12 of them one work under
# two ids; 25 pairs are alike in the first 60, and a title that runs on into the journal (one in 20) still counts. The
# year, which often differs between preprint and journal, would only part what belongs together.
_LETTERS = 60
_TELLING = 16  # letters from which a title needs no year: shorter ones are "Work in progress" and "Quantum Optics"
_FEWEST = 8
_LONGEST_DOI = 255
_WORD = re.compile(r"[^\W_]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TEX = re.compile(r"[\\$~]")
_ARXIV_DOI = "10.48550/arxiv."
_KINDS = ("title", "doi", "arxiv")  # the last is the surest, the first the commonest


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a work: how many papers here cite under it, and the stored paper that has it, if any does."""

    name: str
    papers: int
    paper_id: str = ""

    @property
    def key(self) -> str:
        """What the work goes by under this name."""
        return paper_key(self.paper_id) if self.paper_id else self.name

    @property
    def standing(self) -> tuple[int, int, int, str]:
        """Orders the names of a reference, which goes by the last of them.

        The name of a stored paper counts first, the surest kind of name before the others; else the name that most
        papers use, the title among equals. References are not joined by the names they share: one entry that ran two
        together would make two works one for everybody.
        """
        sureness = _KINDS.index(self.name[: self.name.index(":")])
        return (sureness + 1, 0, 0, "") if self.paper_id else (0, self.papers, -sureness, self.name)


def names_of(reference: Reference) -> tuple[str, ...]:
    """All names of a cited work, the title first; none where neither identifier nor title tells it from another."""
    names = [title_name(reference.title, reference.year), arxiv_name(reference.arxiv_id), doi_name(reference.doi)]
    return tuple(dict.fromkeys(filter(None, names)))


def names_of_paper(paper: Paper) -> tuple[str, ...]:
    """All names under which others may cite a paper."""
    year = paper.versions[0].submitted_at.year if paper.versions else None
    title = tex_to_text(paper.title) if _TEX.search(paper.title) else paper.title
    names = [title_name(title, year), paper_key(paper.id), *map(doi_name, paper.doi.split())]
    return tuple(dict.fromkeys(filter(None, names)))


def paper_key(paper_id: str) -> str:
    """The key of a stored paper as a cited work."""
    return f"arxiv:{paper_id}"


def paper_of(key: str) -> str:
    """The arXiv id of a work; empty where its key has none."""
    return key.removeprefix("arxiv:") if key.startswith("arxiv:") else ""


def arxiv_name(printed: str) -> str:
    """The name by an arXiv id, whatever its version; empty where it is none."""
    try:
        return paper_key(ArxivId.parse(printed).id) if printed else ""
    except UsageError:
        return ""


def doi_name(printed: str) -> str:
    """The name by a DOI in whatever spelling; that of the arXiv id where arXiv gave the DOI, empty where it is none.

    DOIs do not differ by case (https://www.doi.org/doi_handbook/2_Numbering.html, 2.4).
    """
    found = _DOI.search(unquote(printed).lower())
    doi = found[0].rstrip(".,;") if found else ""
    if doi.startswith(_ARXIV_DOI):
        return arxiv_name(doi.removeprefix(_ARXIV_DOI))
    return f"doi:{doi}" if 0 < len(doi) <= _LONGEST_DOI else ""


def title_name(title: str, year: int | None) -> str:
    """The name by a title: its first letters and digits without case, accents and spaces.

    A short one needs its year to be told from others; what is shorter still has no name, nor a short one without year.
    """
    letters = "".join(_WORD.findall(_folded(title)))
    if len(letters) >= _TELLING:
        return f"title:{letters[:_LETTERS]}"
    return f"title:{letters}{year}" if len(letters) >= _FEWEST and year else ""


def key_of(names: Iterable[KnownName]) -> str:
    """What a reference with these names goes by."""
    return max(names, key=lambda known: known.standing).key


def _folded(text: str) -> str:
    """In lower case and without accents."""
    decomposed = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
