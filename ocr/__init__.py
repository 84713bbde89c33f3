"""Reading PDFs: the text layer first, in worker processes, so that a hostile file costs one paper; then, page by page,
whoever reads better: a layout model, OCR on the CPU, or Surya on a GPU at home or rented.

with ExitStack() as closing:
    extractor = closing.enter_context(open_extractor(settings))   # TextExtractor and PageImages
    readers = open_readers(settings, extractor, closing)          # PageReader by Engine
    router, assembler = open_router(settings), open_assembler()

Its packages import down only (import-linter holds them to it):

    worker                                        the other end of a rented GPU
    transports                                    ways to a model server
    surya   rapid   sandbox   assemble   router   engines; the text layer's process; who reads which page
    text_layer   gauge                            what a PDF says itself, and how good that is
    figures   bibliography                        what is found among lines and blocks
    text                                          lines into blocks
    page   processes   endpoints   engine         a PDF's page; who works for us, and how long we wait for them
    side_by_side                                  threads
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from pipeline.errors import MissingExtraError

if TYPE_CHECKING:  # reading processes import this package too, and start in a third of the time without these
    from contextlib import ExitStack

    from ocr.endpoints.chat import ChatTransport
    from ocr.sandbox.extractor import SandboxedExtractor
    from pipeline.config import OcrSettings
    from pipeline.document import Engine
    from pipeline.ports import Assembler, PageImages, PageReader, PageRouter

__all__ = [
    "check_rapidocr",
    "check_surya",
    "has_surya",
    "open_assembler",
    "open_extractor",
    "open_readers",
    "open_router",
]


def open_extractor(settings: OcrSettings) -> SandboxedExtractor:
    """The extractor these settings ask for; close it, or use it in a `with` statement."""
    from ocr.sandbox.extractor import SandboxedExtractor

    return SandboxedExtractor(settings)


def open_readers(settings: OcrSettings, images: PageImages, closing: ExitStack) -> dict[Engine, PageReader]:
    """The engines that can be used; models are loaded and endpoints asked with the first page.

    Raises ConfigError where their settings are wrong.
    """
    from ocr.rapid import open_rapidocr
    from ocr.rapid.layout import has_layout, open_layout
    from pipeline.document import Engine

    readers: dict[Engine, PageReader] = {Engine.RAPIDOCR: closing.enter_context(open_rapidocr(settings, images))}
    if has_layout():
        readers[Engine.LAYOUT] = closing.enter_context(open_layout(settings, images))
    if has_surya(settings) and _is_installed("surya"):  # where it is not, the router gives it no page, and says why
        readers[Engine.SURYA] = _open_surya(settings, images, closing)
    return readers


def open_router(settings: OcrSettings) -> PageRouter:
    """Who decides which engine reads a page. Raises ConfigError where `ocr.engine` asks for one that cannot be used."""
    from ocr.router import open_router

    return open_router(settings)


def open_assembler() -> Assembler:
    """Who puts a document together from its pages."""
    from ocr.assemble import DocumentAssembler

    return DocumentAssembler()


def has_surya(settings: OcrSettings) -> bool:
    """Whether an endpoint for Surya is set up."""
    return bool(settings.surya_url or settings.runpod_endpoint)


def check_rapidocr(settings: OcrSettings, images: PageImages) -> str:
    """One line for `doctor`: OCR on the CPU looks at an empty page. Raises OcrError, ReadError, ConfigError."""
    from ocr.rapid import open_rapidocr

    with open_rapidocr(settings, images) as reader:
        return reader.check()


def check_surya(settings: OcrSettings) -> str:
    """One line for `doctor`: what answers at Surya's endpoint. Raises OcrError, ConfigError."""
    if not _is_installed("surya"):
        raise MissingExtraError("surya-ocr", "surya")
    transport = _open_transport(settings)
    try:
        return transport.check()
    finally:
        transport.close()


def _open_surya(settings: OcrSettings, images: PageImages, closing: ExitStack) -> PageReader:
    if not settings.surya_url and settings.runpod_worker == "autoreader":
        from ocr.transports.runpod_pdf import open_runpod_pdf

        reader = open_runpod_pdf(settings, images)
        closing.callback(reader.close)
        return reader
    from ocr.surya import open_surya

    transport = _open_transport(settings)
    closing.callback(transport.close)
    return open_surya(settings, transport, images)


def _open_transport(settings: OcrSettings) -> ChatTransport:
    if settings.surya_url:
        from ocr.transports.openai_http import open_openai_http

        return open_openai_http(settings)
    from ocr.transports.runpod_queue import open_queue

    return open_queue(settings)


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
