"""Cuts a paper into passages that are embedded, searched and quoted.

Chunk 0 is the metadata's abstract. Body chunks stay within a section and hold whole sentences, about 160 to 220 words:
MiniLM sees 256 tokens, which is 190 words of scientific English. Captions, with the rows of their table, are chunks of
their own: a caption says what a figure shows and only happens to float between two paragraphs of prose. Footnotes
follow their section, for they would break the sentence that runs on below or on the next page.

Left out: headers, footers, references, tables of contents, the title and what stands before the first heading of the
first page (authors, affiliations), lettering inside figures, and the PDF's abstract where it repeats the metadata's.
Headings are in `Chunk.section`; the body of a letter that has none after "Abstract" is in no section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.document import Block, BlockKind, Box, Chunk, Document
from pipeline.outline import Outline
from pipeline.paper import Paper
from pipeline.sentences import size_of, split_long, split_sentences

CHUNKER = "sections/2"

_FULL = 160  # words from which a paragraph's end closes a chunk
_MOST = 220
_SMALL_TAIL = 60  # a section's rest below that joins the chunk before it ...
_MOST_WITH_TAIL = 260  # ... where both together stay below this

_PROSE = frozenset({BlockKind.TEXT, BlockKind.LIST, BlockKind.EQUATION, BlockKind.CODE})
_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE})
_SILENT = frozenset({BlockKind.HEADER, BlockKind.FOOTER, BlockKind.REFERENCE, BlockKind.TITLE, BlockKind.FIGURE})
_ABSTRACT = re.compile(r"abstract\W*$", re.IGNORECASE)
_LONGEST_ABSTRACT = 400  # words; arXiv allows 1,920 characters
_FEWEST_BODY_WORDS = 20  # of a paragraph: keywords and subject classes are no body yet
_SKIPPED_SECTION = re.compile(r"(?:table of )?contents$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")  # noqa: RUF001 (typographic quotes are meant)


@dataclass(frozen=True, slots=True)
class _Passage:
    """Some text and where it begins; `ends_paragraph` tells where a chunk may rather end than elsewhere."""

    text: str
    page: int
    box: Box
    ends_paragraph: bool = False


@dataclass(slots=True)
class _Section:
    """What stands between two headings, sorted by how it is chunked."""

    path: str
    prose: list[tuple[int, Block]] = field(default_factory=list)
    floats: list[list[tuple[int, Block]]] = field(default_factory=list)
    notes: list[tuple[int, Block]] = field(default_factory=list)


def chunk_document(paper: Paper, document: Document | None) -> list[Chunk]:
    """The chunks in reading order, ordinals from 0. Without a document (or an abstract) there is still chunk 0."""
    version = paper.latest_version
    first = Chunk(paper.id, version, 0, "Abstract", 0, " ".join(paper.abstract.split()) or paper.title)
    chunks = [first]
    for section in _sections(document, paper.abstract) if document else ():
        for passage in _passages(section):
            chunks.append(Chunk(paper.id, version, len(chunks), section.path, passage.page, passage.text, passage.box))
    return chunks


def _sections(document: Document, abstract: str) -> Iterator[_Section]:
    """The document's sections, with what is left out left out."""
    blocks = [(page.number, block) for page in document.pages for block in page.blocks if block.text.strip()]
    blocks = blocks[_front_matter(blocks) :]
    outline = Outline(block.text for _, block in blocks if block.kind is BlockKind.HEADING)
    repeats = _Repeats(abstract)
    section, printed = _Section(""), _PrintedAbstract()
    for number, block in blocks:
        is_repeat = repeats.holds(number, block)
        if block.kind is BlockKind.HEADING:
            yield section
            outline.enter(block.text)
            section, printed = _Section(outline.path), _PrintedAbstract(number, is_open=_is_abstract(outline.title))
        elif printed.ends_before(number, block, is_repeat=is_repeat):
            yield section
            section = _Section("")
        if block.kind is not BlockKind.HEADING and not is_repeat and not _SKIPPED_SECTION.match(outline.title):
            _sort_in(section, number, block)
    yield section


def _is_abstract(title: str) -> bool:
    return bool(_ABSTRACT.match(title))


@dataclass(slots=True)
class _PrintedAbstract:
    """Notices where the abstract of a paper ends whose body has no heading of its own, as letters have none."""

    page: int = 0
    is_open: bool = False
    has_repeated: bool = False  # the metadata's abstract, or a part of it
    words: int = 0

    def ends_before(self, number: int, block: Block, *, is_repeat: bool) -> bool:
        """Whether this block begins the body; true at most once."""
        size = size_of(block.text)
        if not self.is_open or block.kind is not BlockKind.TEXT:
            return False
        is_told = self.has_repeated or number > self.page or self.words + size > _LONGEST_ABSTRACT
        self.has_repeated, self.words = self.has_repeated or is_repeat, self.words + size
        if is_repeat or not is_told or size < _FEWEST_BODY_WORDS:
            return False
        self.is_open = False
        return True


def _front_matter(blocks: Sequence[tuple[int, Block]]) -> int:
    """How many blocks stand before the first heading of the first page; none where that page has no heading.

    Without a title nothing is front matter: the page may begin with text.
    """
    has_title = any(block.kind is BlockKind.TITLE for number, block in blocks if number == 1)
    for position, (number, block) in enumerate(blocks):
        if number > 1 or not has_title:
            return 0
        if block.kind is BlockKind.HEADING:
            return position
    return 0


def _sort_in(section: _Section, number: int, block: Block) -> None:
    if block.kind in _PROSE:
        section.prose.append((number, block))
    elif block.kind is BlockKind.FOOTNOTE:
        section.notes.append((number, block))
    elif block.kind in _FLOATS:
        _sort_in_float(section, number, block)


def _sort_in_float(section: _Section, number: int, block: Block) -> None:
    """A table joins the caption before it, a caption the table before it, where both stand on one page."""
    if section.floats:
        last_number, last = section.floats[-1][-1]
        is_pair = {last.kind, block.kind} == _FLOATS or last.kind is block.kind is BlockKind.TABLE
        if is_pair and last_number == number and len(section.floats[-1]) < _MOST_PARTS:
            section.floats[-1].append((number, block))
            return
    section.floats.append([(number, block)])


_MOST_PARTS = 2  # a caption and its table


def _passages(section: _Section) -> Iterator[_Passage]:
    """A section's chunks: its prose, its captions and tables, its footnotes."""
    yield from _pack(list(_sentences(_paragraphs(section.prose))))
    for parts in section.floats:
        yield from _pack(list(_sentences([[part] for part in parts])))
    yield from _pack(list(_sentences([note] for note in section.notes)))


def _paragraphs(prose: Iterable[tuple[int, Block]]) -> Iterator[list[tuple[int, Block]]]:
    """Blocks that belong to one paragraph: a column or page ended within it, or a formula stands in it."""
    paragraph: list[tuple[int, Block]] = []
    for number, block in prose:
        if paragraph and not _goes_on(paragraph[-1][1], block):
            yield paragraph
            paragraph = []
        paragraph.append((number, block))
    if paragraph:
        yield paragraph


def _goes_on(above: Block, below: Block) -> bool:
    if BlockKind.CODE in (above.kind, below.kind):
        return False
    if BlockKind.EQUATION in (above.kind, below.kind):
        return True
    return below.kind is BlockKind.TEXT and not _SENTENCE_END.search(above.text) and not below.text[0].isupper()


def _sentences(paragraphs: Iterable[Sequence[tuple[int, Block]]]) -> Iterator[_Passage]:
    """The sentences of paragraphs, each with the page and box of the block it begins in."""
    for paragraph in paragraphs:
        text, starts = _joined([block.text for _, block in paragraph])
        ranges = list(split_sentences(text))
        for start, end in ranges:
            number, block = paragraph[bisect_right(starts, start) - 1]
            pieces = list(split_long(text[start:end], _MOST)) if size_of(text[start:end]) > _MOST else [text[start:end]]
            for piece in pieces:
                yield _Passage(piece, number, block.box, ends_paragraph=end == ranges[-1][1] and piece is pieces[-1])


def _joined(texts: Sequence[str]) -> tuple[str, list[int]]:
    """One text, and where each part begins in it; a word parted by a hyphen at a column's end is joined."""
    text, starts = "", []
    for part in texts:
        is_parted = len(text) > 1 and text.endswith("-") and text[-2].islower() and part[0].islower()
        text = text[:-1] if is_parted else text + " " * bool(text)
        starts.append(len(text))
        text += part
    return text, starts


def _pack(sentences: Sequence[_Passage]) -> Iterator[_Passage]:
    """Sentences put together to chunks; the last one is no small tail if that can be helped."""
    packed: list[list[_Passage]] = []
    size = 0
    for sentence in sentences:
        is_full = size + size_of(sentence.text) > _MOST or (size >= _FULL and packed[-1][-1].ends_paragraph)
        if not packed or is_full:
            packed.append([])
            size = 0
        packed[-1].append(sentence)
        size = size_of(_text(packed[-1]))
    if len(packed) > 1 and size < _SMALL_TAIL and size_of(_text([*packed[-2], *packed[-1]])) <= _MOST_WITH_TAIL:
        packed[-2:] = [[*packed[-2], *packed[-1]]]
    for group in packed:
        yield _as_chunk(group)


def _as_chunk(group: Sequence[_Passage]) -> _Passage:
    page = group[0].page
    box = group[0].box
    for passage in group:
        box = box.union(passage.box) if passage.page == page else box
    return _Passage(_text(group), page, box)


def _text(group: Iterable[_Passage]) -> str:
    return " ".join(passage.text for passage in group)


class _Repeats:
    """Recognises the metadata's abstract where a PDF prints it, by runs of three words."""

    _SHARE = 0.6  # of a block's runs; line ends and mathematics spoil some
    _FEWEST_RUNS = 6
    _LAST_PAGE = 2

    def __init__(self, abstract: str) -> None:
        self._runs = set(_runs_of_three(abstract))

    def holds(self, page: int, block: Block) -> bool:
        """Whether a block of the first pages is part of the abstract."""
        if page > self._LAST_PAGE or block.kind not in _PROSE:
            return False
        runs = _runs_of_three(block.text)
        return len(runs) >= self._FEWEST_RUNS and sum(run in self._runs for run in runs) > self._SHARE * len(runs)


def _runs_of_three(text: str) -> list[tuple[str, str, str]]:
    words = re.findall(r"\w+", text.lower())
    return list(zip(words, words[1:], words[2:], strict=False))
