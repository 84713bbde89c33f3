import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Block, BlockKind, Box, Document, Page, PageStatus
from pipeline.document_json import decode_document, encode_document
from pipeline.errors import StoreError

_any_text = st.text(st.characters(), max_size=40)  # lone surrogates included
_boxes = st.builds(Box, *[st.integers(0, 1000)] * 4)
_blocks = st.builds(Block, st.sampled_from(BlockKind), _any_text, _boxes, st.integers(0, 999), _any_text, _any_text)
_points = st.floats(0, 1e6)
_pages = st.builds(
    Page,
    st.integers(1, 9999),
    _points,
    _points,
    st.lists(_blocks, max_size=3).map(tuple),
    _any_text,
    st.sampled_from(PageStatus),
    _any_text,
)
_documents = st.builds(Document, st.lists(_pages, max_size=3).map(tuple), _any_text, _points, _points)


@given(_documents)
def test_a_document_comes_back_exactly(document: Document) -> None:
    assert decode_document(encode_document(document)) == document


@given(_documents)
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert encode_document(document) == encode_document(decode_document(encode_document(document)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        gzip.compress(b"[]"),
        gzip.compress(b'{"format": 1}'),
        gzip.compress(b'{"format": 1, "pages": [[1]], "engine_key": "e", "seconds": 0, "cost_usd": 0}'),
        encode_document(Document((), "engine"))[:-9],
    ],
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        decode_document(content)


def test_a_newer_format_is_refused_by_its_number() -> None:
    with pytest.raises(StoreError, match="has format 3, this version reads 2"):
        decode_document(gzip.compress(b'{"format": 3}'))
