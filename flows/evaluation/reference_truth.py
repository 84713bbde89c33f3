"""References with known fields: TEI files of strings, and what publishers told Crossref of a paper's references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

FIELDS = ("authors", "title", "year", "venue", "doi", "arxiv_id")
_YEAR = re.compile(r"\d{4}")
_DOI = re.compile(r"10\.\d{4,}/\S+")
_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")


@dataclass(frozen=True, slots=True)
class KnownReference:
    """A reference string and what is in it; fields it lacks are empty. Authors are as printed, all in one."""

    text: str
    authors: str = ""
    title: str = ""
    year: str = ""
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""


def load_strings(path: Path) -> list[KnownReference]:
    """The references of a TEI file.

    Its titles have levels: an article's (a) or else a book's (m) is the title; a journal's (j), or a book's that holds
    an article, is the venue.
    """
    # GROBID's files have ids that XML forbids, which a strict parser refuses.
    root = etree.parse(path, etree.XMLParser(recover=True)).getroot()
    return [_known(entry) for entry in root.iter("{*}bibl")]


def load_names(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Lists of authors as printed, each with the family names in it."""
    root = etree.parse(path).getroot()
    return [
        (_text(author), tuple(_text(name) for name in author.iterfind("{*}lastname")))
        for author in root.iter("{*}author")
    ]


@dataclass(frozen=True, slots=True)
class KnownBibliography:
    """What Crossref knows of a paper's references: how many, the DOIs in lower case, and cited works by DOI."""

    pdf: Path
    count: int
    dois: tuple[str, ...]
    works: tuple[KnownReference, ...]


def load_bibliographies(folder: Path) -> list[KnownBibliography]:
    """One for each `NAME.crossref.xml` beside a `NAME.pdf`."""
    return [_bibliography(path) for path in sorted(folder.glob("*.crossref.xml"))]


def _known(entry: etree._Element) -> KnownReference:
    titles = {
        level: [_text(title) for title in entry.iterfind("{*}title") if title.get("level") == level] for level in "ajm"
    }
    authors = [_text(author) for author in entry.iterfind("{*}author")]
    collaborations = [_text(name) for name in entry.iterfind("{*}orgName") if name.get("type") == "collaboration"]
    numbers = ["".join(_text(number).split()) for number in entry.iterfind("{*}idno")]
    inside = [*titles["j"], *(titles["m"] if titles["a"] else [])]
    return KnownReference(
        text=_text(entry),
        authors="; ".join(authors or collaborations),
        title=next(iter([*titles["a"], *titles["m"]]), ""),
        year=next((found[0] for date in entry.iterfind("{*}date") if (found := _YEAR.search(_text(date)))), ""),
        venue=next(iter(inside), ""),
        doi=next((found[0].lower().rstrip(".,") for number in numbers if (found := _DOI.search(number))), ""),
        arxiv_id=next((_without_class(found[0]) for number in numbers if (found := _ARXIV.search(number))), ""),
    )


def _bibliography(path: Path) -> KnownBibliography:
    citations = list(etree.parse(path).getroot().iterfind(".//{*}citation"))
    works = tuple(_cited(citation) for citation in citations)
    return KnownBibliography(
        path.with_name(path.name.replace(".crossref.xml", ".pdf")),
        len(works),
        tuple(work.doi for work in works if work.doi),
        works,
    )


def _cited(citation: etree._Element) -> KnownReference:
    told = {
        name: _child(citation, name) for name in ("author", "article_title", "volume_title", "journal_title", "cYear")
    }
    return KnownReference(
        text=_child(citation, "unstructured_citation"),
        authors=told["author"],
        title=told["article_title"] or told["volume_title"],
        year=told["cYear"],
        venue=told["journal_title"],
        doi=_child(citation, "doi").lower(),
    )


def _child(citation: etree._Element, name: str) -> str:
    element = citation.find(f"{{*}}{name}")
    return _text(element) if element is not None else ""


def _text(element: etree._Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    yield from (str(piece) for piece in element.itertext())


def _without_class(arxiv_id: str) -> str:
    """The form arXiv gives itself: math/0407054, not math.KT/0407054."""
    return re.sub(r"\.[A-Z]{2}/", "/", arxiv_id)
