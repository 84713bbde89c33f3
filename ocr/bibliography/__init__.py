"""Bibliographies as data: the references of a paper with their fields, and the places in its text that cite them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocr.bibliography.author_year import AuthorYearIndex
from ocr.bibliography.entries import Entry, collect_entries
from ocr.bibliography.fields import Fields, read_fields
from ocr.bibliography.labels import label_of, without_label
from ocr.bibliography.links import Links, addresses_of, complete, links_of
from ocr.bibliography.numbered import numbered_citations
from pipeline.document import BlockKind, Citation, Page, Reference

__all__ = ["Links", "find_references", "links_of", "read_fields"]

_CITING = frozenset({BlockKind.TEXT, BlockKind.LIST, BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.TABLE})
_SHARE_OF_LABELS = 0.5


def find_references(
    pages: Sequence[Page], links: Links | None = None
) -> tuple[tuple[Reference, ...], tuple[Citation, ...]]:
    """The references of a paper, in order, and the places in its text that cite them.

    A reference's `text` is without its label. `links` are the link annotations by page number, in the same per mille
    as blocks' boxes (see `ocr.page.links`): they complete identifiers that are not printed or torn.
    """
    entries = collect_entries(pages)
    fields = [read_fields(entry.text) for entry in entries]
    addresses = addresses_of([entry.places for entry in entries], links or {})
    references = tuple(map(_reference, entries, fields, addresses))
    return references, tuple(_citations(pages, references, fields))


def _reference(entry: Entry, fields: Fields, addresses: Sequence[str]) -> Reference:
    found = complete(fields.identifiers, addresses)
    return Reference(
        text=without_label(entry.text),
        page=entry.page,
        box=entry.box,
        label=label_of(entry.text),
        authors=fields.authors,
        title=fields.title,
        year=fields.year,
        venue=fields.venue,
        arxiv_id=found.arxiv_id,
        doi=found.doi,
        url=found.url,
    )


def _citations(pages: Sequence[Page], references: Sequence[Reference], fields: Sequence[Fields]) -> Iterator[Citation]:
    labels = _labels(references)
    names = AuthorYearIndex(fields) if not labels else None
    for page in pages:
        for block in page.blocks:
            if block.kind not in _CITING:
                continue
            places = names.citations(block.text) if names is not None else numbered_citations(block.text, labels)
            for start, end, cited in places:
                yield Citation(page.number, block.order, start, end, cited)


def _labels(references: Sequence[Reference]) -> Mapping[str, int]:
    """The labels of a labelled list; empty where the text cites by names and years."""
    labels: dict[str, int] = {}
    for index, reference in enumerate(references):
        if reference.label:
            labels.setdefault(reference.label, index)
    return labels if len(labels) >= _SHARE_OF_LABELS * len(references) else {}
