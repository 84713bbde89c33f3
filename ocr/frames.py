"""What a reading process answers with: a kind byte, the payload's length (8 bytes, big-endian), the payload."""

from __future__ import annotations

from enum import Enum

LENGTH_BYTES = 8


class Frame(bytes, Enum):
    """What a frame carries."""

    READY = b"R"
    DOCUMENT = b"D"  # as `pipeline.document_json` writes it
    ERROR = b"E"  # the reason, UTF-8


def pack(kind: Frame, payload: bytes) -> bytes:
    """One frame."""
    return kind.value + len(payload).to_bytes(LENGTH_BYTES, "big") + payload
