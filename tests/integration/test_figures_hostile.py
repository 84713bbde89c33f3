"""Sixty hostile files through one reading process: none may hurt more than itself."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr import open_extractor
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import Document, PageStatus
from pipeline.errors import ReadError
from tests.fakes import bombs
from tests.fakes.mutants import make_mutants
from tests.fakes.papers import make_pdf

_TIMEOUT_S = 0.5
_GRACE_S = 60.0  # what the next process may take to start, on a machine however busy


@pytest.fixture(scope="module")
def extractor() -> Iterator[SandboxedExtractor]:
    with open_extractor(OcrSettings(workers=1, timeout_s=_TIMEOUT_S, memory_mb=700)) as opened:
        yield opened


def _read(extractor: SandboxedExtractor, pdf: Path) -> Document | str:
    try:
        return extractor.extract(pdf)
    except ReadError as error:
        return error.message


def _drawn(extractor: SandboxedExtractor, pdf: Path) -> bytes | str:
    try:
        return extractor.picture(pdf, 1, None, 72)
    except ReadError as error:
        return error.message


def _check(extractor: SandboxedExtractor, pdf: Path, content: bytes) -> None:
    pdf.write_bytes(content)
    for ask in (_read, _drawn):
        started = time.monotonic()

        outcome = ask(extractor, pdf)

        assert time.monotonic() - started < _TIMEOUT_S + _GRACE_S
        assert outcome  # a document, a picture, or a reason
        if isinstance(outcome, Document):
            assert all(page.reason for page in outcome.pages if page.status is not PageStatus.OK)
            assert all(
                0 <= block.box.left <= block.box.right <= 1000 for page in outcome.pages for block in page.blocks
            )


@pytest.mark.parametrize("name", bombs.names())
def test_a_bomb_ends_as_a_document_or_with_a_reason(extractor: SandboxedExtractor, tmp_path: Path, name: str) -> None:
    _check(extractor, tmp_path / "bomb.pdf", bombs.make_named(name))


def test_spoiled_files_end_as_documents_or_with_reasons(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    spoiled = [mutant for mutant in make_mutants(45, first_seed=5_000) if mutant.kind not in bombs.names()]

    for mutant in spoiled:
        _check(extractor, tmp_path / "mutant.pdf", mutant.content)

    assert len(spoiled) > 25


def test_a_good_file_is_read_after_all_of_them(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    good = tmp_path / "good.pdf"
    for name in ("a page tree in a loop", "a flate bomb"):
        _check(extractor, tmp_path / "bomb.pdf", bombs.make_named(name))
    good.write_bytes(make_pdf(["Fine"]))

    assert extractor.extract(good).text == "Fine"
