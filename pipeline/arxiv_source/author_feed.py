"""What arXiv lists under a person: `https://arxiv.org/a/ID.atom2`, by ORCID iD or arXiv author id.

Sources: https://info.arxiv.org/help/author_identifiers.html, and the server that answers, browse/controllers/
list_page/author.py of github.com/arXiv/arxiv-browse (read in November 2026): the feed's title is the person's name, an
entry's id is the paper's with its version, all papers come in one answer, an id that nobody has gets status 400. Older
answers have the address of the abstract as an entry's id. Only papers are listed whose authorship the person claimed,
and only of people who chose to have an id or linked their ORCID.

arXiv itself was never asked: what is tested is this reading of its source, against a loopback that answers alike. Two
things only arXiv can show. Whether a claim is there on the evening of the announcement; where it comes later, so does
the match. And whether the feed of an arXiv author id works where its owner linked no ORCID iD: by the source as read it
fails with status 500, for it then writes a link without an address, while by ORCID iD it works.
"""

from __future__ import annotations

import logging

from lxml import etree

from pipeline.arxiv_source.client import PoliteClient
from pipeline.arxiv_source.closing import Closing
from pipeline.arxiv_source.endpoints import Endpoints
from pipeline.arxiv_source.strict_xml import parse_strictly, text_of
from pipeline.author_papers import AuthorPapers
from pipeline.errors import NotFoundError, SourceFormatError, UsageError
from pipeline.paper import ArxivId

logger = logging.getLogger(__name__)

_NAMESPACES = {"atom": "http://www.w3.org/2005/Atom"}
_FEED = "{http://www.w3.org/2005/Atom}feed"
_UNKNOWN = frozenset({400, 404})


class AuthorFeed(Closing):
    """Implements `pipeline.author_papers.AuthorSource` over arXiv's author pages."""

    def __init__(self, client: PoliteClient, endpoints: Endpoints) -> None:
        self._client = client
        self._endpoints = endpoints

    def papers_of(self, author_id: str) -> AuthorPapers:
        """All papers that arXiv lists under an author id.

        Raises NotFoundError where nobody has it, SourceUnavailableError or SourceFormatError where arXiv does not
        answer as it promises.
        """
        url = self._endpoints.author(author_id)
        answer = self._client.get(url, also=_UNKNOWN)
        if answer.status in _UNKNOWN:
            raise NotFoundError(f"arXiv knows no author {author_id}; whoever has an id finds it at arxiv.org/user")
        return read_author_feed(answer.content, url)

    def close(self) -> None:
        """Releases the connection."""
        self._client.close()


def read_author_feed(content: bytes, url: str) -> AuthorPapers:
    """The name over a feed and the papers in it, in its order. Raises SourceFormatError.

    An entry that is no paper is passed over with a warning, unless none is one.
    """
    root = parse_strictly(content, _FEED, url)
    entries = root.findall("atom:entry", _NAMESPACES)
    papers = dict.fromkeys(paper for entry in entries if (paper := _paper(entry, url)))
    if entries and not papers:
        raise SourceFormatError(f"{url} lists {len(entries)} entries, and none has an arXiv identifier", url=url)
    name = text_of(root, "atom:title", _NAMESPACES)
    return AuthorPapers(name.removesuffix("'s articles on arXiv"), tuple(papers))


def _paper(entry: etree._Element, url: str) -> str:
    written = text_of(entry, "atom:id", _NAMESPACES)
    try:
        return ArxivId.parse(written).id
    except UsageError:
        logger.warning("%s holds an entry with the id %r", url, written)
        return ""
