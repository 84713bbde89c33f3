"""The ways of reading references that are compared: ours, refextract's, and what plain patterns can do."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from flows.evaluation.peers import Peers
from flows.evaluation.reference_scores import Found
from ocr.bibliography import Links, find_references, read_fields
from ocr.page.links import page_links
from ocr.text_layer import read_text_layer
from pipeline.document import Citation, Reference
from pipeline.errors import AutoreaderError

REFEXTRACT = "refextract"
_PROGRAM = Path(__file__).with_name("refextract_process.py")
_MOST_PAGES = 1000
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_ARXIV = re.compile(r"\b\d{4}\.\d{4,5}\b|\b[a-z-]+/\d{7}\b")
_TITLE = re.compile(r"[\"“](.+?)[,.]?[\"”]")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What was read from one PDF."""

    references: tuple[Reference, ...]
    citations: tuple[Citation, ...]


def ours(text: str) -> Found:
    """Our fields of a reference string."""
    fields = read_fields(text)
    return {
        "authors": "; ".join(fields.authors),
        "title": fields.title,
        "year": str(fields.year or ""),
        "venue": fields.venue,
        "doi": fields.identifiers.doi,
        "arxiv_id": fields.identifiers.arxiv_id,
    }


def plain(text: str) -> Found:
    """What patterns alone find in a reference string: identifiers, the last year, a quoted title."""
    years = _YEAR.findall(text)
    title = _TITLE.search(text)
    return {
        "title": title[1] if title else "",
        "year": years[-1] if years else "",
        "doi": next(iter(plain_dois(text)), ""),
        "arxiv_id": next(iter(_ARXIV.findall(text)), ""),
    }


def plain_dois(text: str) -> list[str]:
    """Every DOI that a pattern alone sees in a text."""
    return [found.lower().rstrip(".,;)]") for found in _DOI.findall(text)]


def merged(parts: Sequence[Found]) -> Found:
    """One reference of what a method took for several: the first value of each field."""
    names = {name for part in parts for name in part}
    return {name: next((part[name] for part in parts if part.get(name)), "") for name in names}


def ask_refextract(questions: Sequence[dict[str, str]], peers: Peers) -> list[list[Found]]:
    """What refextract makes of each text or PDF. Raises AutoreaderError where its process dies."""
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    command = [str(peers.python), "-I", str(_PROGRAM)]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    lines = answer.stdout.splitlines()
    if answer.returncode or len(lines) != len(questions):
        raise AutoreaderError(f"refextract ended with exit code {answer.returncode}: {answer.stderr[-200:]}")
    return [json.loads(line) for line in lines]


def read_bibliography(pdf: Path, *, with_links: bool) -> Bibliography:
    """The references and citations of a PDF by its text layer."""
    document = read_text_layer(pdf, _MOST_PAGES)
    return Bibliography(*find_references(document.pages, read_links(pdf) if with_links else None))


def read_links(pdf: Path) -> Links:
    """The addresses that a PDF's pages link to."""
    found = {}
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        for index in range(len(document)):
            with closing(document[index]) as page:
                found[index + 1] = page_links(page)
    return found


def raw_text(pdf: Path) -> str:
    """What pdfium prints of all pages."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        texts = []
        for index in range(len(document)):
            with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
                texts.append(text_page.get_text_range())
    return "\n".join(texts)
