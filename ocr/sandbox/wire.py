"""What a reading process is asked, a JSON object a line, and what it answers with.

An answer is a kind byte, the payload's length (8 bytes, big-endian), the payload.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from enum import Enum
from pathlib import Path

from ocr.processes.child import pack_frame
from pipeline.document import Box


class Frame(bytes, Enum):
    """What a frame carries."""

    READY = b"R"
    DOCUMENT = b"D"  # as `pipeline.document_json` writes it
    PICTURE = b"P"  # a PNG
    ERROR = b"E"  # the reason, UTF-8


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


def pack(kind: Frame, payload: bytes) -> bytes:
    """One frame."""
    return pack_frame(kind.value, payload)


def pack_request(request: Request) -> bytes:
    """One line."""
    plain: dict[str, object] = {"pdf": str(request.pdf.absolute())}
    if isinstance(request, PictureRequest):
        plain |= {"page": request.page, "box": request.box and astuple(request.box), "dpi": request.dpi}
    return json.dumps(plain).encode() + b"\n"


def unpack_request(line: str) -> Request:
    """What `pack_request` packed."""
    plain = json.loads(line)
    pdf = Path(plain["pdf"])
    if "page" not in plain:
        return ReadRequest(pdf)
    return PictureRequest(pdf, plain["page"], Box(*plain["box"]) if plain["box"] else None, plain["dpi"])
