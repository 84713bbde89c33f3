"""Documents as bytes for the blob store and for the pipe to a reading process: gzipped JSON, always the same."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import astuple
from typing import Any

from pipeline.document import (
    Block,
    BlockKind,
    Box,
    Citation,
    Document,
    Figure,
    FigureKind,
    Gauge,
    Page,
    PageStatus,
    Reference,
    Usage,
)
from pipeline.errors import StoreError

_FORMAT = 2
_BEFORE_FIGURES = 1  # documents of version 0.1: read as documents without figures and references


def encode_document(document: Document) -> bytes:
    """The same document gives the same bytes; `decode_document` gives it back exactly."""
    plain = {
        "format": _FORMAT,
        "engine_key": document.engine_key,
        "seconds": document.seconds,
        "cost_usd": document.cost_usd,
        "pages": [_pack_page(page) for page in document.pages],
        "figures": [_pack_figure(figure) for figure in document.figures],
        "references": [_pack_reference(reference) for reference in document.references],
        "citations": [[one.page, one.order, one.start, one.end, list(one.references)] for one in document.citations],
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates cannot stand in UTF-8; a text layer may hold them, and reading back must be exact.
    return gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=6, mtime=0)


def decode_document(content: bytes) -> Document:
    """Raises StoreError where the bytes are no document, or one of a newer format."""
    try:
        plain = json.loads(gzip.decompress(content).decode("utf-8", "surrogatepass"))
        if plain["format"] not in (_FORMAT, _BEFORE_FIGURES):
            raise StoreError(f"a stored document has format {plain['format']!r}, this version reads {_FORMAT}")
        return Document(
            tuple(_unpack_page(page) for page in plain["pages"]),
            plain["engine_key"],
            plain["seconds"],
            plain["cost_usd"],
            tuple(_unpack_figure(figure) for figure in plain.get("figures", ())),
            tuple(_unpack_reference(reference) for reference in plain.get("references", ())),
            tuple(_unpack_citation(citation) for citation in plain.get("citations", ())),
        )
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise StoreError(f"a stored document cannot be read: {error}") from error


def encode_page(page: Page) -> bytes:
    """One page by itself, as a page job's result is kept."""
    text = json.dumps(_pack_page(page), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=6, mtime=0)


def decode_page(content: bytes) -> Page:
    """Raises StoreError where the bytes are no page."""
    try:
        return _unpack_page(json.loads(gzip.decompress(content).decode("utf-8", "surrogatepass")))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise StoreError(f"a stored page cannot be read: {error}") from error


def _pack_page(page: Page) -> list[object]:
    blocks = [_pack_block(block) for block in page.blocks]
    gauge = None if page.gauge is None else list(astuple(page.gauge))
    return [
        page.number,
        page.width_pt,
        page.height_pt,
        page.engine,
        page.status,
        page.reason,
        blocks,
        page.route,
        gauge,
        list(astuple(page.usage)),
    ]


def _unpack_page(plain: list[Any]) -> Page:  # Any: JSON; the enums and tuples below are what can go wrong
    number, width_pt, height_pt, engine, status, reason, blocks, *rest = plain
    route, gauge, usage = rest or ("", None, ())
    return Page(
        number,
        width_pt,
        height_pt,
        tuple(_unpack_block(block) for block in blocks),
        engine,
        PageStatus(status),
        reason,
        route,
        None if gauge is None else Gauge(*gauge),
        Usage(*usage),
    )


def _pack_figure(figure: Figure) -> list[object]:
    return [figure.kind, figure.label, figure.caption, figure.page, list(astuple(figure.box))]


def _unpack_figure(plain: list[Any]) -> Figure:  # Any: JSON
    kind, label, caption, page, box = plain
    return Figure(FigureKind(kind), label, caption, page, Box(*box))


def _pack_reference(one: Reference) -> list[object]:
    return [
        one.text,
        one.page,
        list(astuple(one.box)),
        one.label,
        list(one.authors),
        one.title,
        one.year,
        one.venue,
        one.arxiv_id,
        one.doi,
        one.url,
    ]


def _unpack_reference(plain: list[Any]) -> Reference:  # Any: JSON
    text, page, box, label, authors, *rest = plain
    return Reference(text, page, Box(*box), label, tuple(authors), *rest)


def _unpack_citation(plain: list[Any]) -> Citation:  # Any: JSON
    page, order, start, end, references = plain
    return Citation(page, order, start, end, tuple(references))


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
