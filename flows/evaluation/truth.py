"""What a paper says according to its source: the JATS, LaTeXML or pandoc text that lies beside its PDF.

Sources and pages differ where a page is typeset: mathematics is TeX there and Unicode here, so no source's mathematics
counts, and numbers that TeX gives (sections, equations, citations) are not words anyway. Figures' lettering is in no
source. pandoc's text has neither the title page nor the bibliography; JATS has both, as fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from flows.evaluation.words import words_of

_SILENT_JATS = frozenset({"tex-math", "math", "contrib-id", "journal-meta", "permissions", "pub-id", "code"})
_SILENT_LATEXML = frozenset(
    {"Math", "tags", "toctitle", "resource", "ERROR", "rdf", "navigation", "bibref", "cite", "ref", "graphics"}
)
_FLOATING = frozenset({"fig", "table-wrap", "fn", "figure", "table", "float", "note"})
_TEX = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)
# Commands, labels, citations, addresses, and the scripts of formulas.
_LEFTOVER = re.compile(r"\\[a-zA-Z]+|\[[^\]\s]*\]|\[@[^\]]*\]|https?://\S+|[_^]\([^)\s]*\)")
_PANDOC_FLOAT = re.compile(r"\[|\s+:\s|(?:.*\n)*?[ -]*-{5}[ -]*$", re.MULTILINE)
_FEWEST_WORDS = 200  # of a source that came out whole


@dataclass(frozen=True, slots=True)
class Truth:
    """Words in their order: `body` is what a reading must hold, `all` what it may hold besides.

    `running` is the body without floats and footnotes, whose place on the page is the typesetter's choice.
    """

    body: tuple[str, ...]
    running: tuple[str, ...]
    all: tuple[str, ...]


def find_truth(pdf: Path) -> Truth | None:
    """The truth that lies beside a PDF, the most faithful first; None where there is none, or an empty one."""
    for suffix, read in ((".jats.xml", _jats), (".latexml.xml", _latexml), (".pandoc.txt", _pandoc)):
        source = pdf.with_suffix("").with_name(pdf.stem + suffix)
        if source.is_file() and source.stat().st_size:
            truth = read(source)
            if len(truth.body) >= _FEWEST_WORDS:
                return truth
    return None


def _jats(source: Path) -> Truth:
    """The body is the article's; title page and references are what a reading may hold besides."""
    root = etree.parse(source).getroot()
    body = list(root.iterfind("{*}body"))
    return Truth(
        tuple(words_of(" ".join(_text(part, _SILENT_JATS) for part in body))),
        tuple(words_of(" ".join(_text(part, _SILENT_JATS | _FLOATING) for part in body))),
        tuple(words_of(_text(root, _SILENT_JATS))),
    )


def _latexml(source: Path) -> Truth:
    """The body is all but title page and bibliography."""
    root = etree.parse(source).getroot()
    outside = _SILENT_LATEXML | {"bibliography", "creator", "keywords", "classification", "date"}
    return Truth(
        tuple(words_of(_text(root, outside))),
        tuple(words_of(_text(root, outside | _FLOATING))),
        tuple(words_of(_text(root, _SILENT_LATEXML))),
    )


def _pandoc(source: Path) -> Truth:
    """What pandoc wrote as plain text; captions and footnotes begin with brackets there, tables have ruled lines."""
    paragraphs = _TEX.sub(" ", source.read_text(encoding="utf-8")).split("\n\n")
    words, running = (
        tuple(words_of(_LEFTOVER.sub(" ", "\n\n".join(chosen))))
        for chosen in (paragraphs, [text for text in paragraphs if not _PANDOC_FLOAT.match(text)])
    )
    return Truth(words, running, words)


def _text(element: etree._Element, silent: frozenset[str]) -> str:
    return "".join(_parts(element, silent))


def _parts(element: etree._Element, silent: frozenset[str]) -> Iterator[str]:
    """The text of an element, a space around what is set as a block of its own."""
    if isinstance(element, etree._Comment | etree._ProcessingInstruction):  # noqa: SLF001 (lxml's only names for them)
        return
    name = etree.QName(element).localname
    if name not in silent:
        edge = "" if name in _INLINE else " "
        yield edge + (element.text or "")
        for child in element:
            yield from _parts(child, silent)
            yield child.tail or ""
        yield edge


_INLINE = frozenset(
    # JATS
    {
        "italic",
        "bold",
        "sub",
        "sup",
        "monospace",
        "sc",
        "underline",
        "ext-link",
        "xref",
        "styled-content",
        "named-content",
    }
    # LaTeXML
    | {"text", "emph", "ref", "Math", "XMText"}
)
