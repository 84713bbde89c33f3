"""A read PDF as the JSON document of `autoreader read`, and its figures as files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

from pipeline.blobs import make_folder, write_atomically
from pipeline.document import Block, Box, Document, Figure, Page, Reference
from pipeline.errors import ReadError
from pipeline.ports import PageImages

_FIGURE_DPI = 160


def document_json(
    path: Path, result: Document | ReadError, pictures: Sequence[Path | None] = ()
) -> dict[str, Any]:  # Any: JSON
    """Pages of blocks, figures and references, or the reason why there are none.

    `pictures` are the files of the figures, in their order, where they were written.
    """
    if isinstance(result, ReadError):
        empty: dict[str, Any] = {"engine_by_page": {}, "pages": [], "figures": [], "references": []}  # Any: JSON
        return {"file": str(path), "error": str(result)} | empty | {"citations": 0, "seconds": 0.0, "cost_usd": 0.0}
    figures = [_figure(figure) for figure in result.figures]
    for shown, picture in zip(figures, pictures, strict=False):
        shown["path"] = "" if picture is None else str(picture)
    return {
        "file": str(path),
        "engine_by_page": {str(page.number): page.engine for page in result.pages},
        "pages": [_page(page) for page in result.pages],
        "figures": figures,
        "references": [_reference(reference) for reference in result.references],
        "citations": len(result.citations),
        "seconds": round(result.seconds, 3),
        "cost_usd": round(result.cost_usd, 6),
    }


def unique_names(files: Sequence[Path]) -> dict[Path, str]:
    """A name for each file without folder and ending; of two that would share one the later gets a number."""
    names: dict[Path, str] = {}
    for file in files:
        taken = set(names.values())
        numbered = (f"{file.stem}-{number}" for number in count(2))
        names[file] = next(name for name in chain([file.stem], numbered) if name not in taken)
    return names


def write_figures(images: PageImages, pdf: Path, document: Document, target: Path) -> list[Path | ReadError]:
    """Cuts every figure and table out of its page as PNG: `target-01-figure-1.png`, as the text calls it."""
    make_folder(target.parent)
    written: list[Path | ReadError] = []
    for number, figure in enumerate(document.figures, start=1):
        label = re.sub(r"\W+", "-", (figure.label or figure.kind.value).lower()).strip("-")
        file = target.with_name(f"{target.name}-{number:02}-{label}.png")
        try:
            write_atomically(file, images.picture(pdf, figure.page, figure.box, _FIGURE_DPI))
        except ReadError as error:
            written.append(error)
        else:
            written.append(file)
    return written


def _page(page: Page) -> dict[str, Any]:  # Any: JSON
    return {
        "number": page.number,
        "status": page.status.value,
        "reason": page.reason,
        "route": page.route,
        "blocks": [_block(block) for block in page.blocks],
    }


def _block(block: Block) -> dict[str, Any]:  # Any: JSON
    return {
        "kind": block.kind.value,
        "text": block.text,
        "latex": block.latex,
        "html": block.html,
        "box": _corners(block.box),
        "order": block.order,
    }


def _figure(figure: Figure) -> dict[str, Any]:  # Any: JSON
    return {
        "kind": figure.kind.value,
        "label": figure.label,
        "caption": figure.caption,
        "page": figure.page,
        "box": _corners(figure.box),
    }


def _reference(one: Reference) -> dict[str, Any]:  # Any: JSON
    return {
        "text": one.text,
        "label": one.label,
        "authors": list(one.authors),
        "title": one.title,
        "year": one.year,
        "venue": one.venue,
        "arxiv_id": one.arxiv_id,
        "doi": one.doi,
        "url": one.url,
    }


def _corners(box: Box) -> list[int]:
    return [box.left, box.top, box.right, box.bottom]
