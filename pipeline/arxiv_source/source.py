"""arXiv as the pipeline sees it: changed records, one record, today's feed, a PDF."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.arxiv_source.client import MAX_PDF_BYTES, PoliteClient
from pipeline.arxiv_source.closing import Closing
from pipeline.arxiv_source.endpoints import Endpoints
from pipeline.arxiv_source.feed import read_feed
from pipeline.arxiv_source.oai import OaiService
from pipeline.arxiv_source.sets import feed_names, sets_of
from pipeline.errors import SourceFormatError
from pipeline.ports import Feed, SourceRecord

logger = logging.getLogger(__name__)

_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024  # readers accept the header anywhere in the first kilobyte (PDF 1.7, annex H, note 13)


class ArxivSource(Closing):
    """Implements `pipeline.ports.PaperSource` over OAI-PMH, the Atom feed and arxiv.org/pdf."""

    def __init__(self, client: PoliteClient, endpoints: Endpoints) -> None:
        self._client = client
        self._endpoints = endpoints
        self._oai = OaiService(client, endpoints.oai)

    def changed_since(self, since: date, categories: Sequence[str]) -> Iterator[list[SourceRecord]]:
        """Pages of all records of these categories changed on or after a day; complete or an error.

        A record that stands in several sets comes once. Raises ConfigError for a category that cannot exist.
        """
        seen: set[tuple[str, int, date]] = set()
        for set_spec in sets_of(categories):
            for page in self._oai.list_records(since, set_spec):
                fresh = [record for record in page if _key(record) not in seen]
                seen.update(_key(record) for record in fresh)
                if fresh:
                    yield fresh

    def record(self, paper_id: str) -> SourceRecord | None:
        """One record; None where arXiv does not know it."""
        return self._oai.get_record(paper_id)

    def feed(self, categories: Sequence[str]) -> Feed:
        """Today's listing of these categories, in one request."""
        url = self._endpoints.feed(feed_names(categories))
        return read_feed(self._client.get(url).content, url)

    def pdf(self, paper_id: str, version: int) -> bytes:
        """The PDF of one version, whole as arXiv holds it; whether it can be read is not judged here.

        Raises a permanent SourceError where there is none (404), SourceFormatError where arXiv answers with a page
        of words instead, as it does while a PDF is being made.
        """
        url = self._endpoints.pdf(paper_id, version)
        answer = self._client.get(url, max_bytes=MAX_PDF_BYTES)
        if _MAGIC not in answer.content[:_MAGIC_WITHIN]:
            raise SourceFormatError(f"{url} answered no PDF but {answer.content_type or 'something else'}", url=url)
        return answer.content

    def close(self) -> None:
        """Releases the connection."""
        self._client.close()


def _key(record: SourceRecord) -> tuple[str, int, date]:
    return record.paper.id, record.paper.latest_version, record.changed_on
