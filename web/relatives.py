"""The papers that stand near to one, and why: what its page lists, and `/api/v1/related/...` tells."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from markupsafe import Markup

from index import Hit
from pipeline.errors import IndexStateError, UsageError
from web.markup import read_tex, to_html
from web.site import Site
from web.words import listed_authors

logger = logging.getLogger(__name__)

_SHOWN = 6
_MOST_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Relative:
    """A paper near to the one whose page it is on, ready to print."""

    paper_id: str
    title: Markup
    authors: str
    why: str


def relatives_of(site: Site, paper_id: str) -> tuple[Relative, ...]:
    """The nearest ones, best first; none where the paper, or the index itself, is not there yet."""
    try:
        hits = site.search().related(paper_id, _SHOWN).hits
    except (IndexStateError, UsageError) as error:
        logger.info("no related papers for %s: %s", paper_id, error)
        return ()
    return tuple(_relative(hit) for hit in hits if not hit.is_withdrawn)


def _relative(hit: Hit) -> Relative:
    return Relative(hit.paper_id, to_html(read_tex(hit.title)), listed_authors(hit.authors, _MOST_AUTHORS), hit.why)
