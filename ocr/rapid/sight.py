"""What the models see on a picture of a page, as values that travel between their process and ours."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of text; `corners` in pixels, from the first letter's top left clockwise; `score` is a probability."""

    text: str
    score: float
    corners: tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class SeenBox:
    """A part of the page as the layout model names it (`LABELS`), in pixels."""

    label: str
    score: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture looked at after `quarters` counter-clockwise quarter turns; sizes and places are of that view, pixels.

    `ink` is the share of pixels that are printed on; `cpu_seconds` is what looking took in the models' process.
    """

    width: int
    height: int
    quarters: int = 0
    ink: float = 0.0
    lines: tuple[SeenLine, ...] = ()
    boxes: tuple[SeenBox, ...] = ()
    cpu_seconds: float = 0.0


# The classes of CDLA (https://github.com/buptlihang/CDLA): `title` is any heading, `reference` a bibliography.
LABELS = (
    "text",
    "title",
    "figure",
    "figure_caption",
    "table",
    "table_caption",
    "header",
    "footer",
    "reference",
    "equation",
)


def encode_sight(sight: Sight) -> bytes:
    """As JSON; `decode_sight` gives it back."""
    return json.dumps(asdict(sight), separators=(",", ":")).encode()


def decode_sight(content: bytes) -> Sight:
    """Raises ValueError where the bytes are no sight."""
    try:
        plain = json.loads(content)
        lines = tuple(SeenLine(**(line | {"corners": _points(line["corners"])})) for line in plain.pop("lines"))
        boxes = tuple(SeenBox(**box) for box in plain.pop("boxes"))
        return Sight(**plain, lines=lines, boxes=boxes)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a sight: {error}") from error


def _points(corners: Any) -> tuple[Point, ...]:  # Any: JSON
    return tuple((float(x), float(y)) for x, y in corners)
