"""`/healthz`: whether this process can serve, for a monitor; loads no model."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from pipeline.errors import StoreError
from web.site import SiteDep

logger = logging.getLogger(__name__)
router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
def health(site: SiteDep) -> JSONResponse:
    """200 while the database answers, else 503.

    A missing index (`generation` null) is no failure: before the first run there is none.
    """
    try:
        with site.store.read() as work:
            newest = work.days.newest_listing()
    except StoreError as error:
        logger.error("health check failed: %s", error)  # noqa: TRY400 - the database's own words are enough
        body = {"status": "failing", "database": False, "generation": site.generation(), "newest_day": None}
        return JSONResponse(body, HTTPStatus.SERVICE_UNAVAILABLE)
    day = newest.isoformat() if newest else None
    return JSONResponse({"status": "ok", "database": True, "generation": site.generation(), "newest_day": day})
