"""What goes between us and the process of the models: a kind byte, the payload's length (8 bytes), the payload."""

from __future__ import annotations

from enum import Enum
from typing import BinaryIO

from ocr.processes.child import LENGTH_BYTES, pack_frame


class Ask(bytes, Enum):
    """What is wanted of a picture, which is the payload (PNG)."""

    TEXT = b"T"  # its lines of text, and the parts of the page where the layout model is installed
    PARTS = b"P"  # the parts of the page alone


class Answer(bytes, Enum):
    """What comes back."""

    READY = b"R"
    SIGHT = b"S"  # as `ocr.rapid.sight` writes it
    ERROR = b"E"  # the reason, UTF-8


def pack(kind: Ask | Answer, payload: bytes) -> bytes:
    """One frame."""
    return pack_frame(bytes(kind.value), payload)


def receive(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame's kind and payload; None where the stream ends."""
    head = stream.read(1 + LENGTH_BYTES)
    if len(head) <= LENGTH_BYTES:
        return None
    length = int.from_bytes(head[1:], "big")
    payload = stream.read(length)
    return (head[:1], payload) if len(payload) == length else None
