"""Ask arXiv which papers are by the people who are followed by an ORCID iD or an arXiv author id."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from pipeline.author_ids import author_id_of
from pipeline.author_papers import AuthorPapers, AuthorSource
from pipeline.errors import NotFoundError, SourceError, SourceUnavailableError
from pipeline.stages.context import StageContext
from pipeline.store import UnitOfWork
from pipeline.subscriber import Profile

logger = logging.getLogger(__name__)

# A list is new enough for so long. A day's runs begin an hour earlier or later than those of the day before, and each
# of them is to have today's list.
_FRESH = timedelta(hours=20)
_MOST = 200  # authors a run asks for, ten minutes at arXiv's one request in three seconds; the oldest lists first
_PATIENCE = 2  # authors in a row whom arXiv may refuse before the others are left for the next run


def refresh_authors(context: StageContext, open_source: Callable[[], AbstractContextManager[AuthorSource]]) -> int:
    """Asks for the papers of every followed author id that was not asked for in the last 20 hours; returns how many.

    An author of whom nothing could be learnt is logged and keeps the list of the last time, and the run goes on. The
    source is opened only where somebody is to be asked for.
    """
    due = _due(context)
    if not due:
        return 0
    refreshed = refusals = 0
    with open_source() as source:
        for done, author in enumerate(due):
            context.progress("authors", done, len(due))
            try:
                _refresh(context, source, author)
            except SourceError as error:
                logger.warning("the papers of %s are those of the last time: %s", author, error)
                refusals = refusals + 1 if isinstance(error, SourceUnavailableError) else 0
                if refusals == _PATIENCE:
                    logger.warning("arXiv is not asked for %d more followed authors now", len(due) - done - 1)
                    break
            else:
                refusals = 0
                refreshed += 1
    context.progress("authors", len(due), len(due))
    return refreshed


def authored(work: UnitOfWork, profile: Profile) -> dict[str, str]:
    """Paper ids that arXiv lists under an author id of the profile, each with that author's name as arXiv prints it.

    The profile's own word for them stands in where arXiv tells no name.
    """
    named = {author_id: name for name in profile.authors if (author_id := author_id_of(name))}
    if not named:
        return {}
    named |= {author: fetch.name for author, fetch in work.authors.fetches(named).items() if fetch.name}
    return {paper_id: named[author] for paper_id, author in work.authors.papers_by(named).items()}


def _due(context: StageContext) -> list[str]:
    with context.store.read() as work:
        followed = {author_id for name in work.authors.followed() if (author_id := author_id_of(name))}
        known = work.authors.fetches(followed)
    limit = context.clock.now() - _FRESH
    never = sorted(followed - set(known))
    stale = sorted((fetch.fetched_at, author) for author, fetch in known.items() if fetch.fetched_at <= limit)
    due = [*never, *(author for _, author in stale)]
    if len(due) > _MOST:
        logger.warning("%d followed authors are to be asked for, %d of them in this run", len(due), _MOST)
    return due[:_MOST]


def _refresh(context: StageContext, source: AuthorSource, author: str) -> None:
    try:
        found = source.papers_of(author)
    except NotFoundError as error:
        logger.warning("%s", error)
        found = AuthorPapers("", ())
    with context.store.begin() as work:
        known = work.authors.fetches([author]).get(author)
        if not found.paper_ids and known is not None and known.papers:
            return  # papers stay with their author: rather the answer is wrong, and the next run asks again
        work.authors.save(author, found, context.clock.now())
