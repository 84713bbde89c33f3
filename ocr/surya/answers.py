"""Takes the model's answers apart, and says what is wrong with those that are no use."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.endpoints.chat import ChatAnswer
from ocr.surya.contract import Contract, Picture
from ocr.surya.html_blocks import parse, plain_text, repair
from pipeline.document import Box
from pipeline.errors import OcrError

_WHOLE = ("", "stop", "eos", "eos_token", "end_turn")  # finish reasons of an answer that came to its own end
_TABLES = re.compile(r"<table.*?</table>", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+")
_RUN = 6  # words; a text of more than so many runs of which most occurred before goes round in circles
_FEWEST_RUNS = 150
_FEWEST_DIFFERENT = 0.5
_LEAST_IN_DIVS = 0.7  # of an answer's text; what stands outside of them is lost
_PER_MILLE = 1000


class BadAnswerError(OcrError):
    """The model answered, and the answer is no use: cut off, going round in circles, empty, of another form."""

    permanent = False


@dataclass(frozen=True, slots=True)
class Found:
    """A block as the model named it: the package's label, its place, its HTML (empty for what is not read)."""

    label: str
    box: Box
    html: str


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the layout: a block to be read by itself; `count` is the model's estimate of its tokens."""

    label: str
    box: Box
    count: int


def checked(answer: ChatAnswer, contract: Contract) -> str:
    """The text of an answer that is whole and does not repeat itself. Raises BadAnswerError."""
    if answer.finish_reason not in _WHOLE:
        ending = "cut off" if answer.finish_reason == "length" else f"ended by {answer.finish_reason!r}"
        raise BadAnswerError(f"the answer is {ending} after {answer.completion_tokens} tokens")
    text = repair(answer.text)
    outside = _TABLES.sub(" ", text)  # rows of equal cells are no loop
    if any(contract.is_looping(part) for part in (text, outside, outside[:-50])) or _goes_in_circles(outside):
        raise BadAnswerError("the answer repeats itself")
    return text


def read_page(text: str, picture: Picture, contract: Contract) -> list[Found]:
    """The blocks of a page in reading order, without those that the model sees where the page is blank.

    Raises BadAnswerError for an answer that is not made of divs.
    """
    if not text.strip():
        return []
    items = contract.parse_page(text) if "<" in text else ()
    found = [Found(_label(item.label, contract), _box(item.bbox, contract), item.html) for item in items]
    if _length(text) * _LEAST_IN_DIVS > sum(_length(block.html) for block in found):
        raise BadAnswerError(f"the answer is not made of labelled divs, or not all: {len(found)} found")
    return [
        Found(block.label, block.box, "" if block.label in contract.unread else block.html)
        for block in found
        if not _is_imagined(block.label, block.box, picture, contract)
    ]


def read_layout(text: str, picture: Picture, contract: Contract) -> list[Place]:
    """The places of a page in reading order. Raises BadAnswerError for an answer that is no layout, or an empty one."""
    try:
        items = contract.parse_layout(text)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswerError("the layout is no JSON list of boxes") from error
    boxes = [(_label(item.label, contract), _box(item.bbox, contract), item.count) for item in items]
    places = [Place(*entry) for entry in boxes if not _is_imagined(entry[0], entry[1], picture, contract)]
    if not places:
        raise BadAnswerError("the layout is empty")
    return places


def cut_out(picture: Picture, box: Box, contract: Contract) -> Picture:
    """The part of a picture in a box, with the margin the model is used to."""
    width, height = (side / _PER_MILLE for side in picture.size)
    return contract.crop(
        picture, [[x * width, y * height] for x in (box.left, box.right) for y in (box.top, box.bottom)]
    )


def _label(raw: str, contract: Contract) -> str:
    return contract.kinds.get(raw, raw)


def _box(corners: Sequence[float], contract: Contract) -> Box:
    """The box, on the page and the right way round; the whole page where the numbers are none."""
    if not all(math.isfinite(corner) for corner in corners):
        return Box(0, 0, _PER_MILLE, _PER_MILLE)
    left, top, right, bottom = (
        min(_PER_MILLE, max(0, round(_PER_MILLE * corner / contract.scale))) for corner in corners
    )
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _is_imagined(label: str, box: Box, picture: Picture, contract: Contract) -> bool:
    """Whether a block of text lies where the picture shows nothing."""
    if label not in contract.text_kinds:
        return False
    part = cut_out(picture, box, contract)
    return not is_plainly_printed(part) and contract.is_blank(part)


def is_plainly_printed(picture: Picture) -> bool:
    """Whether a part is so dark here and so light there that the package's own test would not call it blank.

    That test takes 54 ms a page, this one 3. Two hundredths below 150 are more than one hundredth below 245; with two
    hundredths above 240 the deviation is sqrt(.02 * .98) * 90 = 12.6 in grey, hence that much in some colour, beyond 8.
    """
    shades = picture.convert("L").histogram()
    few = 0.02 * sum(shades)
    return sum(shades[:150]) > few and sum(shades[241:]) > few


def _length(markup: str) -> int:
    return len("".join(plain_text(parse(markup)).split())) if markup else 0


def _goes_in_circles(text: str) -> bool:
    words = _TOKEN.findall(re.sub(r"<[^>]*>", " ", text).casefold())  # no dots, as lists of contents are full of
    runs = [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]
    return len(runs) >= _FEWEST_RUNS and len(set(runs)) < _FEWEST_DIFFERENT * len(runs)
