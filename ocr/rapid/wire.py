"""What the process of the models is asked; it answers as `ocr.rapid.sight` writes."""

from __future__ import annotations

from enum import Enum


class Ask(bytes, Enum):
    """What is wanted of a picture, which is the payload (PNG)."""

    TEXT = b"T"  # its lines of text, and the parts of the page where the layout model is installed
    PARTS = b"P"  # the parts of the page alone
