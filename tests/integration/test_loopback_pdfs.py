from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from flows.demo.sample import PdfQuirk, SampleDay, SamplePaper, read_sample_day
from flows.demo.typeset import Typesetter
from pipeline.errors import UsageError
from tests.fakes.papers import make_paper

_BODY = '#import "/template.typ": *\n#show: article\n= Method\nWords of the body.\n#pagebreak()\nThe second page.'
_SAMPLE = SamplePaper(make_paper(title="A title set in type", authors=("Ada Lind",)), body=_BODY, columns=2)


@pytest.fixture(scope="module")
def day() -> SampleDay:
    return read_sample_day()


@pytest.fixture
def typesetter(tmp_path: Path) -> Typesetter:
    return Typesetter(tmp_path / "kept")


def _print(typesetter: Typesetter, sample: SamplePaper) -> bytes:
    pdf = typesetter.pdf(sample)
    assert pdf is not None
    return pdf


def _pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_a_plain_paper_shows_title_authors_abstract_and_body(typesetter: Typesetter) -> None:
    first, second = _pages(_print(typesetter, _SAMPLE))

    for expected in ("A title set in type", "Ada Lind", "Abstract", "1 Method", "Words of the body."):
        assert expected in first
    assert "The second page." in second
    assert second.startswith("A title set in type")  # the running head


@pytest.mark.parametrize("quirk", [quirk for quirk in PdfQuirk if quirk is not PdfQuirk.NONE])
def test_the_same_paper_gives_the_same_bytes_without_the_kept_file(tmp_path: Path, quirk: PdfQuirk) -> None:
    sample = replace(_SAMPLE, pdf=quirk)

    assert Typesetter(tmp_path / "a").pdf(sample) == Typesetter(tmp_path / "b").pdf(sample)


def test_a_second_printing_comes_from_the_kept_file(typesetter: Typesetter) -> None:
    typesetter.pdf(_SAMPLE)
    (kept,) = typesetter.cache.iterdir()
    kept.write_bytes(b"kept")

    assert typesetter.pdf(_SAMPLE) == b"kept"
    assert typesetter.pdf(replace(_SAMPLE, columns=1)) != b"kept"


def test_a_scan_has_pictures_of_its_pages_and_no_text(typesetter: Typesetter) -> None:
    pdf = _print(typesetter, replace(_SAMPLE, pdf=PdfQuirk.SCANNED))

    assert _pages(pdf) == ["", ""]
    assert [len(page.images) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages] == [1, 1]


def test_an_encrypted_paper_does_not_open(typesetter: Typesetter) -> None:
    with pytest.raises(pypdfium2.PdfiumError, match="Incorrect password"):
        _pages(_print(typesetter, replace(_SAMPLE, pdf=PdfQuirk.ENCRYPTED)))


def test_a_truncated_paper_begins_well_and_does_not_open(typesetter: Typesetter) -> None:
    whole = _print(typesetter, _SAMPLE)
    part = _print(typesetter, replace(_SAMPLE, pdf=PdfQuirk.TRUNCATED))

    assert part == whole[: int(len(whole) * 0.6)]
    with pytest.raises(pypdfium2.PdfiumError, match="Data format error"):
        _pages(part)


def test_a_paper_without_a_pdf_is_not_printed(typesetter: Typesetter) -> None:
    assert typesetter.pdf(replace(_SAMPLE, pdf=PdfQuirk.NONE)) is None
    assert not typesetter.cache.exists()


def test_a_source_that_does_not_compile_is_refused_by_name(typesetter: Typesetter) -> None:
    with pytest.raises(UsageError, match=r"2611\.00001 cannot be typeset: unclosed delimiter"):
        typesetter.pdf(replace(_SAMPLE, body=f"{_BODY}\n$ x"))


def test_every_bundled_paper_prints_and_twelve_are_long(typesetter: Typesetter, day: SampleDay) -> None:
    plain = (replace(sample, pdf=PdfQuirk.PLAIN) for sample in day.papers)

    counts = [len(_pages(_print(typesetter, sample))) for sample in plain]

    assert min(counts) >= 1
    assert max(counts) <= 10
    assert sum(count >= 4 for count in counts) >= 12
