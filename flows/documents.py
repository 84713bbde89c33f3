"""A read PDF as the JSON document of `autoreader read`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.document import Block, Document
from pipeline.errors import ReadError


def document_json(path: Path, result: Document | ReadError) -> dict[str, Any]:  # Any: JSON
    """Pages of blocks, or the reason why there are none."""
    if isinstance(result, ReadError):
        empty: dict[str, Any] = {"engine_by_page": {}, "pages": [], "figures": [], "references": []}  # Any: JSON
        return {"file": str(path), "error": str(result)} | empty | {"seconds": 0.0, "cost_usd": 0.0}
    return {
        "file": str(path),
        "engine_by_page": {str(page.number): page.engine for page in result.pages},
        "pages": [
            {
                "number": page.number,
                "status": page.status.value,
                "reason": page.reason,
                "blocks": [_block(block) for block in page.blocks],
            }
            for page in result.pages
        ],
        "figures": [_block(block) for block in _of_kind(result, "figure")],
        "references": [block.text for block in _of_kind(result, "reference")],
        "seconds": result.seconds,
        "cost_usd": result.cost_usd,
    }


def _of_kind(document: Document, kind: str) -> list[Block]:
    return [block for page in document.pages for block in page.blocks if block.kind.value == kind]


def _block(block: Block) -> dict[str, Any]:  # Any: JSON
    box = block.box
    return {
        "kind": block.kind.value,
        "text": block.text,
        "latex": block.latex,
        "html": block.html,
        "box": [box.left, box.top, box.right, box.bottom],
        "order": block.order,
    }
