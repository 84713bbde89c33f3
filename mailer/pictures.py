"""Figures for a mail: scaled to a size that every mailbox takes, attached, and shown in their place.

A picture is part of the mail (`cid:`, RFC 2392), never fetched from anywhere: opening a mail tells nobody.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from PIL import Image

from pipeline.digest import DigestItem

logger = logging.getLogger(__name__)

MOST_BYTES = 60_000  # of one picture
MOST_BYTES_TOGETHER = 360_000  # as text (base64) 480 kB; with page and text a mail stays below 600 kB
MOST_PICTURES = 8
_WIDTH_PX, _HEIGHT_PX = 540, 420  # in the mail, whose sheet is 640 wide
_SHARPNESS = 2  # pixels of the picture for one of the mail, on screens that have them
_SHOWN_AS_DRAWN = 0.75  # of its pixels: a column's figure then has about the size it has on paper
_FACTORS = (1.0, 0.8, 0.6, 0.45, 0.3)
_COLOURS = 256
_JPEG_QUALITY = 85
_RELATED = re.compile(r"cid:([^\"'\s>]+)")


@dataclass(frozen=True, slots=True)
class MailPicture:
    """A picture ready to be attached; `width` and `height` are those it is shown at."""

    cid: str
    content: bytes
    subtype: str  # of image/
    width: int
    height: int

    @property
    def filename(self) -> str:
        """What a mail program that lists it calls it."""
        return f"{self.cid.partition('@')[0]}.{self.subtype}"


def pictures_of(items: Sequence[DigestItem], domain: str) -> dict[str, MailPicture]:
    """The pictures of the first items that have one, by paper id, as many as a mail may carry."""
    pictures: dict[str, MailPicture] = {}
    room = MOST_BYTES_TOGETHER
    drawn = [(item, item.teaser) for item in items if item.teaser is not None]
    for item, teaser in drawn[:MOST_PICTURES]:
        picture = fit(teaser.png, f"{item.paper_id.replace('/', '.')}-{{}}@{domain}")
        if picture is not None and len(picture.content) <= room:
            room -= len(picture.content)
            pictures[item.paper_id] = picture
    return pictures


def fit(png: bytes, cid: str) -> MailPicture | None:
    """The picture as large as it may be; `{}` in its name becomes a hash of it. None where it cannot be used."""
    try:
        image = _on_white(png)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        logger.warning("a figure is left out of the mail: %s", error)
        return None
    scale = min(_SHOWN_AS_DRAWN, _WIDTH_PX / image.width, _HEIGHT_PX / image.height)
    width, height = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    for factor in _FACTORS:
        size = _pixels(image, width * _SHARPNESS * factor, height * _SHARPNESS * factor)
        subtype, content = _smaller(image if size == image.size else image.resize(size, Image.Resampling.LANCZOS))
        if len(content) <= MOST_BYTES:
            name = cid.format(hashlib.sha256(content).hexdigest()[:16])
            return MailPicture(name, content, subtype, width, height)
    return None


def attach(message: EmailMessage, pictures: Iterable[MailPicture], boundary: str) -> None:
    """Adds the pictures to the page of a message, which becomes page and pictures together."""
    page = message.get_body(("html",))
    if not isinstance(page, EmailMessage):
        return
    for picture in pictures:
        page.add_related(
            picture.content,
            "image",
            picture.subtype,
            cid=f"<{picture.cid}>",
            filename=picture.filename,
            disposition="inline",
        )
    if page.is_multipart():
        page.set_param("type", "text/html")  # RFC 2387 asks for it: what the whole begins with
        page.set_boundary(boundary)


def used_in(html: str, pictures: Iterable[MailPicture]) -> list[MailPicture]:
    """Those that the page shows: the size limit may have left papers out."""
    shown = set(_RELATED.findall(html))
    return [picture for picture in pictures if picture.cid in shown]


def attached_to(message: EmailMessage) -> Iterator[MailPicture]:
    """The pictures that a message carries."""
    for part in message.walk():
        cid = str(part["Content-ID"] or "").strip("<> ")
        content = part.get_payload(decode=True)
        if cid and part.get_content_maintype() == "image" and isinstance(content, bytes):
            yield MailPicture(cid, content, part.get_content_subtype(), 0, 0)


def standing_alone(html: str, pictures: Iterable[MailPicture]) -> str:
    """The page with its pictures in it, for a browser that has no mail to take them from."""
    for picture in pictures:
        data = base64.b64encode(picture.content).decode("ascii")
        html = html.replace(f'"cid:{picture.cid}"', f'"data:image/{picture.subtype};base64,{data}"')
    return html


def _on_white(png: bytes) -> Image.Image:
    """Without transparency, which a dark mail would show through."""
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _pixels(image: Image.Image, width: float, height: float) -> tuple[int, int]:
    """Never more than it has."""
    scale = min(1.0, width / image.width, height / image.height)
    return max(round(image.width * scale), 1), max(round(image.height * scale), 1)


def _smaller(image: Image.Image) -> tuple[str, bytes]:
    """PNG for drawings, JPEG for photographs: whichever takes less."""
    png, jpeg = io.BytesIO(), io.BytesIO()
    # The octree takes a hundredth of the median cut's time, and a photograph ends as JPEG anyway.
    few = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(png, "PNG", optimize=True)
    image.save(jpeg, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return min((("png", png.getvalue()), ("jpeg", jpeg.getvalue())), key=lambda one: len(one[1]))
