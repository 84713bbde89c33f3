"""The program that reads PDFs with one reader: `python peer_process.py READER`.

It runs in the environment of the reader, so it imports nothing but the standard library and that reader. It reads one
JSON string (a path) a line from stdin and answers each with one: `{"pages": [text, ...], "cpu_s": 0.1, "error": ""}`.
The processor time is that of the reading alone, own and children's, without the imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

ReadPages = Callable[[str], list[str]]


def main(reader: str) -> None:
    """Answers until stdin ends."""
    read = _OPENERS[reader]()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints goes to stderr
    for line in sys.stdin:
        answers.write(json.dumps(_answer(read, json.loads(line))) + "\n")
        answers.flush()


def _answer(read: ReadPages, pdf: str) -> dict[str, object]:
    started = _cpu_s()
    pages: list[str] = []
    error = ""
    try:
        pages = read(pdf)
    except Exception as raised:  # noqa: BLE001 (one file's boundary: what a reader makes of it is its outcome)
        error = f"{type(raised).__name__}: {raised}"
    return {"pages": [_sendable(page) for page in pages], "cpu_s": round(_cpu_s() - started, 4), "error": error}


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _open_autoreader() -> ReadPages:
    from pathlib import Path

    from ocr.text_layer import read_text_layer

    # What search and quotations leave out as well; text wrongly taken for a drawing's lettering costs recall.
    outside = ("header", "footer", "figure")

    def read(pdf: str) -> list[str]:
        document = read_text_layer(Path(pdf), max_pages=10_000)
        return ["\n".join(block.text for block in page.blocks if block.kind not in outside) for page in document.pages]

    return read


def _open_pypdfium2() -> ReadPages:
    import pypdfium2

    def read(pdf: str) -> list[str]:
        document = pypdfium2.PdfDocument(pdf)
        pages = []
        for page in document:
            text_page = page.get_textpage()
            pages.append(text_page.get_text_range())
            text_page.close()
            page.close()
        document.close()
        return pages

    return read


def _open_pdftotext() -> ReadPages:
    def read(pdf: str) -> list[str]:
        command = ["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"]
        made = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 (the program the user installed)
        return made.stdout.decode("utf-8", "replace").removesuffix("\f").split("\f")

    return read


def _open_pypdf() -> ReadPages:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)

    def read(pdf: str) -> list[str]:
        return [page.extract_text() for page in pypdf.PdfReader(pdf).pages]

    return read


def _open_pdfminer() -> ReadPages:
    import logging

    from pdfminer.high_level import extract_text  # type: ignore[import-not-found]  # in the peers' environment only

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

    def read(pdf: str) -> list[str]:
        text: str = extract_text(pdf)
        return text.removesuffix("\f").split("\f")

    return read


def _open_docling() -> ReadPages:
    # Both are in the peers' environment only.
    from docling_core.types.doc.page import TextCellUnit  # type: ignore[import-not-found]
    from docling_parse.pdf_parser import DoclingPdfParser  # type: ignore[import-not-found]

    parser = DoclingPdfParser(loglevel="fatal")

    def read(pdf: str) -> list[str]:
        document = parser.load(pdf)
        pages = [
            "\n".join(cell.text for cell in page.iterate_cells(TextCellUnit.LINE))
            for _, page in document.iterate_pages()
        ]
        document.unload()
        return pages

    return read


_OPENERS: dict[str, Callable[[], ReadPages]] = {
    "autoreader": _open_autoreader,
    "pypdfium2 raw": _open_pypdfium2,
    "pdftotext -raw": _open_pdftotext,
    "pypdf": _open_pypdf,
    "pdfminer.six": _open_pdfminer,
    "docling-parse": _open_docling,
}

if __name__ == "__main__":
    main(sys.argv[1])
