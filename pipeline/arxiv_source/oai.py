"""arXiv's OAI-PMH service, the truth about which records changed and what they say.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html; arXiv's side: github.com/arXiv/oaipmh.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from lxml import etree

from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.records import NAMESPACES, read_record
from pipeline.arxiv_source.strict_xml import parse_strictly, text_of
from pipeline.errors import SourceError, SourceFormatError
from pipeline.ports import SourceRecord

logger = logging.getLogger(__name__)

_ROOT = "{http://www.openarchives.org/OAI/2.0/}OAI-PMH"
_PREFIX = "arXivRaw"


class _BadTokenError(SourceError):
    """The resumption token is not, or no longer, valid: at arXiv they die at midnight UTC."""

    permanent = False


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: its records that are not deleted, and the token for more (empty: this was the last)."""

    records: tuple[etree._Element, ...]
    token: str = ""


class OaiService:
    """Lists and fetches `arXivRaw` records."""

    def __init__(self, client: PoliteClient, url: str) -> None:
        self._client = client
        self._url = url

    def list_records(self, since: date, set_spec: str | None = None) -> Iterator[list[SourceRecord]]:
        """Pages of all records changed on or after a day (UTC), in a set or everywhere; complete or an error.

        `until` is never sent: arXiv's list ends at now, and a paper touched while it is read moves past any bound.
        A list whose token expires is begun again once, so a record may come twice.
        """
        arguments = {"verb": "ListRecords", "metadataPrefix": _PREFIX, "from": since.isoformat()}
        if set_spec is not None:
            arguments["set"] = set_spec
        try:
            yield from self._pages(arguments)
        except _BadTokenError as error:
            logger.warning("the list since %s of %s is begun again: %s", since, set_spec or "everything", error)
            yield from self._pages(arguments)

    def get_record(self, paper_id: str) -> SourceRecord | None:
        """One record; None where arXiv does not know it or has deleted it."""
        identifier = f"oai:arXiv.org:{paper_id}"
        page = self._ask({"verb": "GetRecord", "identifier": identifier, "metadataPrefix": _PREFIX})
        return read_record(page.records[0], self._url) if page.records else None

    def _pages(self, arguments: dict[str, str]) -> Iterator[list[SourceRecord]]:
        used: set[str] = set()
        page = self._ask(arguments)
        while True:
            if page.records:
                yield [read_record(record, self._url) for record in page.records]
            if not page.token:
                return
            if page.token in used:
                raise SourceFormatError(f"{self._url} gave the resumption token {page.token!r} twice", url=self._url)
            used.add(page.token)
            page = self._ask({"verb": arguments["verb"], "resumptionToken": page.token})

    def _ask(self, arguments: dict[str, str]) -> Page:
        url = f"{self._url}?{urlencode(arguments)}"
        return read_page(self._client.get(url).content, arguments["verb"], url)


def read_page(content: bytes, verb: str, url: str) -> Page:
    """What an answer to ListRecords or GetRecord holds; empty for noRecordsMatch and idDoesNotExist.

    Raises SourceFormatError for anything that is not a whole OAI-PMH answer, SourceError with arXiv's code and words
    for its other errors.
    """
    root = parse_strictly(content, _ROOT, url)
    if (error := root.find("oai:error", NAMESPACES)) is not None:
        return _read_error(error, url)
    body = root.find(f"oai:{verb}", NAMESPACES)
    if body is None:
        raise SourceFormatError(f"{url} answered neither <{verb}> nor an error", url=url)
    records = body.findall("oai:record", NAMESPACES)
    if not records:
        raise SourceFormatError(f"{url} answered <{verb}> without a record", url=url)
    kept = tuple(record for record in records if not _is_deleted(record))
    return Page(kept, text_of(body, "oai:resumptionToken", NAMESPACES))


def _read_error(error: etree._Element, url: str) -> Page:
    code = error.get("code", "")
    words = " ".join((error.text or "").split())
    match code:
        case "noRecordsMatch" | "idDoesNotExist":
            return Page(())
        case "badResumptionToken":
            raise _BadTokenError(f"arXiv answered {code}: {words}".rstrip(": "), url=url)
        case _:
            raise SourceError(f"arXiv answered {code or 'an error'}: {words}".rstrip(": "), url=url)


def _is_deleted(record: etree._Element) -> bool:
    header = record.find("oai:header", NAMESPACES)
    if header is None or header.get("status") != "deleted":
        return False
    identifier = text_of(header, "oai:identifier", NAMESPACES)
    logger.info("skipped a deleted record: %s", identifier or "without identifier")
    return True
