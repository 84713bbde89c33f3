"""Documents as bytes for the blob store and for the pipe to a reading process: gzipped JSON, always the same."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

from pipeline.document import Block, BlockKind, Box, Document, Page, PageStatus
from pipeline.errors import StoreError

_FORMAT = 1


def encode_document(document: Document) -> bytes:
    """The same document gives the same bytes; `decode_document` gives it back exactly."""
    plain = {
        "format": _FORMAT,
        "engine_key": document.engine_key,
        "seconds": document.seconds,
        "cost_usd": document.cost_usd,
        "pages": [_pack_page(page) for page in document.pages],
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates cannot stand in UTF-8; a text layer may hold them, and reading back must be exact.
    return gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=6, mtime=0)


def decode_document(content: bytes) -> Document:
    """Raises StoreError where the bytes are no document, or one of a newer format."""
    try:
        plain = json.loads(gzip.decompress(content).decode("utf-8", "surrogatepass"))
        if plain["format"] != _FORMAT:
            raise StoreError(f"a stored document has format {plain['format']!r}, this version reads {_FORMAT}")
        return Document(
            tuple(_unpack_page(page) for page in plain["pages"]),
            plain["engine_key"],
            plain["seconds"],
            plain["cost_usd"],
        )
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise StoreError(f"a stored document cannot be read: {error}") from error


def _pack_page(page: Page) -> list[object]:
    blocks = [_pack_block(block) for block in page.blocks]
    return [page.number, page.width_pt, page.height_pt, page.engine, page.status, page.reason, blocks]


def _unpack_page(plain: list[Any]) -> Page:  # Any: JSON; the enums and tuples below are what can go wrong
    number, width_pt, height_pt, engine, status, reason, blocks = plain
    return Page(
        number, width_pt, height_pt, tuple(_unpack_block(block) for block in blocks), engine, PageStatus(status), reason
    )


def _pack_block(block: Block) -> list[object]:
    box = block.box
    return [
        block.kind,
        block.text,
        [box.left, box.top, box.right, box.bottom],
        block.order,
        block.latex,
        block.html,
    ]


def _unpack_block(plain: list[Any]) -> Block:  # Any: JSON
    kind, text, (left, top, right, bottom), order, latex, html = plain
    return Block(BlockKind(kind), text, Box(left, top, right, bottom), order, latex, html)
