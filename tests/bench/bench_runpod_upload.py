"""What goes up to RunPod for a page: `python -m tests.bench.bench_runpod_upload PDF...`, as a Markdown table.

Bytes of /run bodies as they are sent: a chat job a page for the stock image, beside jobs of our own worker, when all
pages of a paper are wanted and when four are.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from PIL import Image

from ocr import open_extractor
from ocr.endpoints.chat import ChatAnswer, ChatRequest
from ocr.surya.contract import load_contract
from ocr.surya.requests import GREEDY, Requests
from ocr.transports.runpod_pdf import RunpodPdf
from pipeline.config import OcrSettings
from pipeline.document import Document
from pipeline.errors import OcrRejectedError
from pipeline.page_work import PageTask
from pipeline.ports import PageImages

_DPI = (96, 192)
_FEW = 4


class _Scales:
    """A transport that weighs what it is given, and has no answer."""

    endpoint = "scales"

    def __init__(self) -> None:
        self.weights: list[int] = []

    def chat(self, request: ChatRequest) -> ChatAnswer:
        self.weights.append(_weight(request.body))
        raise OcrRejectedError("weighed")

    def check(self) -> str:
        return self.endpoint

    def close(self) -> None:
        self.weights.clear()


def _weight(body: object) -> int:
    return len(json.dumps({"input": body}, separators=(",", ":")))


def _stock(pdf: Path, pages: int, dpi: int, images: PageImages) -> Iterator[int]:
    requests = Requests(load_contract(), OcrSettings().surya_model)
    for number in range(1, pages + 1):
        with Image.open(io.BytesIO(images.picture(pdf, number, None, dpi))) as picture:
            yield _weight(requests.page(picture.convert("RGB"), GREEDY))


def _own(tasks: list[PageTask], dpi: int, images: PageImages) -> int:
    scales = _Scales()
    settings = OcrSettings(surya_dpi=dpi)
    list(RunpodPdf(settings, scales, images, "surya/x").read_pages(tasks, lambda _task, _job: None))
    return sum(scales.weights)


def _tasks(pdf: Path, document: Document, most: int) -> list[PageTask]:
    return [PageTask(page.number, pdf.name, pdf, page.number, page) for page in document.pages[:most]]


def main(names: list[str]) -> None:
    """Prints a row a resolution."""
    pdfs = [Path(name) for name in names]
    with closing(open_extractor(OcrSettings())) as extractor:
        documents = {pdf: extractor.extract(pdf) for pdf in pdfs}
        total = sum(len(document.pages) for document in documents.values())
        few = sum(min(_FEW, len(document.pages)) for document in documents.values())
        print(f"{len(pdfs)} papers, {total} pages; KB a page")  # noqa: T201 - a program's output
        print("| dpi | stock image | own, all pages | own, four pages a paper |\n|---:|---:|---:|---:|")  # noqa: T201 - as above
        for dpi in _DPI:
            stock = sum(sum(_stock(pdf, len(found.pages), dpi, extractor)) for pdf, found in documents.items())
            whole = sum(_own(_tasks(pdf, found, 10_000), dpi, extractor) for pdf, found in documents.items())
            part = sum(_own(_tasks(pdf, found, _FEW), dpi, extractor) for pdf, found in documents.items())
            cells = (stock / total, whole / total, part / few)
            print(f"| {dpi} | " + " | ".join(f"{cell / 1000:.0f}" for cell in cells) + " |")  # noqa: T201 - as above


if __name__ == "__main__":
    main(sys.argv[1:])
