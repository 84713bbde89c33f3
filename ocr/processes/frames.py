"""What goes through our processes' pipes: a kind byte, the payload's length (8 bytes, big-endian), the payload."""

from __future__ import annotations

from enum import Enum
from typing import BinaryIO

_LENGTH_BYTES = 8
HEAD_BYTES = 1 + _LENGTH_BYTES


class Reply(bytes, Enum):
    """What a process says."""

    READY = b"R"  # once, before the first question
    DONE = b"D"  # with what was asked for
    ERROR = b"E"  # with the reason, UTF-8


def pack_frame(kind: bytes, payload: bytes) -> bytes:
    """One frame."""
    return bytes(kind) + len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


def payload_length(head: bytes) -> int:
    """How many bytes follow a frame's first `HEAD_BYTES`."""
    return int.from_bytes(head[1:], "big")


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame's kind and payload; None where the stream ends."""
    head = stream.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES:
        return None
    payload = stream.read(payload_length(head))
    return (head[:1], payload) if len(payload) == payload_length(head) else None
