"""A paper's record in the two metadata formats of arXiv's OAI-PMH that matter here.

`arXivRaw` holds what authors typed, accents of names in TeX, and the history of versions; `arXiv` holds authors parsed
into names.
Long texts are broken into lines as arXiv keeps them, so a reader has to join them.
"""

from __future__ import annotations

import textwrap

from lxml import etree
from pylatexenc.latexencode import UnicodeToLatexEncoder

from flows.demo.answer import XSI_NS, add, mail_date, namespaces
from pipeline.paper import Paper

FORMATS = ("arXivRaw", "arXiv")
_LINE_CHARS = 78


def tell(parent: etree._Element, paper: Paper, metadata_format: str) -> None:
    """Appends the record in one of FORMATS."""
    namespace = f"http://arxiv.org/OAI/{metadata_format}/"
    told = etree.SubElement(parent, f"{{{namespace}}}{metadata_format}", nsmap=namespaces(namespace, xsi=XSI_NS))
    told.set(f"{{{XSI_NS}}}schemaLocation", f"{namespace} http://arxiv.org/OAI/{metadata_format}.xsd")
    add(told, "id", paper.id)
    if metadata_format == "arXivRaw":
        _add_history(told, paper)
    else:
        _add_names(told, paper)
    _add_common(told, paper)


def _add_history(told: etree._Element, paper: Paper) -> None:
    add(told, "submitter", paper.authors[0])
    for version in paper.versions:
        element = add(told, "version", version=f"v{version.number}")
        add(element, "date", mail_date(version.submitted_at))
        add(element, "size", f"{version.size_kb or 0}kb")
        if version.source_type:
            add(element, "source_type", version.source_type)
    add(told, "title", _folded(paper.title))
    *others, last = paper.authors
    line = f"{', '.join(others)} and {last}" if others else last
    add(told, "authors", _folded(_in_tex(line)))


def _add_names(told: etree._Element, paper: Paper) -> None:
    if paper.versions:
        add(told, "created", paper.versions[0].submitted_at.date().isoformat())
    if len(paper.versions) > 1:
        add(told, "updated", paper.versions[-1].submitted_at.date().isoformat())
    authors = add(told, "authors")
    for name in paper.authors:
        forenames, _, keyname = name.rpartition(" ")
        author = add(authors, "author")
        add(author, "keyname", keyname)
        if forenames:
            add(author, "forenames", forenames)
    add(told, "title", _folded(paper.title))


def _add_common(told: etree._Element, paper: Paper) -> None:
    add(told, "categories", " ".join(paper.categories))
    for tag, text in (
        ("comments", _folded(paper.comment)),
        ("journal-ref", paper.journal_ref),
        ("doi", paper.doi),
        ("license", paper.licence),
    ):
        if text:
            add(told, tag, text)
    wrapped = textwrap.fill(paper.abstract, _LINE_CHARS, break_long_words=False, break_on_hyphens=False)
    add(told, "abstract", f"  {wrapped}\n")


def _in_tex(text: str) -> str:
    encoder = UnicodeToLatexEncoder(non_ascii_only=True, unknown_char_policy="keep", unknown_char_warning=False)
    encoded: str = encoder.unicode_to_latex(text)
    return encoded


def _folded(text: str) -> str:
    return textwrap.fill(text, _LINE_CHARS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
