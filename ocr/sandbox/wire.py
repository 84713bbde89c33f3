"""What a reading process is asked: the kind of a frame, and its payload as JSON."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from enum import Enum
from pathlib import Path

from pipeline.document import Box


class Ask(bytes, Enum):
    """What is wanted of a PDF."""

    DOCUMENT = b"D"  # answered as `pipeline.document_json` writes it
    PICTURE = b"P"  # answered by a PNG


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Read this file."""

    pdf: Path


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Draw a page (from 1), or what a box shows of it."""

    pdf: Path
    page: int
    box: Box | None
    dpi: int


Request = ReadRequest | PictureRequest


def pack_request(request: Request) -> tuple[Ask, bytes]:
    """The kind and payload of a frame."""
    pdf = str(request.pdf.absolute())
    if isinstance(request, ReadRequest):
        return Ask.DOCUMENT, json.dumps({"pdf": pdf}).encode()
    box = request.box and astuple(request.box)
    return Ask.PICTURE, json.dumps({"pdf": pdf, "page": request.page, "box": box, "dpi": request.dpi}).encode()


def unpack_request(kind: bytes, payload: bytes) -> Request:
    """What `pack_request` packed."""
    plain = json.loads(payload)
    pdf = Path(plain["pdf"])
    if Ask(kind) is Ask.DOCUMENT:
        return ReadRequest(pdf)
    return PictureRequest(pdf, plain["page"], Box(*plain["box"]) if plain["box"] else None, plain["dpi"])
