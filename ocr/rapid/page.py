"""From what the models saw to a page of blocks, by the same rules as a text layer's lines."""

from __future__ import annotations

from dataclasses import replace

from ocr.figures.float_blocks import with_floats, without_floats
from ocr.page.page_text import PageText
from ocr.rapid.choice import better
from ocr.rapid.lines import lines_of
from ocr.rapid.parts import floats_by_parts, mark_blocks, parts_of, place_by_parts
from ocr.rapid.sight import Sight
from ocr.text.blocks import make_blocks
from ocr.text.furniture import body_of, place_lines
from ocr.text.typography import measure
from pipeline.document import Block, Engine, Page, PageStatus, Usage

_BLANK = 0.0005  # of the pixels; a page with nothing but its number has .0001 to .0005
_DOUBT = 0.75  # mean score of the characters; clean scans have .95
_TURNED = 2  # sides change places with every other quarter turn


def page_of(sight: Sight, evidence: Page, seconds: float) -> Page:
    """The page as RapidOCR read it, or its text layer where that is better; of the text layer's number and size."""
    return better(_read(sight, evidence, seconds), evidence)


def _read(sight: Sight, evidence: Page, seconds: float) -> Page:
    blocks = _blocks(sight, evidence)
    reason = _shortcoming(sight, blocks)
    is_blank = not blocks and not reason
    return replace(
        evidence,
        blocks=blocks,
        engine=Engine.RAPIDOCR.value,
        status=PageStatus.DEGRADED if reason else PageStatus.OK,
        reason="blank" if is_blank else reason,
        usage=Usage(seconds=round(seconds, 3), cpu_seconds=sight.cpu_seconds),
    )


def _blocks(sight: Sight, evidence: Page) -> tuple[Block, ...]:
    width, height = evidence.width_pt or sight.width, evidence.height_pt or sight.height
    if sight.quarters % _TURNED and evidence.width_pt:
        width, height = height, width
    parts = parts_of(sight, width, height)
    lines = lines_of(sight, width, height, parts)
    characters = sum(len(line.text) for line in lines)
    text = PageText(evidence.number, width, height, tuple(lines), characters, 0, quarters=sight.quarters)
    placed = place_by_parts(place_lines([text])[0], parts, height)
    floats = floats_by_parts(body_of(placed), parts, width * height)
    kept = without_floats(placed, floats)
    (read,) = make_blocks([text], [kept], measure([body_of(kept)]))
    blocks, _ = with_floats(read, floats, text)
    if sight.quarters:
        return blocks  # whose boxes are the page's again, while the parts are the view's
    # Headings are marked already: their lines were set off before the rules of a front page saw them.
    return mark_blocks(blocks, [part for part in parts_of(sight, 1000, 1000) if part.label != "title"])


def _shortcoming(sight: Sight, blocks: tuple[Block, ...]) -> str:
    """Why a page is not read well; empty where it is, or where there is nothing to read."""
    letters = sum(len(line.text) for line in sight.lines)
    if not letters:
        return "" if sight.ink < _BLANK else f"no text found, though {sight.ink:.1%} of the page is printed on"
    sure = sum(line.score * len(line.text) for line in sight.lines) / letters
    if not blocks:
        return "what was found is no text"
    return f"hardly readable: RapidOCR trusts its {letters} characters by {sure:.0%}" if sure < _DOUBT else ""
