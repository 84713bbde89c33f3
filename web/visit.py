"""One request with all that answering it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from pipeline.licence import Audience, Shown, may_show
from pipeline.paper import Paper
from web.audience import AudienceDep
from web.gallery import Gallery, GalleryDep
from web.pages import Pages, PagesDep
from web.site import Site, SiteDep


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks (`audience`) for what (`request`), and what there is to answer with."""

    request: Request
    site: Site
    gallery: Gallery
    pages: Pages
    audience: Audience

    def may_show(self, paper: Paper, what: Shown) -> bool:
        """Whether this visitor may see this much of a paper."""
        return may_show(paper.licence, what, self.audience)

    def is_private(self, paper: Paper, what: Shown) -> bool:
        """Whether they may see it only because they are the owner."""
        return self.may_show(paper, what) and not may_show(paper.licence, what, Audience.PUBLIC)

    def show(
        self,
        template: str,
        values: Mapping[str, Any],  # Any: whatever the template prints
        status: int = HTTPStatus.OK,
    ) -> HTMLResponse:
        """Renders a page."""
        return self.pages.show(self.request, template, values, status)


def visit_of(request: Request, site: SiteDep, gallery: GalleryDep, pages: PagesDep, audience: AudienceDep) -> Visit:
    """What a route is given: `visit: VisitDep`."""
    return Visit(request, site, gallery, pages, audience)


VisitDep = Annotated[Visit, Depends(visit_of)]
