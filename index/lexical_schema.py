"""What the lexical index holds of a chunk: which fields, from what, and the whole chunk for display."""

from __future__ import annotations

import json
from datetime import date

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
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")  # of text: see below
    builder.add_bytes_field("stored", stored=True)  # the whole chunk, so that a hit needs no look-up elsewhere
    return builder.build()


def document_of(indexed: IndexedChunk) -> tantivy.Document:
    """A chunk as it is indexed and stored."""
    chunk = indexed.chunk
    document = tantivy.Document()
    # Two values, not one: no phrase begins in a title and ends in a text.
    document.add_text("body", as_indexed(indexed.title))
    document.add_text("body", as_indexed(chunk.text))
    document.add_unsigned("chunk_id", chunk.id)
    document.add_text("paper_id", chunk.paper_id)
    document.add_text("title_key", title_key(indexed.title))
    document.add_text("title", as_indexed(indexed.title))
    for author in indexed.authors:
        document.add_text("authors", author)
        for key in initial_keys(author):
            document.add_text("author_keys", key)
    document.add_text("kind", FULL_TEXT if chunk.page else ABSTRACT)
    document.add_bytes("stored", _pack(indexed))
    return document


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
