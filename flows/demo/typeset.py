"""Prints the sample day's papers as PDFs with typst, odd ones included.

Deterministic: no system font, no clock. Results are kept in a folder by the hash of all that went in.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import typst
from PIL import Image

from flows.demo.sample import PdfQuirk, SamplePaper
from flows.demo.tex_math import split_math
from pipeline.blobs import write_atomically
from pipeline.errors import UsageError

_RECIPE = "2"  # raise it when the steps below change, so that kept PDFs are made anew
_SCAN_DPI = 130
_SCAN_TILT_DEG = 0.35
_KEPT_OF_TRUNCATED = 0.6


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Makes PDFs and keeps them in `cache`."""

    cache: Path

    def pdf(self, sample: SamplePaper) -> bytes | None:
        """The paper as a PDF file; None where it has none.

        Raises UsageError naming the paper when its source does not compile.
        """
        if sample.pdf is PdfQuirk.NONE:
            return None
        kept = self.cache / f"{_fingerprint(sample)}.pdf"
        if kept.exists():
            return kept.read_bytes()
        pdf = _spoil(_compile(sample), sample.pdf)
        write_atomically(kept, pdf)
        return pdf


def _meta(sample: SamplePaper) -> str:
    paper = sample.paper
    shown = {"title": paper.title, "authors": paper.authors, "columns": sample.columns}
    return json.dumps({**shown, "abstract": split_math(paper.abstract), "running": paper.title[:70]})


def _template() -> str:
    return (resources.files("flows.demo") / "template.typ").read_text(encoding="utf-8")


def _fingerprint(sample: SamplePaper) -> str:
    parts = (_RECIPE, metadata.version("typst"), _template(), _meta(sample), sample.body, sample.pdf)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _compile(sample: SamplePaper) -> bytes:
    with resources.as_file(resources.files("flows.demo")) as root:
        inputs = {"paper": _meta(sample)}
        try:
            compiler = typst.Compiler(sample.body.encode(), root=root, ignore_system_fonts=True, sys_inputs=inputs)
            pdf = compiler.compile(format="pdf", timestamp=0)
        except typst.TypstError as error:
            raise UsageError(f"{sample.paper.id} cannot be typeset: {error.message}\n{error.diagnostic}") from error
    if not isinstance(pdf, bytes):
        raise UsageError(f"{sample.paper.id} cannot be typeset: it has no pages")
    return pdf


def _spoil(pdf: bytes, quirk: PdfQuirk) -> bytes:
    match quirk:
        case PdfQuirk.SCANNED:
            return _scan(pdf)
        case PdfQuirk.ENCRYPTED:
            return _encrypt(pdf)
        case PdfQuirk.TRUNCATED:
            return pdf[: int(len(pdf) * _KEPT_OF_TRUNCATED)]
        case _:
            return pdf


class _SameEveryTime(pypdf.PdfWriter):
    def generate_file_identifiers(self) -> None:
        # The base class draws half of the identifier at random. What the typesetter wrote identifies the file well.
        if not self._ID:
            super().generate_file_identifiers()


def _encrypt(pdf: bytes) -> bytes:
    writer = _SameEveryTime(clone_from=io.BytesIO(pdf))
    # RC4 is deterministic and needs no other package; nothing secret is kept by it, and nobody has the password.
    writer.encrypt(user_password="not told", owner_password="not told either", algorithm="RC4-128")  # noqa: S106
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _scan(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        images = [page.render(scale=_SCAN_DPI / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    scans = [_photocopy(image, number) for number, image in enumerate(images)]
    out = io.BytesIO()
    born = time.gmtime(0)
    scans[0].save(
        out,
        format="PDF",
        save_all=True,
        append_images=scans[1:],
        resolution=_SCAN_DPI,
        quality=70,
        creationDate=born,
        modDate=born,
    )
    return out.getvalue()


def _photocopy(image: Image.Image, number: int) -> Image.Image:
    """The page a little askew, alternately left and right, and grainy, the same way every time."""
    tilt = _SCAN_TILT_DEG if number % 2 else -_SCAN_TILT_DEG
    tilted = np.asarray(image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255), dtype=np.float32)
    grain = np.random.default_rng(number).normal(-6.0, 7.0, tilted.shape)
    return Image.fromarray(np.clip(tilted + grain, 0, 255).astype(np.uint8))
