"""Ad-hoc search and look-ups through arXiv's API, by the `arxiv` package, made polite and complete.

The package (4.0.2) keeps its delay per object, has no time-outs, and returns short or empty results without a word
for "Rate exceeded." with status 200, HTML and truncated XML (it parses leniently). So it only builds the queries,
pages, and reads entries here; every answer comes through the PoliteClient and is checked before it sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.strict_xml import parse_strictly, text_of
from pipeline.errors import NotFoundError, SourceFormatError, UsageError
from pipeline.paper import ArxivId, Paper, PaperVersion

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]  # it ships no types
    import requests

logger = logging.getLogger(__name__)

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}
_FEED = "{http://www.w3.org/2005/Atom}feed"
_BAD_REQUEST = 400
_IDS_PER_REQUEST = 100
_MAX_RESULTS = 30_000  # the API's own limit for one query (info.arxiv.org/help/api/user-manual, 2026-07)


@dataclass(frozen=True, slots=True)
class _Response:
    """The two things the package looks at."""

    status_code: int
    content: bytes


class _CheckedSession:
    """Stands in for the package's requests.Session; remembers how many results were promised."""

    def __init__(self, client: PoliteClient) -> None:
        self._client = client
        self.promised = 0

    def get(self, url: str, **_ignored: Any) -> _Response:  # Any: the headers the package would send
        """Fetches one page politely and refuses it where it is not whole."""
        answer = self._client.get(url, also=frozenset({_BAD_REQUEST}))
        root = parse_strictly(answer.content, _FEED, url)
        entries = root.findall("atom:entry", _NAMESPACES)
        _refuse_error(entries, answer.status, url)
        self.promised = _number(root, "totalResults", url)
        start, size = _number(root, "startIndex", url), _number(root, "itemsPerPage", url)
        expected = max(min(size, self.promised - start), 0)
        if len(entries) < expected:
            raise SourceFormatError(
                f"arXiv's API promised {expected} results on this page ({self.promised} in all) and sent "
                f"{len(entries)}: {url}",
                url=url,
            )
        return _Response(answer.status, answer.content)


class Lookup:
    """Finds papers by a query or by their identifiers."""

    def __init__(self, client: PoliteClient, url: str, page_size: int = 100) -> None:
        self._client = client
        self._url = url
        self._page_size = page_size

    def find(self, query: str, limit: int = 100) -> list[Paper]:
        """The best matches of a query in arXiv's own syntax (`au:del_maestro AND ti:checkerboard`), best first.

        All there are up to `limit`, or an error. Raises UsageError for a query or limit that arXiv does not take.
        """
        if not query.strip():
            raise UsageError("the query is empty")
        if not 1 <= limit <= _MAX_RESULTS:
            raise UsageError(f"a look-up takes 1 to {_MAX_RESULTS} results, not {limit}")
        papers, promised = self._results(query, [], limit, min(self._page_size, limit))
        if len(papers) < min(limit, promised):
            raise SourceFormatError(f"arXiv's API promised {promised} results and sent {len(papers)}", url=self._url)
        return papers

    def find_ids(self, ids: Sequence[str], *, skip_missing: bool = False) -> list[Paper]:
        """These papers in the order asked for; an identifier with a version gives that version.

        Raises UsageError for what is no identifier, NotFoundError naming every identifier arXiv does not know (with
        `skip_missing` they are logged instead, and the others returned).
        """
        wanted = list(dict.fromkeys(ArxivId.parse(text) for text in ids))
        found: dict[ArxivId, Paper] = {}
        for start in range(0, len(wanted), _IDS_PER_REQUEST):
            batch = [str(paper_id) for paper_id in wanted[start : start + _IDS_PER_REQUEST]]
            papers, promised = self._results("", batch, len(batch), _IDS_PER_REQUEST)
            if len(papers) < promised:
                raise SourceFormatError(f"arXiv's API promised {promised} papers and sent {len(papers)}", url=self._url)
            for paper in papers:
                found[ArxivId(paper.id)] = found[ArxivId(paper.id, paper.latest_version)] = paper
        missing = [str(paper_id) for paper_id in wanted if paper_id not in found]
        if missing and not skip_missing:
            raise NotFoundError(f"arXiv does not know {', '.join(missing)}")
        if missing:
            logger.warning("arXiv does not know %s", ", ".join(missing))
        return [found[paper_id] for paper_id in wanted if paper_id in found]

    def _results(self, query: str, ids: list[str], limit: int, page_size: int) -> tuple[list[Paper], int]:
        import arxiv

        session = _CheckedSession(self._client)
        # Delays and retries are the PoliteClient's.
        client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
        client.query_url_format = self._url + "?{}"
        client._session = cast("requests.Session", session)  # noqa: SLF001 - the one seam the package has
        try:
            found = client.results(arxiv.Search(query=query, id_list=ids, max_results=limit))
            return [_paper(result) for result in found], session.promised
        except (arxiv.ArxivError, ValueError) as error:  # ValueError: a date that is none
            raise SourceFormatError(f"arXiv's API: {error}", url=self._url) from error


def _paper(result: arxiv.Result) -> Paper:
    try:
        identifier = ArxivId.parse(result.entry_id)
    except UsageError as error:
        raise SourceFormatError(f"arXiv's API answered an entry that is no paper: {error}") from error
    number = identifier.version or 1
    # The API tells the dates of the first version and of this one, not of those between.
    first = PaperVersion(1, result.published)
    versions = (first,) if number == 1 else (first, PaperVersion(number, result.updated))
    return Paper(
        id=identifier.id,
        title=" ".join(result.title.split()),
        authors=tuple(author.name for author in result.authors),
        abstract=" ".join(result.summary.split()),
        categories=tuple(dict.fromkeys([result.primary_category, *result.categories])),
        versions=versions,
        comment=" ".join((result.comment or "").split()),
        journal_ref=" ".join((result.journal_ref or "").split()),
        doi=result.doi or "",
    )


def _refuse_error(entries: list[etree._Element], status: int, url: str) -> None:
    for entry in entries:
        if "/api/errors" in text_of(entry, "atom:id", _NAMESPACES):
            raise UsageError(f"arXiv's API: {text_of(entry, 'atom:summary', _NAMESPACES)}")
    if status == _BAD_REQUEST:
        raise SourceFormatError(f"arXiv's API answered 400 without a reason: {url}", url=url)


def _number(root: etree._Element, name: str, url: str) -> int:
    text = text_of(root, f"opensearch:{name}", _NAMESPACES)
    if not (text.isascii() and text.isdigit()):
        raise SourceFormatError(f"arXiv's API answered without <{name}>: {url}", url=url)
    return int(text)
