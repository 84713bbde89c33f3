"""Known-item search: somebody remembers a few words of one paper and wants it back, among many others.

The papers wanted are PDFs read by this project's own reader; the others are abstracts of the stream. Each query is some
words of one place in a paper, drawn at random with rare ones likelier and kept in their order, after Azzopardi,
de Rijke and Balog (SIGIR 2007): of its title, of its abstract, of a sentence, a caption or a heading of its body. Some
papers of the stream, of which there is no full text, are asked for as well: what passages of other papers stand in
their way.

A PDF has no metadata here, so its abstract is the first passage of its text.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # of a line of JSON

from flows.evaluation.search_sets import LabelledQuery, SearchSet, of_paper, passage
from index.features import features_of
from index.terms import query_words
from ocr import open_extractor
from pipeline.chunk import chunk_document
from pipeline.config import OcrSettings
from pipeline.document import BlockKind, Chunk, Document
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.ports import IndexedChunk
from pipeline.sentences import split_sentences

logger = logging.getLogger(__name__)

_FOLDERS = ("arxiv_tex", "jose", "juliacon")
_STREAM = Path("stream/papers.jsonl.gz")
_FEWEST_ABSTRACT_WORDS = 30
_STREAM_WANTED = 150  # papers of the stream that are asked for
_EACH = {"title": 1, "abstract": 2, "sentence": 6, "caption": 2, "heading": 2}  # queries of a paper
_WORDS = {"title": 4, "abstract": 6, "sentence": 6, "caption": 6, "heading": 4}  # of a query, at most
_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class KnownItems:
    """Chunks of full papers and of abstracts alone; the queries of each kind."""

    full_text: tuple[IndexedChunk, ...]
    queries: dict[str, tuple[LabelledQuery, ...]]

    @property
    def abstracts(self) -> tuple[IndexedChunk, ...]:
        """The same papers, each with its abstract only."""
        return tuple(chunk for chunk in self.full_text if chunk.chunk.ordinal == 0)

    def sets(self) -> Iterator[SearchSet]:
        """One for each kind of query and each of the two indexes, full text first."""
        for name, chunks in (("full text", self.full_text), ("abstracts", self.abstracts)):
            for kind, queries in self.queries.items():
                yield SearchSet(f"{name}|{kind}", chunks, queries)


def has_known_items(data: Path) -> bool:
    """Whether the folder has what they are made of."""
    return (data / _STREAM).is_file() and any((data / "pdf" / name).is_dir() for name in _FOLDERS)


def make_known_items(data: Path, sample: int) -> KnownItems:
    """The items of all PDFs among `sample` papers of the stream, the same ones each time.

    Raises UsageError where no PDF can be read.
    """
    read = list(_read(sorted(path for name in _FOLDERS for path in (data / "pdf" / name).glob("*.pdf"))))
    if not read:
        raise UsageError(f"{data / 'pdf'}: no paper could be read")
    stream = list(_sampled(data / _STREAM, sample))
    chunks = [chunk for paper in read for chunk in paper.chunks]
    chunks += [passage(0, line["id"], line["title"], line["abstract"]) for line in stream]
    numbered = tuple(replace(one, chunk=replace(one.chunk, id=number)) for number, one in enumerate(chunks, start=1))
    rarity = _Rarity.of(numbered)
    queries: dict[str, list[LabelledQuery]] = {kind: [] for kind in _EACH}
    for paper in read:
        for kind, texts in paper.places().items():
            queries[kind] += _queries(kind, paper.paper_id, texts, rarity)
    for line in stream[:_STREAM_WANTED]:
        for kind in ("title", "abstract"):
            made = _queries(kind, line["id"], [line[kind]], rarity)
            queries.setdefault(f"{kind}, no full text", []).extend(made)
    return KnownItems(numbered, {kind: tuple(made) for kind, made in queries.items() if made})


@dataclass(frozen=True, slots=True)
class _ReadPaper:
    """A paper as its PDF was read."""

    paper_id: str
    title: str
    chunks: tuple[IndexedChunk, ...]  # the abstract first

    def places(self) -> dict[str, list[str]]:
        """What can be remembered of it, by kind."""
        body = [one.chunk for one in self.chunks[1:]]
        prose = [chunk.text for chunk in body if not features_of(chunk.text) & ~1]
        headings = dict.fromkeys(chunk.section.rpartition(" > ")[2] for chunk in body)
        return {
            "title": [self.title],
            "abstract": list(_sentences([self.chunks[0].chunk.text])),
            "sentence": list(_sentences(prose)),
            "caption": [next(_sentences([chunk.text]), "") for chunk in body if features_of(chunk.text) & ~1],
            "heading": list(headings),
        }


def _read(pdfs: Sequence[Path]) -> Iterator[_ReadPaper]:
    with open_extractor(OcrSettings()) as extractor:
        read = sorted(extractor.extract_many(pdfs), key=lambda outcome: outcome[0])
    for pdf, document in read:
        if not isinstance(document, Document):
            logger.warning("%s left out: %s", pdf.name, document)
            continue
        title = next(
            (one.text for page in document.pages[:1] for one in page.blocks if one.kind is BlockKind.TITLE), ""
        )
        body = chunk_document(Paper(pdf.stem, title, (), "", ()), document)[1:]
        if not title or not body or len(body[0].text.split()) < _FEWEST_ABSTRACT_WORDS:
            logger.warning("%s left out: no title or no abstract was found", pdf.name)
            continue
        abstract = Chunk(pdf.stem, 1, 0, "Abstract", 0, body[0].text)
        yield _ReadPaper(pdf.stem, title, tuple(of_paper(title, [abstract, *body[1:]])))


def _title(document: Document) -> str:
    titles = (one.text for page in document.pages[:1] for one in page.blocks if one.kind is BlockKind.TITLE)
    return next(titles, "")


def _sampled(path: Path, count: int) -> Iterator[dict[str, Any]]:
    """Papers whose ids have the smallest digests: a larger sample holds a smaller one."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        papers = {line["id"]: line for line in map(json.loads, file) if line["title"] and line["abstract"]}
    chosen = sorted(papers, key=lambda paper_id: hashlib.sha256(paper_id.encode()).digest())[:count]
    return (papers[paper_id] for paper_id in chosen)


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    return (text[start:end] for text in texts for start, end in split_sentences(text))


def _queries(kind: str, paper_id: str, texts: Sequence[str], rarity: _Rarity) -> list[LabelledQuery]:
    """Some queries from some of these places, the same ones each time."""
    chance = random.Random(f"{kind} {paper_id}")  # noqa: S311 (to be repeatable, not secret)
    rich = [words for words in (list(query_words(text).values()) for text in texts) if len(words) >= _FEWEST_WORDS]
    places = chance.sample(rich, min(_EACH[kind], len(rich)))
    drawn = (rarity.remembered(words, _WORDS[kind], chance) for words in places)
    return [LabelledQuery(" ".join(words), frozenset((paper_id,))) for words in drawn]


@dataclass(frozen=True, slots=True)
class _Rarity:
    """In how many chunks each word stands."""

    chunks: int
    counts: Counter[str]

    @classmethod
    def of(cls, chunks: Sequence[IndexedChunk]) -> _Rarity:
        counts: Counter[str] = Counter()
        for one in chunks:
            counts.update(set(_WORD.findall(f"{one.title} {one.chunk.text}".lower())))
        return cls(len(chunks), counts)

    def remembered(self, words: Sequence[str], most: int, chance: random.Random) -> list[str]:
        """At most so many of the words in their order, drawn with their inverse document frequency as weight."""
        # Efraimidis and Spirakis 2006: the largest u ** (1 / weight) are a weighted sample without replacement.
        keys = {place: chance.random() ** (1 / self._weight(word)) for place, word in enumerate(words)}
        kept = sorted(sorted(keys, key=lambda place: -keys[place])[:most])
        return [words[place] for place in kept]

    def _weight(self, word: str) -> float:
        return math.log(1 + self.chunks / (1 + self.counts[word.lower()]))
