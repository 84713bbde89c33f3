"""An HTTP answer as a value, and the XML and dates that several of arXiv's services share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import cast
from zoneinfo import ZoneInfo

from lxml import etree

ATOM_NS = "http://www.w3.org/2005/Atom"
ARXIV_NS = "http://arxiv.org/schemas/atom"
XSI_NS = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client."""

    body: bytes
    content_type: str = "text/xml; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def text_answer(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A few words of plain text."""
    return Answer(text.encode(), "text/plain; charset=utf-8", status, headers or {})


def namespaces(default: str, **prefixed: str) -> dict[str, str]:
    """Prefixes for a root element, the default namespace first."""
    return cast("dict[str, str]", {None: default, **prefixed})  # lxml's stubs forget that None is a prefix


def add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    """Appends a child; a tag without `{namespace}` takes its parent's. Attributes in the order given."""
    if not tag.startswith("{") and (namespace := etree.QName(parent).namespace):
        tag = f"{{{namespace}}}{tag}"
    child = etree.SubElement(parent, tag, attributes)
    if text:
        child.text = text
    return child


def serialise(root: etree._Element) -> bytes:
    """The document with its XML declaration, indented."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def utc_stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, as OAI-PMH and Atom want it: 2026-11-17T03:45:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mail_date(moment: datetime) -> str:
    """RFC 2822 in GMT, as arXivRaw writes the dates of versions."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def eastern_midnight(day: date) -> datetime:
    """The moment that arXiv's feeds bear: midnight US Eastern at the beginning of the day."""
    return datetime.combine(day, time(), ZoneInfo("America/New_York"))
