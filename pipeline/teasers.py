"""The figure that stands for a paper, put into an issue before it is printed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.digest import DigestItem, Issue, Teaser
from pipeline.document import teaser_index
from pipeline.errors import ReadError
from pipeline.illustrations import Illustrator
from pipeline.licence import Audience, Shown, audience_of_mail, may_show
from pipeline.ports import ComposedMail, Composer
from pipeline.reading import StoredFigure
from pipeline.store import Store

logger = logging.getLogger(__name__)

MOST_TEASERS = 8  # of an issue: a mail shows no more


class IllustratedComposer:
    """Implements `pipeline.ports.Composer` over another, which prints the issue with its papers' teaser figures.

    A figure is shown where its paper's licence lets this recipient see it; `owner` is the owner's address. What
    cannot be drawn is left out: a mail never waits for a picture.
    """

    def __init__(self, composer: Composer, store: Store, illustrator: Illustrator, owner: str) -> None:
        self._composer = composer
        self._store = store
        self._illustrator = illustrator
        self._owner = owner

    def compose(self, issue: Issue) -> ComposedMail:
        """The mail: same issue, same pictures."""
        return self._composer.compose(self.illustrate(issue))

    def illustrate(self, issue: Issue) -> Issue:
        """The issue with the teasers this recipient may see."""
        audience = audience_of_mail(issue.email, self._owner)
        ids = [item.paper_id for item in issue.items]
        with self._store.read() as work:
            licences = {paper.id: paper.licence for paper in work.papers.get(ids).values()}
            figures = work.figures.of(ids)
        left = MOST_TEASERS
        items: list[DigestItem] = []
        for item in issue.items:
            stored = _teaser(item, figures.get(item.paper_id, ()))
            licence = licences.get(item.paper_id, "")
            if left and stored is not None and may_show(licence, Shown.PICTURE, audience):
                teaser = self._draw(stored, licence)
                left -= teaser is not None
                items.append(replace(item, teaser=teaser))
            else:
                items.append(item)
        return replace(issue, items=tuple(items))

    def _draw(self, stored: StoredFigure, licence: str) -> Teaser | None:
        try:
            png = self._illustrator.figure(stored)
        except ReadError as error:
            logger.info("%s goes without its figure: %s", stored.key, error)
            return None
        figure = stored.figure
        is_private = not may_show(licence, Shown.PICTURE, Audience.PUBLIC)
        return Teaser(png, figure.label, figure.caption, figure.page, licence, is_private)


def _teaser(item: DigestItem, figures: Sequence[StoredFigure]) -> StoredFigure | None:
    current = [one for one in figures if one.key.version == item.version]
    index = teaser_index([one.figure for one in current])
    return None if index is None else current[index]
