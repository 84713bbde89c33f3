"""Turns one `arXivRaw` record into a Paper.

Sources: the server's template record_formats.xml and create_records.py (github.com/arXiv/oaipmh, read 2026-11) and
https://info.arxiv.org/help/withdraw.html.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from pipeline.arxiv_source.authors import split_authors
from pipeline.arxiv_source.strict_xml import text_of
from pipeline.errors import SourceFormatError
from pipeline.paper import Paper, PaperVersion
from pipeline.ports import SourceRecord

NAMESPACES = {"oai": "http://www.openarchives.org/OAI/2.0/", "raw": "http://arxiv.org/OAI/arXivRaw/"}
_IGNORED_SOURCE = "I"  # the server's flag for the source format "withdrawn"
_PARAGRAPH = re.compile(r"\n[ \t]{2,}")  # how arXiv stores a paragraph within an abstract
_WORK = r"(?:paper|article|manuscript|submission|preprint|work|version|note|thesis|report)"
_IS_WITHDRAWN = rf"{_WORK}\s+(?:has\s+been|was|is)\s+(?:temporarily\s+)?withdrawn\b(?!\s+from)"
# Some withdrawals of old carry no flag, only words. "Withdrawn from a conference" is something else.
_WITHDRAWN = re.compile(
    rf"\b{_IS_WITHDRAWN}"
    rf"|\bwithdrawn\s+by\b"
    rf"|^\W*(?:{_WORK}\s+)?withdrawn\b(?!\s+from)",
    re.IGNORECASE,
)
_WITHDRAWN_ABSTRACT = re.compile(rf"\W*(?:this|the)\s+{_IS_WITHDRAWN}", re.IGNORECASE)


def read_record(record: etree._Element, url: str) -> SourceRecord:
    """One record that is not deleted. Raises SourceFormatError naming the paper and what it lacks."""
    identifier = text_of(record, "oai:header/oai:identifier", NAMESPACES)
    raw = record.find("oai:metadata/raw:arXivRaw", NAMESPACES)
    if raw is None:
        raise SourceFormatError(f"record {identifier or 'without identifier'} holds no arXivRaw", url=url)
    paper_id = _required(raw, "id", identifier, url)
    versions = _versions(raw, paper_id, url)
    comment = text_of(raw, "raw:comments", NAMESPACES)
    abstract = _abstract(raw)
    paper = Paper(
        id=paper_id,
        title=_required(raw, "title", paper_id, url),
        authors=split_authors(text_of(raw, "raw:authors", NAMESPACES)),
        abstract=abstract,
        categories=tuple(_required(raw, "categories", paper_id, url).split()),
        versions=versions,
        comment=comment,
        journal_ref=text_of(raw, "raw:journal-ref", NAMESPACES),
        doi=text_of(raw, "raw:doi", NAMESPACES),
        licence=text_of(raw, "raw:license", NAMESPACES),
        is_withdrawn=is_withdrawn(versions[-1], comment, abstract),
    )
    return SourceRecord(paper, _datestamp(record, paper_id, url))


def is_withdrawn(newest: PaperVersion, comment: str, abstract: str) -> bool:
    """Whether the newest version is a withdrawal.

    A withdrawal is a new version whose source is flagged "I" and has no size, with the reason in the comments; older
    ones replaced the abstract by a sentence, so an abstract that begins with one counts too.
    """
    if _IGNORED_SOURCE in newest.source_type and not newest.size_kb:
        return True
    return bool(_WITHDRAWN.search(comment) or _WITHDRAWN_ABSTRACT.match(abstract))


def _required(raw: etree._Element, name: str, paper: str, url: str) -> str:
    if text := text_of(raw, f"raw:{name}", NAMESPACES):
        return text
    raise SourceFormatError(f"the record of {paper or 'a paper without identifier'} has no <{name}>", url=url)


def _versions(raw: etree._Element, paper_id: str, url: str) -> tuple[PaperVersion, ...]:
    found = [_version(element, paper_id, url) for element in raw.iterfind("raw:version", NAMESPACES)]
    if not found:
        raise SourceFormatError(f"the record of {paper_id} has no <version>", url=url)
    return tuple(sorted(found, key=lambda version: version.number))  # text order would put v10 before v2


def _version(element: etree._Element, paper_id: str, url: str) -> PaperVersion:
    number = (element.get("version") or "").removeprefix("v")
    written = text_of(element, "raw:date", NAMESPACES)
    try:
        submitted_at = _utc(parsedate_to_datetime(written))
    except ValueError as error:
        raise SourceFormatError(f"version {number!r} of {paper_id} is dated {written!r}", url=url) from error
    if not (number.isascii() and number.isdigit()):
        raise SourceFormatError(f"{paper_id} has a version {element.get('version')!r}", url=url)
    size = re.match(r"(\d+)\s*kb$", text_of(element, "raw:size", NAMESPACES), re.IGNORECASE)
    source_type = text_of(element, "raw:source_type", NAMESPACES)
    return PaperVersion(int(number), submitted_at, int(size[1]) if size else None, source_type)


def _abstract(raw: etree._Element) -> str:
    text = (raw.findtext("raw:abstract", namespaces=NAMESPACES) or "").strip()
    return "\n".join(" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(text))


def _datestamp(record: etree._Element, paper_id: str, url: str) -> date:
    written = text_of(record, "oai:header/oai:datestamp", NAMESPACES)
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise SourceFormatError(f"the record of {paper_id} has the datestamp {written!r}", url=url) from error


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
