"""What the lexical index holds of a chunk: which fields, from what, and the whole chunk for display."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import tantivy

from index.names import NAMES, initial_keys, name_analyzer
from index.terms import ANALYZER, analyzer, as_indexed, title_key
from pipeline.document import Box, Chunk
from pipeline.ports import IndexedChunk

ABSTRACT, FULL_TEXT = "abstract", "full_text"  # kinds of text


def register(index: tantivy.Index) -> None:
    """Makes the tokenizers known that the schema names; every opened index needs it."""
    index.register_tokenizer(ANALYZER, analyzer().chain)
    index.register_tokenizer(NAMES, name_analyzer())


def schema() -> tantivy.Schema:
    """The fields of a chunk."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name=ANALYZER)  # title and text: the one scored field
    builder.add_unsigned_field("chunk_id", indexed=True, fast=True)
    builder.add_text_field("paper_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=ANALYZER)  # for conditions; its words are scored in the body
    builder.add_text_field("authors", tokenizer_name=NAMES, index_option="basic")
    builder.add_text_field("author_keys", tokenizer_name="raw", index_option="basic")  # y~lecun
    builder.add_text_field("category", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", fast=True)  # an ordinal
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")  # of text: see below
    builder.add_bytes_field("stored", stored=True)  # the whole chunk, so that a hit needs no look-up elsewhere
    return builder.build()


@functools.cache
def schema_key() -> str:
    """A short name of the schema and all it names: two indexes of one key hold the same of a chunk."""
    described: Any = schema().__reduce__()  # Any: tantivy's own form of it
    return hashlib.sha256(json.dumps(described[1], sort_keys=True).encode()).hexdigest()[:16]


def document_of(indexed: IndexedChunk) -> tantivy.Document:
    """A chunk as it is indexed and stored."""
    chunk, paper = indexed.chunk, _paper_terms(indexed.title, indexed.authors)
    document = tantivy.Document()
    # Two values, not one: no phrase begins in a title and ends in a text.
    document.add_text("body", paper.title)
    document.add_text("body", as_indexed(chunk.text))
    document.add_unsigned("chunk_id", chunk.id)
    document.add_text("paper_id", chunk.paper_id)
    document.add_text("title_key", paper.title_key)
    document.add_text("title", paper.title)
    for author in indexed.authors:
        document.add_text("authors", author)
    for key in paper.author_keys:
        document.add_text("author_keys", key)
    for category in indexed.categories:
        document.add_text("category", category)
    document.add_unsigned("day", indexed.day.toordinal())
    document.add_text("kind", FULL_TEXT if chunk.page else ABSTRACT)
    document.add_bytes("stored", _pack(indexed))
    return document


@dataclass(frozen=True, slots=True)
class _PaperTerms:
    """What all chunks of a paper share."""

    title: str
    title_key: str
    author_keys: tuple[str, ...]


@functools.lru_cache(maxsize=64)  # the chunks of a paper come one after the other
def _paper_terms(title: str, authors: tuple[str, ...]) -> _PaperTerms:
    keys = tuple(key for author in authors for key in initial_keys(author))
    return _PaperTerms(as_indexed(title), title_key(title), keys)


def _pack(indexed: IndexedChunk) -> bytes:
    # By hand: dataclasses.asdict copies so deeply that it took two thirds of the time of a build.
    chunk, box = indexed.chunk, indexed.chunk.box
    fields = {
        "chunk": (chunk.paper_id, chunk.version, chunk.ordinal, chunk.section, chunk.page, chunk.text),
        "box": box and (box.left, box.top, box.right, box.bottom),
        "id": chunk.id,
        "paper": (indexed.title, indexed.authors, indexed.categories, indexed.day.toordinal(), indexed.is_withdrawn),
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(document: tantivy.Document) -> IndexedChunk:
    """The chunk that a document was made of."""
    fields = json.loads(document.get_first("stored") or b"{}")
    paper_id, version, ordinal, section, page, text = fields["chunk"]
    box = Box(*fields["box"]) if fields["box"] else None
    title, authors, categories, day, is_withdrawn = fields["paper"]
    return IndexedChunk(
        chunk=Chunk(paper_id, version, ordinal, section, page, text, box, fields["id"]),
        title=title,
        authors=tuple(authors),
        categories=tuple(categories),
        day=date.fromordinal(day),
        is_withdrawn=is_withdrawn,
    )
